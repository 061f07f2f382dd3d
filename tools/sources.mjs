// Sources of the C libraries that are compiled with arkffi for other platforms than the machine's own: the archives of
// their releases, as Debian's source packages have them, each checked by its hash.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

// The hashes are those of the projects' own releases.
const SOURCES = {
  // Debian 12's version. That of Debian 13 is an archive without `configure`, which would need autoconf.
  libffi: {
    folder: 'libffi-3.4.4',
    path: 'pool/main/libf/libffi/libffi_3.4.4.orig.tar.gz',
    sha256: 'd66c56ad259a82cf2a9dfc408b32bf5da52371500b84745f7fb8b645712df676',
  },
  // For the core's tests.
  cmocka: {
    folder: 'cmocka-1.1.7',
    path: 'pool/main/c/cmocka/cmocka_1.1.7.orig.tar.xz',
    sha256: '810570eb0b8d64804331f82b29ff47c790ce9cd6b163e98d47a4807047ecad82',
  },
};

const isRight = (file, sha256) =>
  existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256;

/** Fetches an archive from the first of the machine's own Debian mirrors that has it. */
function fetchTo(file, { path, sha256 }) {
  const targets = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)'], { encoding: 'utf8' });
  const mirrors = new Set((targets.stdout ?? '').split('\n').filter((line) => /\/debian\/?$/.test(line)));
  for (const mirror of mirrors) {
    const from = `${mirror.replace(/\/?$/, '/')}${path}`;
    spawnSync('/usr/lib/apt/apt-helper', ['download-file', from, file, `SHA256:${sha256}`], { stdio: 'ignore' });
    if (isRight(file, sha256)) return;
  }
  throw new Error(
    `${path} could not be fetched from a mirror of Debian. Store it as ${file}; its SHA-256 must be ${sha256}`,
  );
}

/** Unpacks the sources of `name` below `folder`, once; returns the folder of these sources. */
export function unpackSources(name, folder) {
  const wanted = SOURCES[name];
  const source = join(folder, wanted.folder);
  const archive = join(folder, wanted.path.split('/').at(-1));
  mkdirSync(folder, { recursive: true });
  if (!isRight(archive, wanted.sha256)) {
    rmSync(archive, { force: true });
    rmSync(source, { recursive: true, force: true });
    fetchTo(archive, wanted);
  }
  if (!existsSync(source)) execFileSync('tar', ['-xf', archive, '-C', folder, '--no-same-owner']);
  return source;
}
