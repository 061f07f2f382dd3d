// Checked mode: a bad address is an error and does not end the process.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { alloc, CString, dlopen, free, read, readStringArray, Struct, toArrayBuffer, write } from 'arkffi';
import ffi from 'liblibrary.so';
import { isWindows } from './hosts.mjs';
import { mapPages, PAGE } from './pages.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const { pages, unmap } = mapPages();
const end = pages + 2 * PAGE;
// At the first address Windows has memory of its own.
const wild = [...(isWindows ? [] : [0x10000]), 0x123456789, 2 ** 47 - PAGE, 2n ** 63n, 2n ** 64n - 8n];

const { symbols } = dlopen(fixture, {
  echo_string: { args: ['p'], returns: 's' },
  echo_string16: { args: ['p'], returns: 'S' },
  echo_wstring: { args: ['p'], returns: 'w' },
});

ffi.checked = true;
after(() => {
  unmap();
  ffi.checked = false;
});

const bad = (run, place) =>
  throws(run, { code: 'ERR_FFI_BAD_ADDRESS', message: new RegExp(`^${place}: what is at 0x`) });

test('checked is a property that accepts only booleans', () =>
  check(() => {
    assert.equal(ffi.checked, true);
    for (const value of [1, 'true', null, undefined, {}]) {
      throws(() => (ffi.checked = value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: 'checked: expected a boolean' });
    }
    assert.equal(ffi.checked, true);
    ffi.checked = false;
    assert.equal(ffi.checked, false);
    ffi.checked = true;
  }));

describe('in checked mode', () => {
  test('valid addresses work as in unchecked mode', () =>
    check(() => {
      const address = alloc(3 * PAGE);
      const bytes = Uint8Array.from({ length: 3 * PAGE }, (_, i) => i % 251);
      ffi.writeMemory(address, bytes);
      assert.deepEqual(new Uint8Array(ffi.readMemory(address, 3 * PAGE)), bytes);
      write.f64(address, 5, 0.1);
      assert.equal(read.f64(address, 5), 0.1);
      assert.equal(toArrayBuffer(address, 3 * PAGE).byteLength, 3 * PAGE);
      for (const length of [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE]) {
        ffi.writeMemory(address, Buffer.from('x'.repeat(length) + '\0'));
        assert.equal(ffi.readCString(address), 'x'.repeat(length));
        assert.equal(symbols.echo_string(address).length, length);
      }
      free(address);
    }, 20));

  test('reading at an unmapped address fails', () =>
    check(() => {
      for (const address of wild) {
        bad(() => ffi.readMemory(address, 8), 'readMemory');
        bad(() => ffi.readCString(address), 'readCString');
        bad(() => ffi.readCString(address, 3), 'readCString');
        bad(() => read.f64(address), 'read.f64');
        bad(() => new CString(address), 'CString');
        bad(() => Struct({ x: 'i' }).fromPtr(address), 'Struct.fromPtr');
        bad(() => toArrayBuffer(address, 8), 'toArrayBuffer');
        bad(() => readStringArray(address), '\\w+');
      }
    }, 20));

  test('a read that crosses into inaccessible memory fails', () =>
    check(() => {
      bad(() => ffi.readMemory(end - 8, 9), 'readMemory');
      assert.equal(ffi.readMemory(end - 8, 8).byteLength, 8);
      bad(() => read.i64(end - 7), 'read.i64');
      bad(() => toArrayBuffer(pages, 2 * PAGE + 1), 'toArrayBuffer');
    }, 20));

  test('a string of any width without NUL before the end of its memory fails', () =>
    check(async () => {
      for (const distance of [1, 2, 3, 4, 5, PAGE, PAGE + 1]) {
        bad(() => ffi.readCString(end - distance), 'readCString');
        bad(() => symbols.echo_string(end - distance), 'echo_string');
        bad(() => symbols.echo_string16(end - distance), 'echo_string16');
        bad(() => symbols.echo_wstring(end - distance), 'echo_wstring');
      }
      const wanted = { code: 'ERR_FFI_BAD_ADDRESS', message: /^echo_string: what is at/ };
      await rejects(() => symbols.echo_string.async(end - 5), wanted);
      await rejects(() => symbols.echo_string.async(0x123456789), wanted);
      assert.equal(ffi.readCString(end - 5, 5), 'aaaaa');
    }, 20));

  test('a string whose NUL is the last accessible byte is read', () =>
    check(() => {
      ffi.writeMemory(pages + PAGE - 4, new Uint8Array(4));
      assert.equal(ffi.readCString(pages + PAGE - 7), 'aaa');
      assert.equal(symbols.echo_string16(pages + PAGE - 8).length, 2);
      assert.equal(symbols.echo_string16(pages + PAGE - 7).length, 2);
      ffi.writeMemory(pages + PAGE - 4, new Uint8Array(4).fill(0x61));
    }, 20));

  test('a write to memory that is not writable fails and writes nothing', () =>
    check(() => {
      for (const address of wild) {
        bad(() => ffi.writeMemory(address, new Uint8Array(4)), 'writeMemory');
        bad(() => write.i32(address, 1), 'write.i32');
      }
      bad(() => write.i32(pages + PAGE, 1), 'write.i32');
      assert.equal(read.u8(pages + PAGE), 0x61);
      write.i32(pages + PAGE - 4, 0x61616161);
    }, 20));

  test('NULL and invalid addresses behave as in unchecked mode', () =>
    check(() => {
      assert.equal(ffi.readCString(0), '');
      assert.equal(symbols.echo_string(null), null);
      throws(() => read.i32(1), { code: 'ERR_FFI_NULL_POINTER' });
      assert.equal(ffi.readMemory(0x123456789, 0).byteLength, 0);
    }, 20));
});
