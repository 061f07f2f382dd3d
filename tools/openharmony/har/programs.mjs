// Programs in ArkTS that need no device, compiled by OpenHarmony's TypeScript to JavaScript that any host can run, with the
// HAR's own sources and a native module: the guide's programs, unedited, the tests of the HAR, the example, and the programs
// of the README.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { transpile } from '../arkts/compiler.mjs';
import { generatedFiles } from './sources.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The framework of OpenHarmony for tests, as far as those of the HAR use it. */
const HYPIUM = `const all = [];
const equal = (value, other) => {
  if (!Object.is(value, other)) throw new Error(\`expected \${other}, got \${value}\`);
};
export const describe = (name, tests) => tests();
export const it = (name, attributes, run) => all.push([name, run]);
export const expect = (value) => ({
  assertEqual: (other) => equal(value, other),
  assertTrue: () => equal(value, true),
  assertFalse: () => equal(value, false),
});
export async function run() {
  for (const [name, test] of all) {
    await test(() => {});
    console.log(name);
  }
}
`;

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** Compiles the HAR's own sources, as they are in the HAR, to one module in the folder; returns its text. */
export async function bundle(folder) {
  const har = join(folder, 'har');
  for (const [path, text] of generatedFiles()) {
    if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
    const source = write(join(har, path), text);
    write(source.replace(/\.ts$/, '.js'), transpile(source));
    rmSync(source);
  }
  const entry = write(join(har, 'Index.js'), transpile(join(root, 'packages/ohos/Index.ets')));
  const options = { bundle: true, format: 'esm', external: ['liblibrary.so'], write: false, logLevel: 'warning' };
  const { outputFiles } = await build({ entryPoints: [entry], ...options });
  return outputFiles[0].text;
}

/** Makes a folder in which programs find the HAR; its native module is what the text of a CommonJS module exports. */
export function installHar(folder, har, library) {
  write(join(folder, 'node_modules/arkffi/index.mjs'), har);
  write(join(folder, 'node_modules/arkffi/package.json'), '{ "main": "index.mjs" }');
  write(join(folder, 'node_modules/liblibrary.so/index.js'), library);
  write(join(folder, 'package.json'), '{}'); // otherwise 'arkffi' would be the checkout around the folder
}

/** The programs of a document, in the order in which they stand there. */
export function programsIn(document) {
  const text = readFileSync(join(root, document), 'utf8');
  return [...text.matchAll(/^```ets\n([^]*?)^```$/gm)].map(([, code]) => code);
}

/**
 * Writes all programs into a folder. Returns each with its name, its file, and the lines that it must print, in any order.
 */
export async function writePrograms(folder, nativeModule) {
  installHar(folder, await bundle(folder), `module.exports = require(${JSON.stringify(nativeModule)});`);
  const fileOf = (name) => join(folder, `${name}.mjs`);
  const compile = (source, name) => {
    const text = transpile(source).replace(/ from '\.{1,2}\/([^']*)'/g, (_, path) => ` from './${basename(path)}.mjs'`);
    return write(fileOf(name), text.replace(" from '@ohos/hypium'", " from './hypium.mjs'"));
  };
  const compileText = (text, name) => compile(write(join(folder, 'sources', `${name}.ets`), text), name);

  const programs = [];
  for (const [name, lines] of [
    ['guide-1', ['3628800']],
    ['guide-2', ['5', '[ 3, 7 ]']],
    ['guide-3', ['3 7']],
  ]) {
    const file = compileText(readFileSync(join(root, 'examples', `${name}.ts`), 'utf8'), name);
    programs.push({ name: `the guide's program ${name}`, file, lines });
  }

  write(fileOf('hypium'), HYPIUM);
  const tests = join(root, 'packages/ohos/src/ohosTest/ets/test');
  for (const name of ['Strict.test', 'Inferred.test', 'List.test']) compile(join(tests, `${name}.ets`), name);
  const names = ['Strict', 'Inferred'].flatMap((name) =>
    [...readFileSync(join(tests, `${name}.test.ets`), 'utf8').matchAll(/^ {4}it\('(\w+)'/gm)].map(([, test]) => test),
  );
  const main = "import suite from './List.test.mjs';\nimport { run } from './hypium.mjs';\nsuite();\nawait run();\n";
  programs.push({ name: 'the tests of the HAR', file: write(fileOf('tests'), main), lines: names });

  compile(join(root, 'examples/openharmony/CLibrary.ets'), 'CLibrary');
  const example = `import { CLibrary } from './CLibrary.mjs';
const libc = new CLibrary();
const { quot, rem } = libc.div(17, 5);
console.log(libc.strlen('naïve'), quot, rem, libc.sort([3, 1, 2]).join());
console.log(await libc.usleep(1));
libc.close();
`;
  programs.push({ name: 'the example', file: write(fileOf('example'), example), lines: ['6 3 2 1,2,3', '0'] });

  programsIn('packages/ohos/README.md').forEach((code, i) => {
    const lines = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, promise]) => promise);
    if (lines.length === 0) return; // it needs threads of OpenHarmony
    programs.push({ name: `the README's program ${i + 1}`, file: compileText(code, `readme-${i + 1}`), lines });
  });
  return programs;
}
