// Programs in ArkTS, compiled by OpenHarmony's TypeScript and run here: the guide's programs, unedited, the tests of the HAR,
// the examples, and the programs of the README. What runs is the JavaScript that the compiler makes; the host is Node.js.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lint } from '../../tools/openharmony/arkts/compiler.mjs';
import { bundle, installHar, programsIn, writePrograms } from '../../tools/openharmony/har/programs.mjs';
import { exited, node } from './support.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
mkdirSync(join(root, 'build'), { recursive: true });
const folder = mkdtempSync(join(root, 'build/arkts-'));
after(() => rmSync(folder, { recursive: true, force: true }));

async function printed(file) {
  return exited(await node([file]))
    .stdout.trimEnd()
    .split('\n');
}

const programs = await writePrograms(folder, process.env.ARKFFI_NATIVE_MODULE ?? join(root, 'dist/liblibrary.node'));

describe("programs in ArkTS print what they should, with the HAR's own sources", () => {
  for (const { name, file, lines } of programs) {
    test(name, async () => assert.deepEqual((await printed(file)).sort(), [...lines].sort()));
  }
});

test('each line that a program of the README prints has a comment with what it prints', () => {
  for (const code of programsIn('packages/ohos/README.md')) {
    for (const [line] of code.matchAll(/^.*console\.log\(.*$/gm)) assert.match(line, /\); \/\/ ./);
  }
});

test('the README has the same headings, tables and lists in both languages', () => {
  const shapeOf = (name) =>
    readFileSync(join(root, 'packages/ohos', name), 'utf8')
      .replace(/^```[^]*?^```/gm, '')
      .split('\n')
      .map((line) => /^(#+|-|\|(?=.*\|$))(?= )/.exec(line)?.[0])
      .filter(Boolean);
  assert.deepEqual(shapeOf('README.zh-CN.md'), shapeOf('README.md'));
});

test('the programs of the README are the same in both languages', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((name) =>
    programsIn(`packages/ohos/${name}`).map((code) => code.replace(/\s*\/\/.*$/gm, '')),
  );
  assert.ok(english.length >= 8);
  assert.deepEqual(chinese, english);
});

test('the error in an app without the native module, or with another one of its name, says so', async () => {
  const har = await bundle(folder);
  for (const [library, name, words] of [
    ['module.exports = undefined;', 'absent', 'liblibrary.so is not in this app'],
    ['module.exports = { add() {} };', 'other', 'liblibrary.so belongs to another package of this app'],
    [
      "module.exports = { finishErrors() {}, version: '0.0.9' };",
      'older',
      'liblibrary.so belongs to arkffi 0.0.9, and',
    ],
  ]) {
    const own = join(folder, name);
    installHar(own, har, library);
    writeFileSync(
      join(own, 'main.mjs'),
      "await import('arkffi').catch(({ code, message }) => console.log(code, message));\n",
    );
    const [line] = await printed(join(own, 'main.mjs'));
    assert.ok(line.startsWith('ERR_FFI_NOT_SUPPORTED arkffi'), line);
    assert.ok(line.includes(words), line);
  }
});

test('the linter is there, and finds what ArkTS forbids', () => {
  const path = join(folder, 'wrong.ets');
  writeFileSync(path, 'var a: any = { b: 1 };\nconst { b } = a;\nexport const c: number = "text";\n');
  const messages = lint([path]).join('\n');
  for (const rule of ['arkts-no-var', 'arkts-no-any-unknown', 'arkts-no-destruct-decls', 'TS2322']) {
    assert.ok(messages.includes(rule), `${rule} is not in:\n${messages}`);
  }
});
