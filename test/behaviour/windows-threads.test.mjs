// Threads of Windows that call JavaScript, and libraries that are closed while threads run in them.
import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import { isWindows } from './hosts.mjs';
import { Gate, ownFixture } from './lifetimes.mjs';
import { check, throws } from './support.mjs';

const skip = !isWindows && 'it is about Windows';

describe('threads on Windows', { skip }, () => {
  if (skip) return;
  const kernel = dlopen('kernel32.dll', {
    CreateThread: { args: ['p', 'L', 'callback', 'p', 'I', 'p'], returns: 'p' },
    WaitForSingleObject: { args: ['p', 'I'], returns: 'I' },
    GetExitCodeThread: { args: ['p', 'buffer'], returns: 'i' },
    CloseHandle: { args: ['p'], returns: 'i' },
    EnumSystemCodePagesW: { args: [{ args: ['wstring'], returns: 'i' }, 'I'], returns: 'i' },
  }).symbols;
  const INFINITE = 0xffffffff;

  test('a thread that CreateThread has started calls a callback, and gets its result', () =>
    check(async () => {
      const got = [];
      const callback = new JSCallback((given) => (got.push(given), 77), {
        args: ['p'],
        returns: 'I',
        threadsafe: true,
      });
      const threads = Array.from({ length: 4 }, (_, i) => kernel.CreateThread(null, 0, callback, 70_000 + i, 0, null));
      for (const thread of threads) {
        assert.equal(await kernel.WaitForSingleObject.async(thread, INFINITE), 0);
        const code = new Uint32Array(1);
        kernel.GetExitCodeThread(thread, code);
        assert.equal(code[0], 77);
        kernel.CloseHandle(thread);
      }
      callback.close();
      assert.deepEqual(got.sort(), [70_000, 70_001, 70_002, 70_003]);
    }, 40));

  test('a function of Windows calls a plain function', () =>
    check(() => {
      const pages = [];
      kernel.EnumSystemCodePagesW((text) => (pages.push(text), 1), 1);
      assert.ok(pages.includes('1252'), pages.join());
      const error = new Error('thrown by the callback');
      throws(
        () =>
          kernel.EnumSystemCodePagesW(() => {
            throw error;
          }, 1),
        error,
      );
    }, 40));

  test('a library that is closed while threads run in it stays until the last call has ended', async () => {
    const path = ownFixture();
    const gate = new Gate();
    const lib = dlopen(path, { gate_pass: { args: ['p'] } });
    const { gate_pass: pass } = lib.symbols;
    const pending = Array.from({ length: 3 }, () => pass.async(gate));
    gate.await(3);
    lib.close();
    throws(() => pass(gate), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    throws(() => unlinkSync(path), Error); // Windows keeps the file of a library that is mapped
    gate.open();
    await Promise.all(pending);
    unlinkSync(path);
  });
});
