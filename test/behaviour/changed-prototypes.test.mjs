// A program that changes Array.prototype, Object.prototype or Promise.prototype: no value, exception or object is lost,
// and no code of the program runs where arkffi only makes its own objects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alloc,
  anonymous,
  Arena,
  CFunction,
  cdef,
  CString,
  dlopen,
  enumType,
  free,
  JSCallback,
  out,
  ptr,
} from 'arkffi';
import { read, readStringArray, readText, StringBuffer, stringArray, Struct, typed, Union, write } from 'arkffi';
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

// Deno's `require` runs the program's iterators. So the parts of arkffi that are loaded when they are first used come
// before these are changed.
if (globalThis.Deno) await import('arkffi/preload');

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

test('many functions can be defined, and made when they are read', () =>
  check(() => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [`f${i}`, { ...intToInt, name: 'echo_i32' }]),
    );
    const { symbols: defined, close } = amid(() => dlopen(fixture, { ...many, ...definitions }));
    assert.equal(amid(() => defined.f299)(7), 7);
    assert.equal(defined.f299, defined.f299);
    assert.equal(defined.complex_multiply({ re: 1, im: 2 }, { re: 3, im: 4 }).im, 10);
    close();
  }, 5));

test('the memory of a buffer with no other reference lives until the async call ends', () =>
  check(async () => {
    const size = 1 << 20;
    const start = (gate) => amid(() => gates.gate_buffer_sum.async(gate, new Uint8Array(size).fill(1), size));
    assert.equal(await meanwhile(start, () => new Uint8Array(size).fill(9)), size);
  }, 20));

/** Prototypes of what can be iterated. */
const iterables = [Array.prototype, Map.prototype, Set.prototype, String.prototype, Uint8Array.prototype];

/** Runs a function while iterating gives nothing. Asserts that nothing has been iterated. */
function withoutIterators(body) {
  const iterators = iterables.map((prototype) => prototype[Symbol.iterator]);
  const { length } = iterators;
  let ran = 0;
  for (let i = 0; i < length; i++) {
    iterables[i][Symbol.iterator] = () => {
      ran++;
      return { next: () => ({ done: true }) };
    };
  }
  try {
    return body();
  } finally {
    for (let i = 0; i < length; i++) iterables[i][Symbol.iterator] = iterators[i];
    assert.equal(ran, 0, 'an iterator has run');
  }
}

test("a call does not run the program's iterator of arrays, whatever its options", () =>
  check(async () => {
    // Signals and timers of the host would themselves iterate.
    const signal = { aborted: false, addEventListener() {}, removeEventListener() {} };
    const { echo_i32, errno_fail, variadic_weigh_i32, complex_multiply, buffer_count_up, call_i32, echo_f64 } = symbols;
    const weighed = [symbols.variadic_weigh_i32(1, typed('i', 5)), symbols.variadic_weigh_i32(1, typed('l', 5))];
    const calls = withoutIterators(() => {
      const results = [echo_i32(1), echo_i32.async(2), echo_i32.async.with({ signal })(3)];
      results[3] = withoutTimers(() => echo_i32.async.with({ timeout: 100_000, errno: false })(4));
      results[4] = errno_fail.with({ errno: true })(7).errno;
      results[5] = variadic_weigh_i32(1, typed('i', 5));
      results[6] = variadic_weigh_i32.async(1, ['l', 5]);
      results[7] = complex_multiply({ re: 1, im: 2 }, { re: 3, im: 4 }).im;
      results[8] = buffer_count_up(8).out.length;
      results[9] = call_i32((n) => n + 1, 9);
      results[10] = echo_f64.batch([Float64Array.of(11)])[0];
      results[11] = complex_multiply.async({ re: 1, im: 2 }, { re: 3, im: 4 });
      return results;
    });
    const results = await Promise.all(calls);
    assert.deepEqual(results.slice(0, 5), [1, 2, 3, 4, 7]);
    assert.deepEqual(results.slice(5, 7), weighed);
    assert.deepEqual(results.slice(7, 11), [10, 1, 10, 11]);
    assert.equal(results[11].im, 10);
  }, 10));

test("declaring does not run the program's iterator of arrays", () =>
  check(() => {
    const text = `typedef struct { int x; struct { int y; }; char rest[]; } point; enum { ONE = 1 };
      int echo_i32(int); extern int counter; int variadic_weigh_i32(int, ...);`;
    const made = withoutIterators(() => {
      const library = dlopen(fixture, definitions, { now: false });
      const declared = cdef(fixture, text);
      const Point = Struct({ x: 'i', y: { type: 'I', bits: 3 }, list: ['h', 3] }, { packed: true });
      const callback = new JSCallback((n) => n + 1, { args: ['i'], returns: 'i' });
      const point = Point.create({ x: 1, list: [1, 2, 3] });
      const names = library.list().length;
      const called = [library.symbols.echo_i32(1), declared.symbols.echo_i32(2), callback.call(3)];
      const objects = [point.toObject(), Point.create(point).list.toObject(), declared.structs.point.create({ x: 5 })];
      return { library, declared, callback, names, called, objects };
    });
    const { library, declared, callback, names, called, objects } = made;
    assert.deepEqual(called, [1, 2, 4]);
    assert.deepEqual(objects.slice(0, 2), [{ x: 1, y: 0, list: [1, 2, 3] }, [1, 2, 3]]);
    assert.deepEqual([objects[2].x, declared.constants.ONE], [5, 1]);
    assert.ok(names > 10);
    callback.close();
    declared.close();
    library.close();
  }, 10));

test("memory and texts are read and written without the program's iterator of arrays", () =>
  check(() => {
    const arena = new Arena();
    const texts = withoutIterators(() => {
      const buffer = arena.buffer(16);
      write.i32(ptr(buffer), 0, 7);
      const list = stringArray(['a', null, 'b']);
      const copy = Complex.create(Complex.create({ re: 1, im: 2 }));
      const text = arena.string('naïve');
      const result = [read.i32(ptr(buffer)), `${new CString(ptr(text))}`, new CString(ptr(text)).byteLength];
      const all = result.concat(readStringArray(list, 3), copy.im);
      arena.close();
      return all;
    });
    assert.deepEqual(texts, [7, 'naïve', 6, 'a', null, 'b', 2]);
  }, 10));

test("wrong declarations and options have their messages without the program's iterator of arrays", () =>
  check(() => {
    const wrong = [
      () => dlopen(fixture, { echo_i32: { parameters: ['i'] } }),
      () => dlopen(fixture, {}, { golbal: true }),
      () => symbols.echo_i32.with({ erno: true }),
      () => Complex.create({ real: 1 }),
      () => symbols.complex_multiply({ re: 1 }, { re: 1, im: 1 }),
      () => symbols.variadic_weigh_i32(1, 5),
    ];
    const messages = withoutIterators(() => wrong.map((body) => thrownBy(body).message));
    assert.match(messages[0], /did you mean 'args'/);
    assert.match(messages[1], /did you mean 'global'/);
    assert.match(messages[2], /did you mean 'errno'/);
    assert.match(messages[3], /no field 'real'/);
    assert.match(messages[4], /\.im is missing/);
    assert.match(messages[5], /expected \[type, value\]/);
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

/** Names that declarations and options have, each with a value that would change something. */
const said = {
  ...{ bits: 3, type: 'double', align: 64, packed: true, endian: 'big', padding: true, bitFields: 'ms' },
  ...{ args: ['i'], returns: 'i', name: 'of_the_prototype', abi: 'ms', optional: true, fast: false, callbacks: 'pump' },
  ...{ weak: true, threadsafe: 'post', names: true, threads: 2, now: 5, global: 5, nodelete: 5, deep: 5, lazy: 5 },
  ...{ strings: 'none', pointers: 'typed', symbols: {}, fields: {}, rules: {}, order: 'big', placement: '@64' },
  ...{
    owner: {},
    encoding: 'utf16',
    length: 1,
    errno: true,
    timeout: 'x',
    signal: 'x',
    set: 5,
    library: 5,
    unusable: 'x',
  },
};

test('what all objects have is said by no declaration and no option', () => {
  const header =
    'struct s { int a; unsigned b : 3; }; struct u { int a[2]; } __attribute__((aligned(16))); int abs(int);';
  const bytes = Uint8Array.of(65, 66, 0);
  const uses = {
    struct() {
      const S = Struct({ a: { type: 'int' }, b: ['int', 2], c: { type: 'int', align: 8 }, f: intToInt }, { name: 'S' });
      return [S.name, S.size, S.create({ a: 1, b: [200, 3] }).toObject()];
    },
    bits() {
      const S = Struct({ a: { type: 'int', bits: 3 }, b: { type: 'int', bits: 4 }, c: 'char' });
      return [S.size, S.create({ a: 1, b: 2 }).toObject()];
    },
    union: () => [Union({ i: 'int', f: 'float' }).size, anonymous(Struct({ a: 'int' })).letters],
    flexible: () => Struct({ n: 'int', tail: ['short', 0] }).create({ tail: [1, 2] }, 2).tail.length,
    enum: () => Struct({ e: enumType({ A: 1 }) }).create({ e: 'A' }).e,
    dlopen() {
      const lib = dlopen(fixture, {
        echo_i32: { args: ['i'], returns: 'i' },
        call_store: { args: ['p'] },
        counter: { type: 'i' },
      });
      const { echo_i32, call_store, counter } = lib.symbols;
      const got = [echo_i32(-4), echo_i32.with({})(5), call_store(null), call_store.length, typeof counter.value];
      lib.close();
      return got;
    },
    cdef() {
      const lib = cdef(null, header);
      const { s, u } = lib.structs;
      const got = [lib.symbols.abs(-4), s.size, u.size, u.align, s.create({ a: 1, b: 7 }).toObject()];
      lib.close();
      return got;
    },
    callback() {
      const callback = new JSCallback((n) => n + 1, intToInt);
      const got = [callback.weak, callback.threadsafe, CFunction({ ...intToInt, ptr: callback.ptr })(3)];
      callback.close();
      return got;
    },
    memory: () => [free(alloc(8)), readText(bytes), readText(bytes, {})],
  };
  const results = () => Object.entries(uses).map(([name, use]) => [name, use()]);
  const wanted = results();
  for (const [name, value] of Object.entries(said)) {
    Object.defineProperty(Object.prototype, name, { __proto__: null, value, configurable: true, writable: true });
    let got;
    try {
      got = results();
    } catch (error) {
      got = `${error.stack}`;
    } finally {
      delete Object.prototype[name];
    }
    assert.deepEqual(got, wanted, name);
  }
});

test('a declaration may have what its class has', () => {
  class Definition {
    get args() {
      return ['i'];
    }
    get returns() {
      return 'i';
    }
    get name() {
      return 'echo_i32';
    }
  }
  class Field {
    get type() {
      return 'int';
    }
    get bits() {
      return 3;
    }
  }
  assert.equal(dlopen(fixture, { echo: new Definition() }).symbols.echo(3), 3);
  const { a, b } = Struct({ a: new Field(), b: new Field() }).create({ a: 1, b: -2 });
  assert.deepEqual([a, b], [1, -2]);
});
