// f.batch([xs, ys], out): one call from JavaScript makes a C call for each row of typed arrays.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, JSCallback, dlopen } from 'arkffi';
import { addAt, all, lib, ones, refusals, samples, type } from './batches.mjs';
import { cannotResize } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const { batch_add: add, call_stored: stored } = lib;

/** Runs `run` with `fn` as the callback that call_stored calls. */
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

describe('rows of a batch', () => {
  for (const [name, [, Kind, values, scalar, becomes]] of Object.entries(samples)) {
    test(`rows of ${name} reach C and come back, and scalars are repeated for each row`, () =>
      check(() => {
        const column = Kind.from(values);
        const other = Kind.from(values).reverse();
        assert.deepEqual(lib[`echo_${name}`].batch([column]), column);
        assert.deepEqual(lib[`second_${name}`].batch([other, column, other]), column);
        assert.deepEqual(lib[`second_${name}`].batch([other, scalar, other]), new Kind(3).fill(becomes));
        assert.deepEqual(lib[`second_${name}`].batch([scalar, column, scalar]), column);
      }));
  }

  test('columns of different types can be mixed', () =>
    check(() => {
      const columns = [Int8Array.of(-1, 2), 0.5, Uint16Array.of(65535, 0), 0.25, BigInt64Array.of(7n, -7n), true];
      assert.deepEqual(lib.batch_mixed.batch(columns), Float64Array.of(65542.75, -3.25));
    }));

  test('columns may be views with an offset, or clamped bytes', () =>
    check(() => {
      const whole = Float64Array.of(1, 2, 3, 4);
      assert.deepEqual(add.batch([whole.subarray(1, 3), whole.subarray(2)]), Float64Array.of(5, 7));
      assert.deepEqual(lib.echo_u8.batch([Uint8ClampedArray.of(1, 255)]), Uint8Array.of(1, 255));
    }));

  test('columns and results may be in shared memory', () =>
    check(() => {
      const xs = new Float64Array(new SharedArrayBuffer(16)).fill(2);
      const sums = new Float64Array(new SharedArrayBuffer(16));
      assert.equal(add.batch([xs, 1], sums), sums);
      assert.deepEqual([...sums], [3, 3]);
    }));

  test('results are written to out, which is the result and may be a column', () =>
    check(() => {
      const xs = Float64Array.of(1, 2, 3);
      const sums = new Float64Array(3);
      assert.equal(add.batch([xs, 10], sums), sums);
      assert.deepEqual(sums, Float64Array.of(11, 12, 13));
      assert.equal(add.batch([xs, xs], xs), xs);
      assert.deepEqual(xs, Float64Array.of(2, 4, 6));
    }));

  test('the length of out is the number of rows where no argument is a column', () =>
    check(() => {
      lib.batch_set_count(0);
      assert.deepEqual(lib.batch_count.batch([], new Int32Array(3)), Int32Array.of(1, 2, 3));
      assert.deepEqual(add.batch([1, 2], new Float64Array(2)), Float64Array.of(3, 3));
    }));

  test('a batch of a void function returns undefined', () =>
    check(() => {
      assert.equal(lib.batch_set_count.batch([Int32Array.of(5, 41)]), undefined);
      assert.equal(lib.batch_count(), 42);
    }));

  test('a batch of 5000 rows gives every result', () =>
    check(() => {
      const xs = Float64Array.from({ length: 5000 }, (_, i) => i);
      assert.deepEqual(
        add.batch([xs, 0.5]),
        xs.map((x) => x + 0.5),
      );
    }, 100));

  test('a CFunction can be called in a batch', () =>
    check(() => assert.deepEqual(addAt.batch([ones(2), 2]), Float64Array.of(3, 3))));
});

describe('batches that are refused', () => {
  for (const [what, [run, wanted]] of Object.entries(refusals)) {
    test(`a batch refuses ${what}`, () => check(() => throws(() => run((fn) => fn.batch), wanted)));
  }

  test('a view that no longer fits its shrunken buffer is refused', { skip: cannotResize }, () => {
    const buffer = new ArrayBuffer(16, { maxByteLength: 32 });
    const view = new Float64Array(buffer, 0, 2);
    assert.deepEqual(add.batch([view, 1]), ones(2));
    buffer.resize(8);
    throws(() => add.batch([view, 1]), { code: 'ERR_FFI_OUT_OF_RANGE' });
    throws(() => add.batch([ones(2), 1], view), { code: 'ERR_FFI_OUT_OF_RANGE' });
  });
});

describe('closing during a batch', () => {
  const closed = { code: 'ERR_FFI_LIBRARY_CLOSED' };

  test('a closed library and a closed CFunction refuse batches with ERR_FFI_LIBRARY_CLOSED', () => {
    const own = dlopen(fixture, all);
    const { batch } = own.symbols.batch_add;
    own.close();
    throws(() => batch([ones(1), 1]), closed);
    throws(() => own.symbols.batch_add.batch([ones(1), 1]), closed);
    const fn = CFunction({ args: ['d', 'd'], returns: 'd', ptr: add });
    fn.close();
    throws(() => fn.batch([ones(1), 1]), closed);
  });

  test('a getter among the columns that closes the library makes the batch fail', () => {
    const own = dlopen(fixture, all);
    const columns = [ones(1), 1];
    Object.defineProperty(columns, 1, { get: () => (own.close(), 1) });
    throws(() => own.symbols.batch_add.batch(columns), closed);
  });

  test('a callback that closes the library ends the batch', () => {
    const own = dlopen(fixture, all);
    let calls = 0;
    storing(
      () => (calls++, own.close(), 1),
      () => throws(() => own.symbols.call_stored.batch([new Int32Array(3)]), closed),
    );
    assert.equal(calls, 1);
  });
});

describe('callbacks that C has stored', () => {
  test('a callback runs for each row', () =>
    check(() => {
      const doubled = () => stored.batch([Int32Array.of(1, 2, 3)]);
      assert.deepEqual(storing((value) => value * 2, doubled), Int32Array.of(2, 4, 6)); // prettier-ignore
    }, 10));

  test('a callback that throws ends the batch, and the results so far stay in out', () =>
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

  test('a callback may run a batch of its own', () =>
    check(() => {
      const sum = (value) => add.batch([ones(2), value])[1];
      storing(sum, () => assert.deepEqual(stored.batch([Int32Array.of(1, 2)]), Int32Array.of(2, 3)));
    }, 10));

  for (const [what, which] of [
    ['argument 1', 0],
    ['out', 1],
  ]) {
    test(`a callback that detaches the buffer of ${what} ends the batch`, () =>
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

  test('a closed callback ends the batch', () => {
    const callback = new JSCallback((value) => value, { args: ['i'], returns: 'i' });
    lib.call_store(callback);
    callback.close();
    throws(() => stored.batch([new Int32Array(2)]), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    lib.call_store(null);
  });
});
