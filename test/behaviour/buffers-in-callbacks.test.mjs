// A callback ends the memory that the C function which called it works on. Has a file of its own, because C writing to
// freed memory would crash the process.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Arena, dlopen, JSCallback, stringArray, StringBuffer, Struct } from 'arkffi';
import { cannotResize, collectGarbage, copiesInFlight } from './hosts.mjs';
import { assertError, check, fixture } from './support.mjs';

const size = 1 << 20;
const own = dlopen(fixture, {
  buffer_fill_after: { args: ['pointer', 'pointer', 'size_t', 'u8'], returns: 'u64' },
  buffer_keep: { args: ['pointer'] },
  buffer_fill_after_kept: { args: ['pointer', 'size_t', 'u8'], returns: 'u64' },
});
const declared = dlopen(fixture, {
  buffer_fill_after: { args: ['callback', 'pointer', 'size_t', 'u8'], returns: 'u64' },
});
const plain = dlopen(fixture, {
  buffer_fill_after: { args: [{}, 'pointer', 'size_t', 'u8'], returns: 'u64' },
});
after(() => [own, declared, plain].forEach((lib) => lib.close()));

const Big = Struct({ bytes: ['u8', size] });
const transfer = (buffer) => structuredClone(buffer, { transfer: [buffer] });

/** What C may be given: each gives a value, and a function that ends its memory. */
const memories = {
  'a typed array': () => {
    const bytes = new Uint8Array(size);
    return [bytes, () => transfer(bytes.buffer)];
  },
  'an ArrayBuffer': () => {
    const buffer = new ArrayBuffer(size);
    return [buffer, () => transfer(buffer)];
  },
  'a DataView': () => {
    const view = new DataView(new ArrayBuffer(size + 8), 8);
    return [view, () => transfer(view.buffer)];
  },
  'a struct': () => {
    const value = Big.create();
    return [value, () => transfer(value.buffer)];
  },
  'the array of a struct': () => {
    const { bytes } = Big.create();
    return [bytes, () => transfer(bytes.buffer)];
  },
  'an array of structs': () => {
    const array = Big.arrayOf(1);
    return [array, () => transfer(array.buffer)];
  },
  'a buffer of an arena': () => {
    const arena = new Arena();
    return [arena.buffer(size), () => arena.close(), true];
  },
  'a struct of an arena': () => {
    const arena = new Arena();
    return [arena.struct(Big), () => arena.close(), true];
  },
};

/** How C gets the callback. */
const routes = {
  'passed as a pointer': (callback, bytes) => own.symbols.buffer_fill_after(callback, bytes, size, 7),
  'passed as a callback': (callback, bytes) => declared.symbols.buffer_fill_after(callback, bytes, size, 7),
  'kept by an earlier call': (callback, bytes) => {
    own.symbols.buffer_keep(callback);
    return own.symbols.buffer_fill_after_kept(bytes, size, 7);
  },
  'in a call with options': (callback, bytes) =>
    own.symbols.buffer_fill_after.with({ errno: true })(callback, bytes, size, 7).value,
};

/** Where no alias keeps the memory, C is left as soon as the memory has gone. */
function assertSafe(call, keeps) {
  try {
    assert.equal(call(), 7 * size);
    assert.ok(!copiesInFlight || keeps, 'C went on with memory that has gone');
  } catch (error) {
    if (!copiesInFlight) throw error;
    assertError(error, { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument \d: a callback has detached or moved/ });
  }
}

for (const [what, make] of Object.entries(memories)) {
  describe(`a callback that ends the memory of ${what}`, () => {
    for (const [how, call] of Object.entries(routes)) {
      test(`is safe if it is ${how}`, () =>
        check(() => {
          let end;
          const callback = new JSCallback(() => {
            end();
            collectGarbage();
            for (let i = 0; i < 4; i++) new ArrayBuffer(size);
          }, {});
          try {
            const [value, ending, keeps] = make();
            end = ending;
            assertSafe(() => call(callback, value), keeps);
          } finally {
            callback.close();
          }
        }, 1000));
    }

    test('is safe if it is a plain function', () =>
      check(() => {
        const [value, end, keeps] = make();
        const ending = () => {
          end();
          collectGarbage();
        };
        assertSafe(() => plain.symbols.buffer_fill_after(ending, value, size, 7), keeps);
      }, 1000));
  });
}

test('a callback of an inner call that ends the memory of the outer one is safe', () =>
  check(() => {
    const bytes = new Uint8Array(size);
    const inner = new JSCallback(() => {
      transfer(bytes.buffer);
      collectGarbage();
    }, {});
    const outer = new JSCallback(() => {
      const other = new Uint8Array(8);
      assert.equal(own.symbols.buffer_fill_after(inner, other, 8, 1), 8);
      assert.equal(other[7], 1);
    }, {});
    try {
      assertSafe(() => own.symbols.buffer_fill_after(outer, bytes, size, 7));
    } finally {
      inner.close();
      outer.close();
    }
  }, 1000));

test('what a callback throws is thrown, also if it has ended the memory', () =>
  check(() => {
    const bytes = new Uint8Array(size);
    const callback = new JSCallback(() => {
      transfer(bytes.buffer);
      throw new RangeError('mine');
    }, {});
    try {
      assert.throws(() => own.symbols.buffer_fill_after(callback, bytes, size, 7), { message: 'mine' });
    } finally {
      callback.close();
    }
  }, 1000));

test('no callback runs while C works on a resizable buffer', { skip: cannotResize }, () =>
  check(() => {
    const buffer = new ArrayBuffer(size, { maxByteLength: size });
    let runs = 0;
    const callback = new JSCallback(() => {
      runs++;
      buffer.resize(0);
    }, {});
    const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 2: the buffer is resizable/ };
    try {
      for (const value of [buffer, new Uint8Array(buffer)]) {
        let thrown;
        try {
          own.symbols.buffer_fill_after(callback, value, size, 7);
        } catch (error) {
          thrown = error;
        }
        assertError(thrown, wanted);
      }
      assert.equal(runs, 0);
    } finally {
      callback.close();
    }
  }, 20),
);

test('C sees and writes the buffer itself while a callback is open', () =>
  check(() => {
    const bytes = new Uint8Array(16);
    let seen;
    const callback = new JSCallback(() => {
      seen = bytes.buffer.byteLength;
      bytes[3] = 200;
    }, {});
    try {
      assert.equal(own.symbols.buffer_fill_after(callback, bytes.subarray(4), 12, 2), 24);
      assert.deepEqual([seen, bytes[3], bytes[4], bytes[15]], [16, 200, 2, 2]);
      const text = new StringBuffer(8);
      assert.equal(own.symbols.buffer_fill_after(callback, text, 7, 65), 455);
      assert.equal(text.toString(), 'AAAAAAA');
      assert.equal(own.symbols.buffer_fill_after(callback, stringArray(['text']), 0, 0), 0);
    } finally {
      callback.close();
    }
  }, 4));

test('a struct that a later argument ends is refused, and C is not called', () =>
  check(() => {
    const arena = new Arena();
    let runs = 0;
    const callback = new JSCallback(() => runs++, {});
    const hostile = {
      get ptr() {
        arena.close();
        collectGarbage();
        return 65536;
      },
    };
    let thrown;
    try {
      own.symbols.buffer_fill_after.with({})(arena.struct(Big), hostile, size, 7);
    } catch (error) {
      thrown = error;
    }
    callback.close();
    assertError(thrown, { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /argument 1: the buffer is detached/ });
    assert.equal(runs, 0);
  }, 100));
