// f.batch([xs, ys], out): one crossing, a call for each row of typed arrays.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, JSCallback, Struct, dlopen, out } from 'arkffi';
import { check, fixture, throws } from './support.mjs';

/** Each type that has columns: its array, values at its limits, and a scalar with what it becomes. */
const samples = {
  bool: ['b', Uint8Array, [0, 1, 1], true, 1],
  i8: ['c', Int8Array, [-128, 0, 127], -5, -5],
  u8: ['C', Uint8Array, [0, 1, 255], 200, 200],
  i16: ['h', Int16Array, [-32768, 1, 32767], -300, -300],
  u16: ['H', Uint16Array, [0, 1, 65535], 40000, 40000],
  i32: ['i', Int32Array, [-(2 ** 31), 0, 2 ** 31 - 1], -70000, -70000],
  u32: ['I', Uint32Array, [0, 1, 2 ** 32 - 1], 2 ** 31, 2 ** 31],
  i64: ['l', BigInt64Array, [-(2n ** 63n), 0n, 2n ** 63n - 1n], -5, -5n],
  u64: ['L', BigUint64Array, [0n, 1n, 2n ** 64n - 1n], 2n ** 63n, 2n ** 63n],
  bigi64: ['q', BigInt64Array, [-(2n ** 63n), 0n, 2n ** 63n - 1n], 5n, 5n],
  bigu64: ['Q', BigUint64Array, [0n, 1n, 2n ** 64n - 1n], 5, 5n],
  f32: ['f', Float32Array, [-1.5, 0.25, Infinity], 0.1, Math.fround(0.1)],
  f64: ['d', Float64Array, [-0, 0.1, NaN], 5e-324, 5e-324],
  pointer: ['p', BigUint64Array, [0n, 65536n, 2n ** 48n], null, 0n],
};
const definitions = Object.fromEntries(
  Object.entries(samples).flatMap(([name, [type]]) => [
    [`echo_${name}`, { args: [type], returns: type }],
    [`second_${name}`, { args: [type, type, type], returns: type }],
  ]),
);
const all = {
  ...definitions,
  echo_string: { args: ['s'], returns: 's' },
  echo_callback: { args: ['k'] },
  batch_add: { args: ['d', 'd'], returns: 'd' },
  batch_mixed: { args: ['c', 'd', 'H', 'f', 'l', 'b'], returns: 'd' },
  batch_count: { returns: 'i' },
  batch_set_count: { args: ['i'] },
  call_store: { args: ['k'] },
  call_stored: { args: ['i'], returns: 'i' },
};
const lib = dlopen(fixture, all).symbols;
const { batch_add: add, call_stored: stored } = lib;
const addAt = CFunction({ args: ['d', 'd'], returns: 'd', ptr: add, name: 'batch_add' });

const type = (message) => ({ code: 'ERR_FFI_INVALID_ARG_TYPE', message });
const range = (message) => ({ code: 'ERR_FFI_OUT_OF_RANGE', message });
const signature = (message) => ({ code: 'ERR_FFI_BAD_SIGNATURE', message });
const ones = (count) => new Float64Array(count).fill(1);

/** With `fn` as the callback that call_stored calls. */
function storing(fn, run) {
  const callback = new JSCallback(fn, { args: ['i'], returns: 'i' });
  lib.call_store(callback);
  try {
    return run();
  } finally {
    lib.call_store(null);
    callback.close();
  }
}

describe('rows', () => {
  for (const [name, [, Kind, values, scalar, becomes]] of Object.entries(samples)) {
    test(`of ${name} reach C and come back, and scalars are repeated`, () =>
      check(() => {
        const column = Kind.from(values);
        const other = Kind.from(values).reverse();
        assert.deepEqual(lib[`echo_${name}`].batch([column]), column);
        assert.deepEqual(lib[`second_${name}`].batch([other, column, other]), column);
        assert.deepEqual(lib[`second_${name}`].batch([other, scalar, other]), new Kind(3).fill(becomes));
        assert.deepEqual(lib[`second_${name}`].batch([scalar, column, scalar]), column);
      }));
  }

  test('of mixed types', () =>
    check(() => {
      const columns = [Int8Array.of(-1, 2), 0.5, Uint16Array.of(65535, 0), 0.25, BigInt64Array.of(7n, -7n), true];
      assert.deepEqual(lib.batch_mixed.batch(columns), Float64Array.of(65542.75, -3.25));
    }));

  test('of views with an offset, and of clamped bytes', () =>
    check(() => {
      const whole = Float64Array.of(1, 2, 3, 4);
      assert.deepEqual(add.batch([whole.subarray(1, 3), whole.subarray(2)]), Float64Array.of(5, 7));
      assert.deepEqual(lib.echo_u8.batch([Uint8ClampedArray.of(1, 255)]), Uint8Array.of(1, 255));
    }));

  test('go into out, which is the result and may be a column', () =>
    check(() => {
      const xs = Float64Array.of(1, 2, 3);
      const sums = new Float64Array(3);
      assert.equal(add.batch([xs, 10], sums), sums);
      assert.deepEqual(sums, Float64Array.of(11, 12, 13));
      assert.equal(add.batch([xs, xs], xs), xs);
      assert.deepEqual(xs, Float64Array.of(2, 4, 6));
    }));

  test('are counted by out where the columns have none', () =>
    check(() => {
      lib.batch_set_count(0);
      assert.deepEqual(lib.batch_count.batch([], new Int32Array(3)), Int32Array.of(1, 2, 3));
      assert.deepEqual(add.batch([1, 2], new Float64Array(2)), Float64Array.of(3, 3));
    }));

  test('without a result give undefined', () =>
    check(() => {
      assert.equal(lib.batch_set_count.batch([Int32Array.of(5, 41)]), undefined);
      assert.equal(lib.batch_count(), 42);
    }));

  test('by the thousand', () =>
    check(() => {
      const xs = Float64Array.from({ length: 5000 }, (_, i) => i);
      assert.deepEqual(
        add.batch([xs, 0.5]),
        xs.map((x) => x + 0.5),
      );
    }, 100));

  test('through a CFunction', () => check(() => assert.deepEqual(addAt.batch([ones(2), 2]), Float64Array.of(3, 3))));
});

describe('refused', () => {
  const failure = new Error('from a getter');
  const fail = () => {
    throw failure;
  };
  const detached = ones(2);
  structuredClone(detached, { transfer: [detached.buffer] });
  const cases = {
    'another kind of array': [
      () => add.batch([ones(2), new Int32Array(2)]),
      type('batch_add: batch: argument 2: expected Float64Array or number, got Int32Array'),
    ],
    'bytes for wider numbers': [
      () => lib.echo_i64.batch([new Uint8Array(8)]),
      type('echo_i64: batch: argument 1: expected BigInt64Array, number or bigint, got Uint8Array'),
    ],
    'an array': [
      () => add.batch([ones(2), [1, 2]]),
      type('batch_add: batch: argument 2: expected Float64Array or number, got object'),
    ],
    'a wrong scalar': [
      () => add.batch([ones(2), undefined]),
      type('batch_add: batch: argument 2: expected Float64Array or number, got undefined'),
    ],
    'a scalar out of range': [
      () => lib.second_u8.batch([new Uint8Array(2), 256, 1]),
      range('second_u8: batch: argument 2: 256 is out of range for uint8_t (0 to 255)'),
    ],
    'columns of other lengths': [
      () => add.batch([ones(4), ones(3)]),
      range('batch_add: batch: argument 2 has 3 rows where argument 1 has 4'),
    ],
    'an out of another length': [
      () => add.batch([1, ones(4)], ones(3)),
      range('batch_add: batch: out has 3 rows where argument 2 has 4'),
    ],
    'another kind of out': [
      () => add.batch([ones(2), 1], new Float32Array(2)),
      type('batch_add: batch: out: expected Float64Array, got Float32Array'),
    ],
    'an out that is no array': [
      () => add.batch([ones(2), 1], null),
      type('batch_add: batch: out: expected Float64Array, got null'),
    ],
    'an out where nothing is returned': [
      () => lib.batch_set_count.batch([Int32Array.of(1)], Int32Array.of(1)),
      type('batch_set_count: batch: out: the function returns nothing'),
    ],
    'no rows': [() => add.batch([ones(0), 1]), range('batch_add: batch: argument 1: it has no rows')],
    'no array at all': [() => add.batch([1, 2]), type(/^batch_add: batch: expected a typed array among the columns/)],
    'a detached buffer': [
      () => add.batch([ones(2), detached]),
      type('batch_add: batch: argument 2: the buffer is detached'),
    ],
    'shared memory': [
      () => add.batch([ones(2), new Float64Array(new SharedArrayBuffer(16))]),
      type('batch_add: batch: argument 2: other threads could change its SharedArrayBuffer'),
    ],
    'too few columns': [
      () => add.batch([ones(2)]),
      { code: 'ERR_FFI_ARG_COUNT', message: 'batch_add: batch: expected 2 columns, got 1' },
    ],
    'no list': [
      () => add.batch(ones(2), ones(2)),
      type('batch_add: batch: expected an array with a column for each argument'),
    ],
    'a list that throws': [() => add.batch(Object.defineProperty([1, 2], 1, { get: fail })), failure],
    strings: [
      () => lib.echo_string.batch([['a']]),
      signature("echo_string: batch: argument 1: 's' (const char *) has no columns"),
    ],
    callbacks: [
      () => lib.echo_callback.batch([null]),
      signature("echo_callback: batch: argument 1: 'k' (void *) has no columns"),
    ],
  };
  for (const [what, [run, wanted]] of Object.entries(cases)) {
    test(what, () => check(() => throws(run, wanted)));
  }

  test('functions that JavaScript calls otherwise than C has them', () =>
    check(() => {
      const Pair = Struct({ x: 'i', y: 'i' });
      const ptr = add;
      for (const args of [[Pair], ['i', '...'], ['i', out('i')]]) {
        throws(() => CFunction({ args, ptr, name: 'f' }).batch([1]), signature(/^f: batch: /));
      }
      const pumped = CFunction({ args: ['d'], ptr, name: 'f', callbacks: 'pump' });
      throws(() => pumped.batch([ones(1)]), signature(/^f: batch: .*'pump'/));
    }, 100));

  test('a view that its shrunken buffer has no room for', () => {
    const buffer = new ArrayBuffer(16, { maxByteLength: 32 });
    const view = new Float64Array(buffer, 0, 2);
    assert.deepEqual(add.batch([view, 1]), ones(2));
    buffer.resize(8);
    throws(() => add.batch([view, 1]), { code: 'ERR_FFI_OUT_OF_RANGE' });
    throws(() => add.batch([ones(2), 1], view), { code: 'ERR_FFI_OUT_OF_RANGE' });
  });
});

describe('closing', () => {
  const closed = { code: 'ERR_FFI_LIBRARY_CLOSED' };

  test('refuses batches of a library and of a CFunction', () => {
    const own = dlopen(fixture, all);
    const { batch } = own.symbols.batch_add;
    own.close();
    throws(() => batch([ones(1), 1]), closed);
    throws(() => own.symbols.batch_add.batch([ones(1), 1]), closed);
    const fn = CFunction({ args: ['d', 'd'], returns: 'd', ptr: add });
    fn.close();
    throws(() => fn.batch([ones(1), 1]), closed);
  });

  test('by a getter among the columns', () => {
    const own = dlopen(fixture, all);
    const columns = [ones(1), 1];
    Object.defineProperty(columns, 1, { get: () => (own.close(), 1) });
    throws(() => own.symbols.batch_add.batch(columns), closed);
  });

  test('by a callback ends the batch', () => {
    const own = dlopen(fixture, all);
    let calls = 0;
    storing(
      () => (calls++, own.close(), 1),
      () => throws(() => own.symbols.call_stored.batch([new Int32Array(3)]), closed),
    );
    assert.equal(calls, 1);
  });
});

describe('callbacks that C reaches by itself', () => {
  test('run for each row', () =>
    check(() => {
      const doubled = () => stored.batch([Int32Array.of(1, 2, 3)]);
      assert.deepEqual(storing((value) => value * 2, doubled), Int32Array.of(2, 4, 6)); // prettier-ignore
    }, 10));

  test('end it by throwing, with the results so far', () =>
    check(() => {
      const failure = new Error('at the second');
      const results = new Int32Array(3);
      const seen = [];
      const fail = (value) => {
        seen.push(value);
        if (value === 2) throw failure;
        return value * 10;
      };
      storing(fail, () => throws(() => stored.batch([Int32Array.of(1, 2, 3)], results), failure));
      assert.deepEqual(seen, [1, 2]);
      assert.deepEqual(results, Int32Array.of(10, 0, 0));
    }, 10));

  test('may run a batch of their own', () =>
    check(() => {
      const sum = (value) => add.batch([ones(2), value])[1];
      storing(sum, () => assert.deepEqual(stored.batch([Int32Array.of(1, 2)]), Int32Array.of(2, 3)));
    }, 10));

  for (const [what, which] of [
    ['argument 1', 0],
    ['out', 1],
  ]) {
    test(`may detach the buffer of ${what}: then it ends`, () =>
      check(() => {
        const arrays = [new Int32Array(1000), new Int32Array(1000)];
        let calls = 0;
        const detach = () => {
          calls++;
          structuredClone(arrays[which], { transfer: [arrays[which].buffer] });
          return 1;
        };
        const message = `call_stored: batch: ${what}: a callback has detached or resized the buffer`;
        storing(detach, () => throws(() => stored.batch([arrays[0]], arrays[1]), type(message)));
        assert.equal(calls, 1);
      }, 100));
  }

  test('that are closed end it', () => {
    const callback = new JSCallback((value) => value, { args: ['i'], returns: 'i' });
    lib.call_store(callback);
    callback.close();
    throws(() => stored.batch([new Int32Array(2)]), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    lib.call_store(null);
  });
});
