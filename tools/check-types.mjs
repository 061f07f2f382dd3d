// Type-checks the library and test/types with the oldest compiler that must work, under OpenHarmony's settings, and
// with the current one.

import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const sources = (folder) =>
  readdirSync(`${root}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });

// `using` came to TypeScript in 5.2.
const oldest = [...sources('ts/src'), ...sources('test/types').filter((file) => !file.endsWith('/using.ts'))];
const openHarmony = '--target es2017 --lib es2020 --moduleResolution node --strict --noEmit'.split(' ');

const runs = [
  ['typescript-4.9', [...openHarmony, ...oldest]],
  ['typescript', ['-p', 'ts', '--noEmit']],
  ['typescript', ['-p', 'test/types']],
];
for (const [compiler, args] of runs) {
  const { status } = spawnSync(process.execPath, [`node_modules/${compiler}/bin/tsc`, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${compiler} ${args.slice(0, 3).join(' ')}`);
  if (status !== 0) process.exitCode = 1;
}
