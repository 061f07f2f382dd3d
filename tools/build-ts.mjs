// Builds the TypeScript layer into dist/: the library as CommonJS, with a thin ES module around it, so that `import`
// and `require` give one instance. The native module comes to dist/ by CMake.

import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);

const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'ts'], {
  cwd: fileURLToPath(root),
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

const wrapper = `export * from './index.js';\nexport { ffi as default } from './index.js';\n`;
writeFileSync(new URL('dist/package.json', root), `${JSON.stringify({ type: 'commonjs' })}\n`);
writeFileSync(new URL('dist/index.mjs', root), wrapper);
writeFileSync(new URL('dist/index.d.mts', root), wrapper);

// The package that is named like the native module has its types beside it, wherever it is installed.
copyFileSync(new URL('dist/bridge.d.ts', root), new URL('packages/liblibrary.so/bridge.d.ts', root));
