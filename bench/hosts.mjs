// The runtimes, and the arguments with which each runs a script, given flags for V8. They are installed in
// bench/node_modules; where a major version of Node.js is missing there, the running Node.js is used if it has that
// version.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const installed = (path, folder = here) => join(folder, 'node_modules', path);

function nodeOf(major, folder) {
  const file = installed(`node${major}/bin/node`, folder);
  const isOwn = process.versions.node.startsWith(`${major}.`);
  return isOwn && !existsSync(file) ? process.execPath : file;
}

/** A major version of Node.js. The package.json of `folder` names it. */
export const node = (major, folder = here) => ({
  title: `Node ${major}`,
  folder,
  file: nodeOf(major, folder),
  argv: (v8Flags) => [...v8Flags, '--no-warnings'],
  isV8: true,
});

export const hosts = {
  node20: node(20),
  node22: node(22),
  node24: node(24),
  node26: node(26),
  bun: {
    title: 'Bun',
    folder: here,
    file: installed('@oven/bun-linux-x64/bin/bun'),
    argv: () => [],
    isV8: false,
  },
  deno: {
    title: 'Deno',
    folder: here,
    file: installed('@deno/linux-x64-glibc/deno'),
    argv: (v8Flags) => {
      const forV8 = v8Flags.length ? [`--v8-flags=${v8Flags.join()}`] : [];
      return ['run', '--quiet', '--no-lock', '--allow-all', ...forV8];
    },
    isV8: true,
  },
};

export const isInstalled = ({ file }) => existsSync(file);
