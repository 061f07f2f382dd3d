// The runtimes, and the arguments with which each runs a script, given flags for V8. They are installed in
// bench/node_modules; where a major version of Node.js is missing there, the running Node.js is used if it has that
// version.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const installed = (path) => fileURLToPath(new URL(`node_modules/${path}`, import.meta.url));

function nodeOf(major) {
  const file = installed(`node${major}/bin/node`);
  const isOwn = process.versions.node.startsWith(`${major}.`);
  return isOwn && !existsSync(file) ? process.execPath : file;
}

const node = (major) => ({
  title: `Node ${major}`,
  file: nodeOf(major),
  argv: (v8Flags) => [...v8Flags, '--no-warnings'],
  isV8: true,
});

export const hosts = {
  node20: node(20),
  node22: node(22),
  node24: node(24),
  node26: node(26),
  bun: { title: 'Bun', file: installed('@oven/bun-linux-x64/bin/bun'), argv: () => [], isV8: false },
  deno: {
    title: 'Deno',
    file: installed('@deno/linux-x64-glibc/deno'),
    argv: (v8Flags) => {
      const forV8 = v8Flags.length ? [`--v8-flags=${v8Flags.join()}`] : [];
      return ['run', '--quiet', '--no-lock', '--allow-all', ...forV8];
    },
    isV8: true,
  },
};

export const isInstalled = ({ file }) => existsSync(file);
