// Calls of every kind, with values that the types accept, and with values that they refuse.
import assert from 'node:assert/strict';
import { AsyncCFunction, CFunction, out } from 'arkffi';
import ffi from 'liblibrary.so';
import { invalidValue, typeNames, validValue } from '../random.mjs';
import { refuses } from '../world.mjs';
import { anyLibrary } from './libraries.mjs';

const CLOSED = 'ERR_FFI_LIBRARY_CLOSED';
const same = (value, expected) => assert.ok(Object.is(value, expected), `${String(value)} is ${String(expected)}`);

/** A symbol of some library, with whether the library is open. */
function symbolOf(world, name) {
  const { lib, isOpen } = anyLibrary(world);
  return { symbol: lib.symbols[name], isOpen };
}

/** Calls it synchronously: the result is as expected, or the library has been closed. */
function gives({ symbol, isOpen }, args, expected) {
  if (!isOpen) return refuses(() => symbol(...args), CLOSED);
  same(symbol(...args), expected);
}

/** Calls it on a worker thread, and checks the result when it comes. */
function givesLater(world, { symbol, isOpen }, args, expected) {
  if (!isOpen) return world.later(symbol.async(...args), { code: CLOSED });
  world.later(symbol.async(...args), { value: (value) => same(value, expected) });
}

const anyType = (world) => world.random.pick(Object.keys(typeNames));
const echoOf = (world, code) => symbolOf(world, `echo_${typeNames[code]}`);

/** Ten 32-bit numbers, and what weigh_i32_10 returns for them. */
function weighed(random) {
  const args = Array.from({ length: 10 }, () => random.bits() | 0);
  return [args, args.reduce((sum, value, i) => sum + (i + 1) * value, 0)];
}

export const calls = {
  echo(world) {
    const code = anyType(world);
    const [given, expected] = validValue(world.random, code);
    gives(echoOf(world, code), [given], expected);
  },

  echoOften(world) {
    const code = anyType(world);
    const [given, expected] = validValue(world.random, code);
    const symbol = echoOf(world, code);
    if (symbol.isOpen) for (let i = 0; i < 300; i++) gives(symbol, [given], expected);
  },

  echoLater(world) {
    const code = anyType(world);
    const [given, expected] = validValue(world.random, code);
    givesLater(world, echoOf(world, code), [given], expected);
  },

  wrongValue(world) {
    const code = anyType(world);
    const [given, wanted] = invalidValue(world.random, code);
    const { symbol, isOpen } = echoOf(world, code);
    const either = (run) => {
      try {
        run();
      } catch (error) {
        return error.code;
      }
      return 'no error';
    };
    if (isOpen)
      assert.equal(
        either(() => symbol(given)),
        wanted,
      );
    else assert.ok([CLOSED, wanted].includes(either(() => symbol(given))));
    world.later(symbol.async(given), { code: isOpen ? wanted : [CLOSED, wanted] });
  },

  wrongCount(world) {
    const { symbol, isOpen } = symbolOf(world, 'weigh_i32_10');
    const count = world.random.pick([0, 9, 11, 200]);
    const args = Array(count).fill(1);
    if (isOpen) refuses(() => symbol(...args), 'ERR_FFI_ARG_COUNT');
    world.later(symbol.async(...args), { code: [CLOSED, 'ERR_FFI_ARG_COUNT'] });
  },

  weigh(world) {
    gives(symbolOf(world, 'weigh_i32_10'), ...weighed(world.random));
  },

  weighLater(world) {
    givesLater(world, symbolOf(world, 'weigh_i32_10'), ...weighed(world.random));
  },

  manyLater(world) {
    const symbol = symbolOf(world, 'echo_i32');
    for (let i = 0; i < 100; i++) givesLater(world, symbol, [i], i);
  },

  atAddress(world) {
    const ptr = ffi.getSymbolPtr(world.handle, 'weigh_i32_10');
    const definition = { args: Array(10).fill('i'), returns: 'l', ptr };
    const [args, expected] = weighed(world.random);
    const fn = CFunction(definition);
    const later = AsyncCFunction(definition);
    same(fn(...args), expected);
    world.later(later(...args), { value: (value) => same(value, expected) });
    later.close();
    if (world.random.oneIn(2)) {
      fn.close();
      refuses(() => fn(...args), CLOSED);
    }
    world.later(later(...args), { code: CLOSED });
  },

  raw(world) {
    const [args, expected] = weighed(world.random);
    const types = 'i'.repeat(10);
    const text = world.random.text();
    const length = new TextEncoder().encode(text).length;
    ffi.defineFunction(world.handle, 'weigh_i32_10', types, 'l');
    same(ffi.callBySig(world.handle, 'weigh_i32_10', args, []), expected);
    same(ffi.callMixed(world.handle, 'string_length', 's', 'l', [], [text]), length);
    same(ffi.callPtr(ffi.getSymbolPtr(world.handle, 'weigh_i32_10'), types, 'l', args, []), expected);
    world.later(ffi.callAsync(world.handle, 'weigh_i32_10', types, 'l', args, []), {
      value: (value) => same(value, expected),
    });
  },

  errno(world) {
    const { symbol, isOpen } = symbolOf(world, 'errno_i32');
    if (!isOpen) return refuses(() => symbol.with({ errno: true })(1, 2), CLOSED);
    const errno = world.random.below(100);
    const wanted = { value: 7, errno };
    assert.deepEqual(symbol.with({ errno: true })(errno, 7), wanted);
    world.later(symbol.async.with({ errno: true })(errno, 7), { value: (value) => assert.deepEqual(value, wanted) });
  },

  outParameters(world) {
    const { symbol, isOpen } = symbolOf(world, 'pointer_out_divide');
    const [a, b] = [world.random.bits() >> 8, 1 + world.random.below(1000)];
    if (!isOpen) return refuses(() => symbol(a, b), CLOSED);
    const wanted = { value: true, out: [Math.trunc(a / b), a % b] };
    const check = (value) =>
      assert.deepEqual(
        value.out.map((n) => n + 0),
        wanted.out.map((n) => n + 0),
      );
    check(symbol(a, b));
    world.later(symbol.async(a, b), { value: check });
  },

  variadic(world) {
    const { symbol, isOpen } = symbolOf(world, 'variadic_weigh_i32');
    const values = Array.from({ length: world.random.below(20) }, () => world.random.bits() | 0);
    const args = [values.length, ...values.map((value) => ['i', value])];
    const expected = values.reduce((sum, value, i) => sum + (i + 1) * value, 0);
    gives({ symbol, isOpen }, args, expected + 0);
    givesLater(world, { symbol, isOpen }, args, expected + 0);
  },

  variadicOut(world) {
    const { symbol, isOpen } = symbolOf(world, 'variadic_weigh_i32');
    if (isOpen) assert.deepEqual(symbol(0, out('i')), { value: 0, out: [0] });
  },

  batch(world) {
    const { symbol, isOpen } = symbolOf(world, 'batch_add');
    const length = world.random.pick([0, 1, 7, 1000, 5000]);
    const xs = Float64Array.from({ length }, (_, i) => i);
    if (!isOpen) return refuses(() => symbol.batch([xs, 1]), [CLOSED, 'ERR_FFI_OUT_OF_RANGE']);
    if (length === 0) return refuses(() => symbol.batch([xs, 1]), 'ERR_FFI_OUT_OF_RANGE');
    const check = (results) => {
      assert.equal(results.length, length);
      for (let i = 0; i < length; i++) if (results[i] !== i + 1) assert.equal(results[i], i + 1, `row ${i}`);
    };
    check(symbol.batch([xs, 1]));
    const target = new Float64Array(length);
    if (world.random.oneIn(2)) world.later(symbol.batch.async([xs, 1], target), { value: check });
    else world.later(symbol.batch.async([xs, 1]), { value: check });
    refuses(() => symbol.batch([xs, 'one']), 'ERR_FFI_INVALID_ARG_TYPE');
  },

  structsByValue(world) {
    const { symbol, isOpen } = symbolOf(world, 'complex_multiply');
    const [a, b] = [world.random.below(100), world.random.below(100)];
    const left = { re: a, im: b };
    if (!isOpen) return refuses(() => symbol(left, left), CLOSED);
    const check = ({ re, im }) => assert.deepEqual([re, im], [a * a - b * b, 2 * a * b]);
    check(symbol(left, left));
    world.later(symbol.async(left, left), { value: check });
    refuses(() => symbol(left, { re: 1 }), 'ERR_FFI_INVALID_ARG_TYPE');
  },

  ownedStrings(world) {
    const text = world.random.text();
    gives(symbolOf(world, 'string_new'), [text], text);
    givesLater(world, symbolOf(world, 'string_new'), [text], text);
  },

  /** A call that is cancelled before, while or after it runs: its value, or what cancelled it. */
  cancelled(world) {
    const { symbol, isOpen } = symbolOf(world, 'echo_i32');
    if (!isOpen) return;
    const controller = new AbortController();
    const options = world.random.pick([
      { signal: controller.signal },
      { timeout: world.random.below(3) },
      { signal: controller.signal, timeout: 1, errno: true },
    ]);
    const when = world.random.below(4);
    if (when === 0) controller.abort();
    world.later(symbol.async.with(options)(5), {
      value: (value) => assert.equal(value.value ?? value, 5),
      code: [20, 'ERR_FFI_TIMEOUT'], // 20 is the code of an AbortError
    });
    if (when === 1) controller.abort();
    if (when === 2) setImmediate(() => controller.abort());
  },

  /** Calls that wait at a gate occupy all threads, so that later calls wait in the queue. */
  gated(world) {
    const { symbol, isOpen } = symbolOf(world, 'gate_echo_i32');
    if (!isOpen || world.gates.length > 4) return;
    const gate = world.base.gate_new();
    world.gates.push(gate);
    world.later(symbol.async(gate, 9), { value: (value) => assert.equal(value, 9) });
    if (world.random.oneIn(3)) world.base.gate_open(gate);
  },

  variable(world) {
    const { lib, isOpen } = anyLibrary(world);
    const { counter } = lib.symbols;
    if (!isOpen) return refuses(() => counter.value, CLOSED);
    const value = world.random.bits() | 0;
    counter.value = value;
    assert.equal(counter.value, value);
    assert.equal(lib.symbols.counter_read(), value);
  },
};
