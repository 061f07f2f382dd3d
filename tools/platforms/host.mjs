// JavaScript hosts for other platforms than the machine's own, from npm's packages.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietly } from './build.mjs';
import { folderOf, PLATFORMS } from './targets.mjs';

/** Fetches a package of npm, checked by its hash, into a folder, once. */
export function fetchPackage({ package: name, sha512 }, folder) {
  const stamp = join(folder, '.complete');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === name) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // `npm install` refuses a package for another platform.
  const file = execFileSync('npm', ['pack', '--silent', name], { cwd: folder, encoding: 'utf8' }).trim();
  const hash = createHash('sha512')
    .update(readFileSync(join(folder, file)))
    .digest('base64');
  if (hash !== sha512) throw new Error(`${name} has the SHA-512 ${hash}, and not ${sha512}`);
  execFileSync('tar', ['-xzf', file, '--strip-components=1', '--no-same-owner'], { cwd: folder });
  rmSync(join(folder, file));
  writeFileSync(stamp, name);
}

/**
 * The libraries of GCC for a program that is made for musl: Debian has only those for glibc. They work with musl if one small
 * library has what musl lacks. It is loaded as the one that they need of glibc's loader.
 */
export function gccLibrariesForMusl(folder) {
  mkdirSync(folder, { recursive: true });
  const OF_LOADER = 'ld-linux-x86-64.so.2';
  const OWN = 'libglibc-names.so';
  quietly('compile what musl lacks', 'musl-gcc', [
    ...['-O2', '-shared', '-fPIC', '-Wall', '-Wextra', '-idirafter', PLATFORMS.musl.kernelHeaders],
    ...['tools/platforms/glibc_names.c', '-o', join(folder, OWN)],
  ]);
  for (const name of ['libstdc++.so.6', 'libgcc_s.so.1']) {
    const found = execFileSync('gcc', [`-print-file-name=${name}`], { encoding: 'utf8' }).trim();
    const bytes = readFileSync(realpathSync(found));
    const at = bytes.indexOf(`\0${OF_LOADER}\0`);
    if (at >= 0) bytes.fill(0, at + 1, at + 1 + OF_LOADER.length).write(OWN, at + 1);
    writeFileSync(join(folder, name), bytes);
  }
}

/** The hosts of a platform: for each its name, if there are several, the command, and the variables that it needs. */
export function hostsFor(name) {
  const { script } = PLATFORMS[name];
  if (!script.hosts) return [{ title: '', ...hostFor(name, script, 'host') }];
  return Object.entries(script.hosts).map(([title, host]) => ({
    title,
    ...hostFor(name, host, `host-${title.split(' ').at(-1)}`),
  }));
}

function hostFor(name, host, within) {
  const { emulator } = PLATFORMS[name];
  if (!host.package) return { argv: [host.program], env: {} };
  const folder = join(folderOf(name), within);
  fetchPackage(host, folder);
  const program = join(folder, host.program);
  if (name === 'windows') return { argv: [...emulator, program], env: { ARKFFI_WINE_OUTPUT: 'file' } };
  if (name !== 'musl') return { argv: [...emulator, program], env: {} };
  gccLibrariesForMusl(join(folderOf(name), 'libraries'));
  return { argv: [program], env: { LD_LIBRARY_PATH: join(folderOf(name), 'libraries') } };
}
