// What few programs need is loaded when it is used.
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { isSanitized, output } from './support.mjs';

const dist = dirname(createRequire(import.meta.url).resolve('arkffi'));
const scratch = mkdtempSync(join(tmpdir(), 'arkffi-late-'));
after(() => rmSync(scratch, { recursive: true }));

let copies = 0;
/** A copy of arkffi's JavaScript. The native module is that of the tests. */
function copy() {
  const folder = join(scratch, `copy ${copies++}`);
  mkdirSync(join(folder, 'dist'), { recursive: true });
  const names = readdirSync(dist).filter((name) => /^(library|package\.json|.*\.[cm]js)$/.test(name));
  for (const name of names) cpSync(join(dist, name), join(folder, 'dist', name), { recursive: true });
  return folder;
}
const env = { ARKFFI_NATIVE_MODULE: process.env.ARKFFI_NATIVE_MODULE || join(dist, 'liblibrary.node') };
const FILE = "arkffi's file dist/library/structs.cjs";
const ADVICE = "a program that imports 'arkffi/preload' at its start reads no file of arkffi later";
const WORKS = '1,1,1,1,1 true\n';

const loaded = (program) => output('late', 'loadedBy', [program]).then((text) => JSON.parse(text));

test('importing arkffi loads no late file', async () => assert.deepEqual(await loaded('nothing'), []));

test('a function loads the file that it is in', async () => {
  assert.deepEqual(await loaded('struct'), ['structs.cjs']);
  assert.deepEqual(await loaded('declarations'), ['cdef.cjs']);
});

test('an error of a late file begins at the line of the program', async () => {
  assert.equal(await output('late', 'trace', []), 'program\n');
});

test('functions of late files have the names and the numbers of parameters that they have once loaded', async () => {
  assert.equal(
    await output('late', 'shapes', []),
    'cdef 3, enumType 1, parseDeclarations 1, pointerTo 1, readText 2\n',
  );
});

describe('a late file that cannot be loaded', () => {
  const wanted = `Error ERR_FFI_NOT_SUPPORTED ${FILE} cannot be loaded: Cannot find module './library/structs.cjs'; ${ADVICE}
caused by MODULE_NOT_FOUND
at program
again
`;

  test('is an error with the reason of the host, and the next attempt tries again', async () => {
    assert.equal(await output('late', 'missing', [copy()], { env }), wanted);
  });

  test('is the same error in a worker', async () => {
    assert.equal(await output('late', 'inWorker', [copy()], { env }), wanted);
  });

  test('is not what is said where the stack ends', async () => {
    for (const name of ['calls', 'cdef', 'structs', 'text']) {
      assert.equal(await output('late', 'nearTheEnd', [name]), `RangeError\n${WORKS}`, name);
    }
  });

  test('of another build says that the files have been replaced', async () => {
    const fault = "is of another build: arkffi's files have been replaced while this program runs";
    assert.equal(
      await output('late', 'otherBuild', [copy()], { env }),
      `Error ERR_FFI_NOT_SUPPORTED ${FILE} ${fault}; ${ADVICE}\ncaused by undefined\nat program\n`,
    );
  });
});

describe('a program that gives up what the late files need', () => {
  test('works with the permissions of Node.js', async () => {
    const isNew = process.allowedNodeEnvironmentFlags.has('--permission');
    const flags = [isNew ? '--permission' : '--experimental-permission', '--allow-fs-read=*', '--allow-addons'];
    const loaded = JSON.parse(await output('late', 'loadedBy', ['nothing'], { flags }));
    assert.deepEqual(loaded, readdirSync(join(dist, 'library')).sort());
    assert.equal(await output('late', 'dropped', [], { flags }), WORKS);
  });

  test('works without its folder after an import of arkffi/preload', async () => {
    for (const entry of ['preload.cjs', 'preload.mjs']) {
      assert.equal(await output('late', 'moved', [copy(), entry], { env }), WORKS, entry);
    }
  });

  const skip =
    (process.getuid() !== 0 && 'only root may become another user') ||
    (isSanitized && 'as another user a sanitizer cannot open its log');
  test('works as another user after an import of arkffi/preload', { skip }, async () => {
    const folder = copy();
    chmodSync(folder, 0o700);
    assert.equal(await output('late', 'otherUser', [folder, 'preload.cjs'], { env }), WORKS);
    const refused = await output('late', 'otherUser', [folder, 'index.cjs'], { env });
    assert.match(refused, /^Error ERR_FFI_NOT_SUPPORTED arkffi's file dist\/library\/calls\.cjs cannot be loaded: /);
  });
});
