// A program that changes Array.prototype, Object.prototype or Promise.prototype: no value, exception or object is lost,
// and no code of the program runs where arkffi only makes its own objects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CFunction, dlopen, JSCallback, out, readStringArray, StringBuffer, stringArray, Struct, typed } from 'arkffi';
import ffi from 'liblibrary.so';
import { meanwhile, symbols as gates } from './in-flight.mjs';
import { check, fixture } from './support.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const Complex = Struct({ re: 'd', im: 'd' });
const definitions = {
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  errno_fail: { args: ['i'], returns: 'i' },
  echo_i32: { args: ['i'], returns: 'i' },
  echo_f64: { args: ['d'], returns: 'd' },
  complex_multiply: { args: [Complex, Complex], returns: Complex },
  variadic_weigh_i32: { args: ['i', '...'], returns: 'l' },
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
  buffer_count_up: { args: [out('L'), 'L'] },
  buffer_address: { args: ['p'], returns: 'L' },
};
const { symbols } = dlopen(fixture, definitions);

/** Accessors with the names that arkffi's own objects have. They swallow what is set. */
const names = [
  ...['value', 'errno', 'code', 're', 'im', 'out', 'with', 'async', 'batch', 'call', 'more', 'number', 'gate'],
  ...['address', 'held', 'cancellable', 'placeKey', 'finish', 'get', 'first', 'last', 'previous', 'next', 'count'],
];
const places = [
  ...[0, 1, 2, 3, 4].map((index) => [Array.prototype, index]),
  ...names.map((name) => [Object.prototype, name]),
];

/** Runs a function while the prototypes are changed. Asserts that none of the setters has run. */
function amid(body) {
  let ran = 0;
  const set = () => void ran++;
  try {
    for (const [prototype, key] of places) {
      Object.defineProperty(prototype, key, { __proto__: null, get: () => 5, set, configurable: true });
    }
    return body();
  } finally {
    for (const [prototype, key] of places) delete prototype[key];
    assert.equal(ran, 0, 'a setter has run');
  }
}

/** Runs a function while the host's timers do nothing. */
function withoutTimers(body) {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = () => ({});
  try {
    return body();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}

/** What a function throws. */
function thrownBy(body) {
  try {
    body();
  } catch (error) {
    return error;
  }
  return assert.fail('nothing was thrown');
}

test('the exception of a callback is the one that was thrown', () =>
  check(() => {
    for (const thrown of [new Error('boom'), 'text', undefined]) {
      const fail = () => {
        throw thrown;
      };
      assert.equal(
        amid(() => thrownBy(() => symbols.call_i32(fail, 1))),
        thrown,
      );
    }
  }));

test('the exception of a callback of an async call rejects it', () =>
  check(async () => {
    const thrown = new Error('boom');
    const fail = () => {
      throw thrown;
    };
    const call = amid(() => symbols.call_i32.async(fail, 1));
    assert.equal(await call.catch((error) => error), thrown);
  }, 10));

test('errors have their codes as properties of their own', () =>
  check(() => {
    for (const wrong of [
      () => symbols.echo_i32('x'),
      () => symbols.echo_i32.with({ wrong: true }),
      () => ffi.readCString('x'),
      () => Complex.create({ re: 'x' }),
    ]) {
      const error = amid(() => thrownBy(wrong));
      assert.equal(Object.getOwnPropertyDescriptor(error, 'code')?.value, 'ERR_FFI_INVALID_ARG_TYPE');
    }
  }));

test('errno, structs and out-parameters arrive', () =>
  check(() => {
    const pair = amid(() => symbols.errno_fail.with({ errno: true })(7));
    assert.equal(Object.getOwnPropertyDescriptor(pair, 'errno')?.value, 7);
    const product = amid(() => symbols.complex_multiply({ re: 1, im: 2 }, Complex.create({ re: 3, im: 4 })));
    assert.deepEqual({ ...product.toObject() }, { re: -5, im: 10 });
    assert.deepEqual(Object.keys(amid(() => product.toObject())), ['re', 'im']);
    const counted = amid(() => symbols.buffer_count_up(8));
    assert.deepEqual(Object.keys(counted), ['value', 'out']);
  }));

test('a field that is missing is missing, whatever all objects inherit', () =>
  check(() => {
    const error = amid(() => thrownBy(() => symbols.complex_multiply({ re: 1 }, { re: 1, im: 1 })));
    assert.match(error.message, /\.im is missing/);
  }));

test('variable arguments, string arrays and batches arrive', () =>
  check(() => {
    const weighed = symbols.variadic_weigh_i32(3, typed('i', 1), typed('i', 2), typed('i', 3));
    assert.equal(
      amid(() => symbols.variadic_weigh_i32(3, typed('i', 1), typed('i', 2), typed('i', 3))),
      weighed,
    );
    const texts = amid(() => readStringArray(stringArray(['a', 'b', 'c'])));
    assert.deepEqual(texts, ['a', 'b', 'c']);
    assert.deepEqual([...amid(() => symbols.echo_f64.batch([new Float64Array([1, 2, 3])]))], [1, 2, 3]);
  }));

test('functions can be defined', () =>
  check(() => {
    const { symbols: defined, ...library } = amid(() => dlopen(fixture, definitions));
    assert.equal(defined.echo_i32(7), 7);
    assert.equal(typeof defined.echo_i32.with, 'function');
    assert.equal(defined.complex_multiply({ re: 1, im: 2 }, { re: 3, im: 4 }).im, 10);
    ffi.close(library.handle);
  }, 20));

test('the memory of a buffer with no other reference lives until the async call ends', () =>
  check(async () => {
    const size = 1 << 20;
    const start = (gate) => amid(() => gates.gate_buffer_sum.async(gate, new Uint8Array(size).fill(1), size));
    assert.equal(await meanwhile(start, () => new Uint8Array(size).fill(9)), size);
  }, 20));

test("a call does not run the program's iterator of arrays, whether it can be cancelled or not", () =>
  check(async () => {
    const { signal } = new AbortController();
    const { [Symbol.iterator]: iterator } = Array.prototype;
    const { async: plain } = symbols.echo_i32;
    const cancellable = plain.with({ signal });
    const calls = [];
    let ran = 0;
    Array.prototype[Symbol.iterator] = function () {
      ran++;
      return iterator.call([]);
    };
    try {
      calls[0] = symbols.echo_i32(1);
      calls[1] = plain(2);
      calls[2] = cancellable(3);
    } finally {
      Array.prototype[Symbol.iterator] = iterator;
    }
    assert.equal(ran, 0);
    assert.deepEqual(await Promise.all(calls), [1, 2, 3]);
  }, 10));

test('async calls with options, and async batches, settle with their values', () =>
  check(async () => {
    // Signals and timers of the host would themselves set properties.
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
    const call = amid(() => symbols.echo_i32.async.with({ signal, errno: false })(7));
    const pair = amid(() => symbols.errno_fail.async.with({ errno: true })(7));
    const timed = amid(() => withoutTimers(() => symbols.echo_i32.async.with({ timeout: 100_000 })(8)));
    const batch = amid(() => symbols.echo_f64.batch.async([new Float64Array([1, 2, 3])]));
    assert.equal(await call, 7);
    assert.equal((await pair).errno, 7);
    assert.equal(await timed, 8);
    assert.deepEqual([...(await batch)], [1, 2, 3]);
  }, 10));

test('a ptr that all objects or all functions inherit makes nothing an address', () =>
  check(() => {
    for (const prototype of [Object.prototype, Function.prototype]) {
      const values = prototype === Object.prototype ? [{}, [], /x/, () => 1] : [() => 1, class {}];
      for (const value of values) {
        let errors;
        Object.defineProperty(prototype, 'ptr', { __proto__: null, value: 65536, configurable: true });
        try {
          errors = [thrownBy(() => symbols.buffer_address(value)), thrownBy(() => CFunction({ ptr: value }))];
        } finally {
          delete prototype.ptr;
        }
        for (const { code } of errors) assert.equal(code, 'ERR_FFI_INVALID_ARG_TYPE');
      }
    }
  }));

test('what has a ptr of its own, or by its class, is an address all the same', () =>
  check(() => {
    const callback = new JSCallback((n) => n + 1, intToInt);
    const [point, text] = [Complex.create(), new StringBuffer(8)];
    class Place {
      get ptr() {
        return 4096;
      }
    }
    Object.defineProperty(Object.prototype, 'ptr', { __proto__: null, value: 65536, configurable: true });
    let found;
    try {
      found = [
        symbols.buffer_address(new Place()),
        symbols.buffer_address({ ptr: 8192 }),
        symbols.buffer_address(callback),
        symbols.buffer_address(symbols.echo_i32),
        symbols.buffer_address(point),
        symbols.buffer_address(text),
        symbols.call_i32((n) => n * 2, 21),
      ];
    } finally {
      delete Object.prototype.ptr;
    }
    const wanted = [4096, 8192, callback.ptr, symbols.echo_i32.ptr, point.ptr, text.ptr, 42];
    assert.deepEqual(found, wanted);
    callback.close();
  }));

test('a then that all objects inherit changes no message', () =>
  check(() => {
    let error;
    Object.defineProperty(Object.prototype, 'then', { __proto__: null, value: () => 1, configurable: true });
    try {
      error = thrownBy(() => symbols.echo_i32({}));
    } finally {
      delete Object.prototype.then;
    }
    assert.equal(error.message, 'echo_i32: argument 1: expected number, got object');
  }));

test('a stack trace begins with the line of the program', () =>
  check(() => {
    for (const wrong of [() => symbols.echo_i32('x'), () => ffi.readCString('x'), () => Complex.create({ re: 'x' })]) {
      const { stack } = amid(() => thrownBy(wrong));
      assert.match(stack, /^[^\n]*\n *at [^\n]*changed-prototypes/);
    }
  }));

test("a changed Promise.prototype.then changes nothing in arkffi's own Promises", () =>
  check(async () => {
    const { then } = Promise.prototype;
    let calls = 0;
    let call;
    Promise.prototype.then = function (...args) {
      calls++;
      return Reflect.apply(then, this, args);
    };
    try {
      call = symbols.echo_i32.async.with({ timeout: 100_000 })(7);
    } finally {
      Promise.prototype.then = then;
    }
    assert.equal(calls, 0);
    assert.equal(await call, 7);
  }, 10));
