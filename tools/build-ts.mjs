// Builds the TypeScript layer into dist/: the library as one CommonJS file, because hosts take longer to find and load
// many, with a thin ES module around it, so that `import` and `require` give one instance; the types file by file. The
// native module comes to dist/ by CMake.

import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = new URL('../', import.meta.url);

const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'ts'], {
  cwd: fileURLToPath(root),
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ['ts/src/index.ts'],
  outfile: 'dist/index.cjs',
  bundle: true,
  format: 'cjs',
  platform: 'node', // names the exports as Node.js, Bun and Deno look for them
  tsconfig: 'ts/tsconfig.json',
  charset: 'utf8',
  logLevel: 'warning',
});

// Above an uncaught error Node.js prints the line that threw it, unless the line has this text. It should be a line of the
// program, so Node.js leaves out arkffi's own.
const bundle = new URL('dist/index.cjs', root);
const throwing = /^.*(\bthrow\b|Reflect\.apply\(slow,).*;$/gm;
writeFileSync(bundle, readFileSync(bundle, 'utf8').replace(throwing, '$& // node-do-not-add-exception-line'));

const wrapper = (path) => `export * from '${path}';\nexport { ffi as default } from '${path}';\n`;
writeFileSync(new URL('dist/index.mjs', root), wrapper('./index.cjs'));
writeFileSync(new URL('dist/index.d.mts', root), wrapper('./index.js'));
// The types of one file say where those of another are as if this were CommonJS.
writeFileSync(new URL('dist/package.json', root), `${JSON.stringify({ type: 'commonjs' })}\n`);

// The package that is named like the native module has its types beside it, wherever it is installed.
copyFileSync(new URL('dist/host/bridge.d.ts', root), new URL('packages/liblibrary.so/bridge.d.ts', root));
