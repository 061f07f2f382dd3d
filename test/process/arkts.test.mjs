// Programs in ArkTS, compiled by OpenHarmony's TypeScript and run here: the tests of the HAR, the example, the programs of its
// README, and the guide's programs, unedited. What runs is the JavaScript that the compiler makes; the host is Node.js.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lint, transpile } from '../../tools/openharmony/arkts/compiler.mjs';
import { generatedFiles } from '../../tools/openharmony/har/sources.mjs';
import { exited, node } from './support.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(join(root, 'build'), { recursive: true });
// The programs are compiled inside the checkout, where they find 'arkffi' and 'liblibrary.so' as these tests do.
const folder = mkdtempSync(join(root, 'build/arkts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Compiles a file to a module in the folder, and returns its path. Modules that it imports must be there, too. */
function compiled(path, name = basename(path).replace(/\.ets$|\.ts$/, ''), to = folder) {
  const imports = (text) =>
    text
      .replace(/ from '\.{1,2}\/([^']*)'/g, (_, file) => ` from './${basename(file)}.mjs'`)
      .replace(" from '@ohos/hypium'", " from './hypium.mjs'");
  writeFileSync(join(to, `${name}.mjs`), imports(transpile(path)));
  return join(to, `${name}.mjs`);
}

function write(path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
}

/** The HAR's own sources, compiled as the HAR is, as one module. */
async function bundle() {
  for (const [path, text] of generatedFiles()) {
    if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
    write(`har/${path.replace(/\.ts$/, '.js')}`, transpile(write(`har/${path}`, text)));
    rmSync(join(folder, 'har', path));
  }
  const entry = write('har/Index.js', transpile(join(root, 'packages/ohos/Index.ets')));
  const options = { bundle: true, format: 'esm', external: ['liblibrary.so'], write: false, logLevel: 'warning' };
  return (await build({ entryPoints: [entry], ...options })).outputFiles[0].text;
}

let bundled;

/** Makes a folder in which programs find the HAR, and its native module is what the text of a module says. */
async function harWith(library, name) {
  write(`${name}/node_modules/arkffi/index.mjs`, await (bundled ??= bundle()));
  write(`${name}/node_modules/arkffi/package.json`, '{ "main": "index.mjs" }');
  write(`${name}/node_modules/liblibrary.so/index.js`, library);
  write(`${name}/package.json`, '{}'); // otherwise 'arkffi' would be the checkout around it
  return join(folder, name);
}

const nativeModule = process.env.ARKFFI_NATIVE_MODULE ?? join(root, 'dist/liblibrary.node');

async function printed(file) {
  return exited(await node([file]))
    .stdout.trimEnd()
    .split('\n');
}

describe("the guide's programs, compiled as ArkTS", () => {
  for (const [name, lines] of [
    ['guide-1', ['3628800']],
    ['guide-2', ['5', '[ 3, 7 ]']],
    ['guide-3', ['3 7']],
  ]) {
    test(`${name} prints what the guide says`, async () => {
      const copy = join(folder, `${name}.ets`);
      writeFileSync(copy, readFileSync(join(root, 'examples', `${name}.ts`)));
      assert.deepEqual((await printed(compiled(copy))).sort(), lines);
    });
  }
});

test('the tests of the HAR pass here, with its own sources', async () => {
  const own = await harWith(`module.exports = require(${JSON.stringify(nativeModule)});`, 'whole');
  // The framework of OpenHarmony, as far as they use it.
  writeFileSync(
    join(own, 'hypium.mjs'),
    `import assert from 'node:assert/strict';
const all = [];
export const describe = (name, tests) => tests();
export const it = (name, attributes, run) => all.push([name, run]);
export const expect = (value) => ({
  assertEqual: (other) => assert.equal(value, other),
  assertTrue: () => assert.equal(value, true),
  assertFalse: () => assert.equal(value, false),
});
export async function run() {
  for (const [name, test] of all) {
    await test(() => {});
    console.log(name);
  }
}
`,
  );
  const tests = join(root, 'packages/ohos/src/ohosTest/ets/test');
  for (const name of ['Strict.test', 'Inferred.test', 'List.test']) compiled(join(tests, `${name}.ets`), name, own);
  const main = join(own, 'tests.mjs');
  writeFileSync(
    main,
    "import testsuite from './List.test.mjs';\nimport { run } from './hypium.mjs';\ntestsuite();\nawait run();\n",
  );
  assert.equal((await printed(main)).length, 11);
});

test('the error in an app without the native module, or with another one of its name, says so', async () => {
  for (const [library, name, words] of [
    ['module.exports = undefined;', 'absent', 'liblibrary.so is not in this app'],
    ['module.exports = { add() {} };', 'other', 'liblibrary.so belongs to another package of this app'],
  ]) {
    const main = join(await harWith(library, name), 'main.mjs');
    writeFileSync(main, "await import('arkffi').catch(({ code, message }) => console.log(code, message));\n");
    const [line] = await printed(main);
    assert.ok(line.startsWith('ERR_FFI_NOT_SUPPORTED arkffi'), line);
    assert.ok(line.includes(words), line);
  }
});

test('the class of the example calls C', async () => {
  compiled(join(root, 'examples/openharmony/CLibrary.ets'));
  const main = join(folder, 'example.mjs');
  writeFileSync(
    main,
    `import { CLibrary } from './CLibrary.mjs';
const libc = new CLibrary();
const { quot, rem } = libc.div(17, 5);
console.log(libc.strlen('naïve'), quot, rem, libc.sort([3, 1, 2]).join());
console.log(await libc.usleep(1));
libc.close();
`,
  );
  assert.deepEqual(await printed(main), ['6 3 2 1,2,3', '0']);
});

describe('the programs of the README print what their comments say', () => {
  const texts = ['README.md', 'README.zh-CN.md'].map((name) => readFileSync(join(root, 'packages/ohos', name), 'utf8'));
  const blocksOf = (text) => [...text.matchAll(/^```ets\n([^]*?)^```$/gm)].map(([, code]) => code);
  const [english, chinese] = texts.map(blocksOf);

  test('the programs are the same in both languages', () => {
    const bare = (code) => code.replace(/\s*\/\/.*$/gm, '');
    assert.deepEqual(chinese.map(bare), english.map(bare));
  });

  english.forEach((code, i) => {
    const promises = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, promise]) => promise);
    if (promises.length === 0) return; // it needs a device
    test(`program ${i + 1}`, async () => {
      const path = join(folder, `readme-${i + 1}.ets`);
      writeFileSync(path, code);
      assert.deepEqual(await printed(compiled(path)), promises);
    });
  });
});

test('the linter is there, and finds what ArkTS forbids', () => {
  const path = join(folder, 'wrong.ets');
  writeFileSync(path, 'var a: any = { b: 1 };\nconst { b } = a;\nexport const c: number = "text";\n');
  const messages = lint([path]).join('\n');
  for (const rule of ['arkts-no-var', 'arkts-no-any-unknown', 'arkts-no-destruct-decls', 'TS2322']) {
    assert.ok(messages.includes(rule), `${rule} is not in:\n${messages}`);
  }
});
