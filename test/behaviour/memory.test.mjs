// readMemory, writeMemory, readCString and ptr.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CString, dlopen, JSCallback, ptr, stringArray, StringBuffer, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, kept, throws } from './support.mjs';

const { symbols } = dlopen(fixture, { buffer_static: { returns: 'p' }, buffer_count_up: { args: ['p', 'L'] } });
const address = symbols.buffer_static();

/** Whether `ptr` takes the value, whose length `writeMemory` cannot know. */
const hasAddress = (value) =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && 'ptr' in value;
/** Returns the address of a copy of the bytes, in memory that is kept alive until the end. */
const copies = [];
const addressOf = (bytes) => ffi.ptr(copies[copies.push(Buffer.from(bytes)) - 1]);

test('readMemory returns an ArrayBuffer of exactly the requested bytes', () =>
  check(() => {
    symbols.buffer_count_up(address, 256);
    for (const length of [1, 7, 255, 256]) {
      const copy = ffi.readMemory(address, length);
      assert.ok(copy instanceof ArrayBuffer);
      assert.equal(copy.byteLength, length);
      assert.deepEqual(
        [...new Uint8Array(copy)],
        Array.from({ length }, (_, i) => i),
      );
    }
    assert.equal(new Uint8Array(ffi.readMemory(address + 200, 1))[0], 200);
    assert.equal(new Uint8Array(ffi.readMemory(BigInt(address) + 200n, 1))[0], 200);
  }, 4));

test("readMemory returns a copy: neither side sees the other's later writes", () =>
  check(() => {
    symbols.buffer_count_up(address, 4);
    const copy = new Uint8Array(ffi.readMemory(address, 4));
    copy[0] = 99;
    ffi.writeMemory(address + 1, Uint8Array.of(77));
    assert.deepEqual([...copy], [99, 1, 2, 3]);
    assert.deepEqual([...new Uint8Array(ffi.readMemory(address, 4))], [0, 77, 2, 3]);
  }));

test('readMemory of length 0 returns an empty ArrayBuffer, also at NULL', () =>
  check(() => {
    for (const at of [address, 0, 0n]) assert.equal(ffi.readMemory(at, 0).byteLength, 0);
    assert.equal(ffi.readMemory(address, -0).byteLength, 0);
  }));

test('writeMemory of an empty buffer does nothing, also at NULL', () =>
  check(() => {
    for (const at of [address, 0, 0n]) assert.equal(ffi.writeMemory(at, new Uint8Array(0)), undefined);
  }));

test('writeMemory writes the bytes of its source and no others', () =>
  check(() => {
    symbols.buffer_count_up(address, 8);
    assert.equal(ffi.writeMemory(address + 2, Uint8Array.of(50, 51, 52, 53).subarray(1, 3)), undefined);
    assert.deepEqual([...new Uint8Array(ffi.readMemory(address, 8))], [0, 1, 51, 52, 4, 5, 6, 7]);
    ffi.writeMemory(address, Float64Array.of(-0.5));
    assert.equal(new Float64Array(ffi.readMemory(address, 8))[0], -0.5);
    ffi.writeMemory(address, new DataView(new ArrayBuffer(4)));
    assert.equal(new Uint32Array(ffi.readMemory(address, 4))[0], 0);
  }));

test('writeMemory may write into the buffer that it reads from', () =>
  check(() => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6);
    ffi.writeMemory(ffi.ptr(bytes) + 2, bytes.subarray(0, 4));
    assert.deepEqual([...bytes], [1, 2, 1, 2, 3, 4]);
    ffi.writeMemory(ffi.ptr(bytes), bytes.subarray(2));
    assert.deepEqual([...bytes], [1, 2, 3, 4, 3, 4]);
  }));

test('a megabyte is written and read back', () =>
  check(() => {
    const size = 1 << 20;
    const memory = kept(new Uint8Array(size));
    const source = Uint32Array.from({ length: size / 4 }, (_, i) => i * 2654435761);
    ffi.writeMemory(ffi.ptr(memory), source);
    assert.ok(Buffer.from(ffi.readMemory(ffi.ptr(memory), size)).equals(Buffer.from(source.buffer)));
  }, 100));

test('ptr includes byteOffset', () =>
  check(() => {
    const memory = new ArrayBuffer(64);
    const base = ffi.ptr(memory);
    assert.ok(Number.isSafeInteger(base) && base > 65535);
    assert.equal(ffi.ptr(new Uint8Array(memory, 3)), base + 3);
    assert.equal(ffi.ptr(new DataView(memory, 63)), base + 63);
    assert.equal(ffi.ptr(new Float64Array(memory, 8, 1)), base + 8);
    assert.equal(ffi.ptr(Buffer.from(memory, 5, 1)), base + 5);
  }));

test('ptr and writeMemory refuse values that are not buffers', () =>
  check(() => {
    const wrong = [
      undefined,
      null,
      true,
      0,
      65536,
      65536n,
      'text',
      Symbol('b'),
      {},
      [1, 2],
      () => {},
      { ptr: address },
      new String('x'),
      { byteLength: 8 },
      symbols.buffer_static,
    ];
    for (const value of wrong) {
      if (!hasAddress(value)) {
        throws(() => ffi.ptr(value), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^ptr: argument 1: expected .*buffer/,
        });
      }
      throws(() => ffi.writeMemory(address, value), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^writeMemory: argument 2: expected .*buffer/,
      });
    }
  }, 4));

test('a length that is not a non-negative integer is refused', () =>
  check(() => {
    for (const length of [
      -1,
      -0.5,
      1.5,
      NaN,
      Infinity,
      -Infinity,
      2 ** 53,
      2 ** 64,
      Number.MAX_VALUE,
      Number.MIN_VALUE,
    ]) {
      throws(() => ffi.readMemory(address, length), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^readMemory: argument 2: /,
      });
      throws(() => ffi.readCString(address, length), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^readCString: argument 2: /,
      });
      throws(() => ffi.readCString(0, length), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^readCString: argument 2: / });
    }
  }, 4));

test('a length that is not a number is refused', () =>
  check(() => {
    for (const length of [null, true, '8', 8n, Symbol('8'), {}, [8], () => 8, new Number(8), { valueOf: () => 8 }]) {
      const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 2: expected number, got / };
      throws(() => ffi.readMemory(address, length), wanted);
      throws(() => ffi.readCString(address, length), wanted);
    }
    throws(() => ffi.readMemory(address, undefined), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  }, 4));

test('a length beyond any memory is an error and does not end the process', () =>
  check(() => {
    for (const length of [2 ** 53 - 1, 2 ** 52, 2 ** 48]) {
      throws(() => ffi.readMemory(address, length), { code: 'ERR_FFI_NO_MEMORY', message: /readMemory/ });
      throws(() => ffi.readCString(address, length), {
        code: 'ERR_FFI_OUT_OF_RANGE',
        message: /^readCString: the text has \d+ units/,
      });
    }
  }, 200));

test('readCString reads up to the NUL', () => {
  const at = addressOf('aé€😀\0beyond\0');
  return check(() => {
    assert.equal(ffi.readCString(at), 'aé€😀');
    assert.equal(ffi.readCString(BigInt(at)), 'aé€😀');
    assert.equal(ffi.readCString(at, undefined), 'aé€😀');
    assert.equal(ffi.readCString(at + 11), 'beyond');
    assert.equal(ffi.readCString(at + 10), '');
  });
});

test('readCString with a length reads exactly that many bytes, NULs included', () => {
  const at = addressOf('abc\0def\0');
  return check(() => {
    assert.equal(ffi.readCString(at, 0), '');
    assert.equal(ffi.readCString(at, -0), '');
    assert.equal(ffi.readCString(at, 2), 'ab');
    assert.equal(ffi.readCString(at, 7), 'abc\0def');
    assert.equal(ffi.readCString(at + 4, 3), 'def');
  });
});

test('readCString gives U+FFFD for a character of which it reads only a part', () => {
  const bytes = Buffer.from('é€😀');
  const at = addressOf(bytes);
  return check(() => {
    for (let start = 0; start < bytes.length; start++) {
      for (let end = start; end <= bytes.length; end++) {
        assert.equal(
          ffi.readCString(at + start, end - start),
          bytes.toString('utf8', start, end),
          `${start} to ${end}`,
        );
      }
    }
  }, 4);
});

test('readCString reads a megabyte', () => {
  const text = 'é'.repeat(1 << 19);
  const at = addressOf(`${text}\0`);
  return check(() => {
    assert.ok(ffi.readCString(at) === text);
    assert.ok(ffi.readCString(at, 1 << 20) === text);
  }, 100);
});

test('readMemory works in a program that replaces ArrayBuffer', () => {
  const original = globalThis.ArrayBuffer;
  return check(() => {
    globalThis.ArrayBuffer = class {};
    try {
      assert.ok(ffi.readMemory(address, 4) instanceof original);
    } finally {
      globalThis.ArrayBuffer = original;
    }
  });
});

test('ptr, readMemory, writeMemory and readCString take whatever has an address', () =>
  check(() => {
    const Pair = Struct({ a: 'i', b: 'i' });
    const pair = Pair.create({ a: 1, b: 2 });
    const buffer = new StringBuffer(8);
    const list = stringArray(['one']);
    const text = new CString(addressOf('text\0'));
    const callback = new JSCallback(() => {}, {});
    const { buffer_static: symbol } = symbols;
    for (const value of [pair, pair.schema.arrayOf(2), buffer, list, text, callback, symbol, Pair.at(pair.ptr)]) {
      assert.equal(ffi.ptr(value), value.ptr);
      assert.equal(ptr(value, 4), value.ptr + 4);
    }
    assert.deepEqual([...new Int32Array(ffi.readMemory(pair, 8))], [1, 2]);
    ffi.writeMemory(pair, Int32Array.of(7));
    assert.equal(pair.a, 7);
    ffi.writeMemory(buffer, Buffer.from('abc'));
    assert.equal(ffi.readCString(buffer), 'abc');
    assert.equal(ffi.readCString(text, 2), 'te');
    assert.equal(ffi.readCString({ ptr: null }), '');
    callback.close();
    throws(() => ffi.ptr(callback), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    throws(() => ffi.readMemory({ ptr: 0 }, 1), { code: 'ERR_FFI_NULL_POINTER' });
    for (const value of [{}, { ptr: 'x' }, () => {}, { ptr: {} }]) {
      throws(() => ffi.ptr(value), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^ptr: argument 1: / });
      throws(() => ffi.readMemory(value, 1), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^readMemory: argument 1: /,
      });
    }
    const own = {
      get ptr() {
        throw new RangeError('mine');
      },
    };
    throws(() => ffi.ptr(own), RangeError);
    throws(() => ffi.readMemory(own, 1), RangeError);
  }));

test('ptr adds an offset, which stays inside a buffer', () =>
  check(() => {
    const bytes = new Uint8Array(8);
    assert.equal(ffi.ptr(bytes, 0), ffi.ptr(bytes));
    assert.equal(ffi.ptr(bytes, 8), ffi.ptr(bytes) + 8);
    assert.equal(ffi.ptr(bytes.subarray(2), 3), ffi.ptr(bytes) + 5);
    assert.equal(ffi.ptr(bytes, undefined), ffi.ptr(bytes));
    for (const offset of [9, -1, 0.5, NaN, 2 ** 60]) {
      throws(() => ffi.ptr(bytes, offset), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^ptr: argument 2: / });
    }
    throws(() => ffi.ptr(bytes, '1'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  }));
