// Compiles the guide's programs as users do, and checks that they print what their comments say.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, node } from './support.mjs';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const build = fileURLToPath(new URL('../../build/', import.meta.url));
mkdirSync(build, { recursive: true });
// The programs are compiled inside the checkout, where they find 'arkffi' and 'liblibrary.so' as these tests do.
const out = mkdtempSync(join(build, 'guide-'));
after(() => rmSync(out, { recursive: true, force: true }));

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const compiled = node([join(typescript, 'bin/tsc'), '-p', examples, '--outDir', out]);

async function printed(name) {
  exited(await compiled);
  return exited(await node([join(out, `${name}.js`)])).stdout;
}

test("the guide's programs compile", async () => assert.equal(exited(await compiled).stdout, ''));

test("the guide's first program calls by handle", async () => assert.equal(await printed('guide-1'), '3628800\n'));

test("the guide's second program calls by address, and closes everything while the calls run", async () => {
  const lines = (await printed('guide-2')).trimEnd().split('\n');
  assert.deepEqual(lines.sort(), ['5', '[ 3, 7 ]'], 'in any order, because the calls run concurrently');
});

test("the guide's third program waits for two calls", async () => assert.equal(await printed('guide-3'), '3 7\n'));

test('the programs have the lines that the guide shows', () => {
  for (const [name, line] of [
    ['guide-1', "ffi.callAsync(handle, 'factorial', 'i', 'l', [10], []).then((r: number) => {"],
    ['guide-2', 'asyncAdd(2.0, 3.0).then((r: number) => { console.log(r); }); // 5.0'],
    ['guide-3', "const p2 = ffi.callAsync(handle, 'add', 'dd', 'd', [3.0, 4.0], []);"],
  ]) {
    assert.ok(
      readFileSync(join(examples, `${name}.ts`), 'utf8')
        .split('\n')
        .includes(line),
      name,
    );
  }
});
