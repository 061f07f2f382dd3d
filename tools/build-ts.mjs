// Builds the TypeScript layer into dist/: the library as a CommonJS file and a few that come late, because hosts take longer
// to find and load many, with thin entry points around it, so that `import` and `require` give one instance; the types file
// by file. The native module of this machine comes to dist/ by CMake, and those of other machines to prebuilds/.

import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { writeDeclarations } from './declarations.mjs';
import { bundles } from './library.mjs';
import { PLATFORMS, prebuildOf } from './package/platforms.mjs';

const root = new URL('../', import.meta.url);
const write = (path, text) => writeFileSync(new URL(path, root), text);

const status = writeDeclarations('dist');
if (status !== 0) process.exit(status);

const { names, core, late } = await bundles();
rmSync(new URL('dist/library', root), { recursive: true, force: true });
mkdirSync(new URL('dist/library', root), { recursive: true });
write('dist/library.cjs', core);
for (const [file, text] of Object.entries(late)) write(`dist/library/${file}.cjs`, text);

/**
 * Writes an entry point for some platforms into a folder below dist/. The names that the library exports are written out,
 * because neither bundlers nor `import` run the code to learn them. `load.cjs` has what depends on the platform: a literal
 * `require` for each native module, which bundlers see.
 */
function writeEntry(folder, platforms) {
  const up = folder.split('/').fill('..').join('/');
  const rows = platforms.map((platform) => `  '${platform}': () => require('${up}/${prebuildOf(platform)}'),\n`);
  const dist = up.replace(/^\.\.\/?/, '') || '.';
  // `module.exports = require(…)` would make `import` search the whole library for the names of its exports.
  mkdirSync(new URL(folder, root), { recursive: true });
  write(
    `${folder}/load.cjs`,
    `const prebuilt = {\n${rows.join('')}};\nconst library = require('${dist}/library.cjs');\nmodule.exports = library(prebuilt);\n`,
  );
  write(`${folder}/index.cjs`, commonJs('const { all } = library;'));
  // Programs that import the default export find all other exports in it, too; a loop over it shows only the raw bridge.
  const constants = names.map((name) => `export const ${name} = all.${name};\n`);
  write(
    `${folder}/index.mjs`,
    `import { default as load } from './load.cjs';
const { all } = load;
${constants.join('')}export default ffi;
for (const name of Object.keys(all)) {
  if (name === 'default' || name in ffi) continue;
  Object.defineProperty(ffi, name, { value: all[name], configurable: true });
}
`,
  );
  if (dist === '.') return;
  const types = (suffix) =>
    `export * from '${dist}/index${suffix}';\nexport { default } from '${dist}/index${suffix}';\n`;
  write(`${folder}/index.d.ts`, types('.js'));
  write(`${folder}/index.d.mts`, types('.mjs'));
}

/** An entry point in CommonJS. `begin` takes `all` from `library`. */
function commonJs(begin) {
  const exported = ['default', ...names].map((name) => `exports.${name} = all.${name};\n`);
  return `Object.defineProperty(exports, '__esModule', { value: true });
const library = require('./load.cjs');
${begin}
${exported.join('')}`;
}

/** Writes the entry point that loads all files at once. It exports what the main one does, and has its types. */
function writePreload() {
  write('dist/preload.cjs', commonJs('const { all } = library;\nlibrary.loadAll();'));
  write(
    'dist/preload.mjs',
    `import { default as load } from './load.cjs';
export * from './index.mjs';
export { default } from './index.mjs';
load.loadAll();
`,
  );
}

rmSync(new URL('dist/platforms', root), { recursive: true, force: true });
writeEntry('dist', PLATFORMS);
writePreload();
for (const platform of PLATFORMS) writeEntry(`dist/platforms/${platform}`, [platform]);

// The package that is named like the native module has its types beside it, wherever it is installed.
copyFileSync(new URL('dist/host/bridge.d.ts', root), new URL('packages/liblibrary.so/bridge.d.ts', root));
