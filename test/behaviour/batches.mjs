// Shared by the tests of batches: the functions that they call, and the arguments that must be refused.
import { CFunction, Struct, dlopen, out } from 'arkffi';
import { fixture } from './support.mjs';

/**
 * Each type that can be a column: its letter, array class, values at its limits, and a scalar with the value that it
 * becomes.
 */
export const samples = {
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
export const all = {
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
export const lib = dlopen(fixture, all).symbols;
const add = lib.batch_add;
export const addAt = CFunction({ args: ['d', 'd'], returns: 'd', ptr: add, name: 'batch_add' });

export const type = (message) => ({ code: 'ERR_FFI_INVALID_ARG_TYPE', message });
const range = (message) => ({ code: 'ERR_FFI_OUT_OF_RANGE', message });
const signature = (message) => ({ code: 'ERR_FFI_BAD_SIGNATURE', message });
export const ones = (count) => new Float64Array(count).fill(1);

const Pair = Struct({ x: 'i', y: 'i' });
const pumped = CFunction({ args: ['d'], ptr: add, name: 'f', callbacks: 'pump' });
const failure = new Error('from a getter');
const fail = () => {
  throw failure;
};
const detached = ones(2);
structuredClone(detached, { transfer: [detached.buffer] });
/** Arguments that are wrong however the batch is called: `of(f)` is `f.batch`, or `f.batch.async`. */
export const refusals = {
  'another kind of array': [
    (of) => of(add)([ones(2), new Int32Array(2)]),
    type('batch_add: batch: argument 2: expected Float64Array or number, got Int32Array'),
  ],
  'bytes for wider numbers': [
    (of) => of(lib.echo_i64)([new Uint8Array(8)]),
    type('echo_i64: batch: argument 1: expected BigInt64Array, number or bigint, got Uint8Array'),
  ],
  'an array': [
    (of) => of(add)([ones(2), [1, 2]]),
    type('batch_add: batch: argument 2: expected Float64Array or number, got object'),
  ],
  'a wrong scalar': [
    (of) => of(add)([ones(2), undefined]),
    type('batch_add: batch: argument 2: expected Float64Array or number, got undefined'),
  ],
  'a scalar out of range': [
    (of) => of(lib.second_u8)([new Uint8Array(2), 256, 1]),
    range('second_u8: batch: argument 2: 256 is out of range for uint8_t (0 to 255)'),
  ],
  'columns of other lengths': [
    (of) => of(add)([ones(4), ones(3)]),
    range('batch_add: batch: argument 2: it has 3 rows where argument 1 has 4'),
  ],
  'an out of another length': [
    (of) => of(add)([1, ones(4)], ones(3)),
    range('batch_add: batch: out: it has 3 rows where argument 2 has 4'),
  ],
  'another kind of out': [
    (of) => of(add)([ones(2), 1], new Float32Array(2)),
    type('batch_add: batch: out: expected Float64Array, got Float32Array'),
  ],
  'an out that is no array': [
    (of) => of(add)([ones(2), 1], null),
    type('batch_add: batch: out: expected Float64Array, got null'),
  ],
  'an out where nothing is returned': [
    (of) => of(lib.batch_set_count)([Int32Array.of(1)], Int32Array.of(1)),
    type('batch_set_count: batch: out: the function returns nothing'),
  ],
  'no rows': [(of) => of(add)([ones(0), 1]), range('batch_add: batch: argument 1: it has no rows')],
  'no array at all': [(of) => of(add)([1, 2]), type(/^batch_add: batch: expected a typed array among the columns/)],
  'a detached buffer': [
    (of) => of(add)([ones(2), detached]),
    type('batch_add: batch: argument 2: the buffer is detached'),
  ],
  'too few columns': [
    (of) => of(add)([ones(2)]),
    { code: 'ERR_FFI_ARG_COUNT', message: 'batch_add: batch: expected 2 columns, got 1' },
  ],
  'no list': [
    (of) => of(add)(ones(2), ones(2)),
    type('batch_add: batch: expected an array with a column for each argument'),
  ],
  'a list that throws': [(of) => of(add)(Object.defineProperty([1, 2], 1, { get: fail })), failure],
  strings: [
    (of) => of(lib.echo_string)([['a']]),
    signature("echo_string: batch: argument 1: 's' (const char *) has no columns"),
  ],
  callbacks: [
    (of) => of(lib.echo_callback)([null]),
    signature("echo_callback: batch: argument 1: 'k' (void *) has no columns"),
  ],
  ...Object.fromEntries(
    Object.entries({ structs: [Pair], 'variable arguments': ['i', '...'], 'out-parameters': ['i', out('i')] }).map(
      ([what, args]) => {
        const fn = CFunction({ args, ptr: add, name: 'f' });
        return [what, [(of) => of(fn)([1]), signature(/^f: batch: /)]];
      },
    ),
  ),
  "callbacks: 'pump'": [(of) => of(pumped)([ones(1)]), signature(/^f: batch: .*'pump'/)],
};
