// The stack traces of exceptions from callbacks name the C functions that called the callbacks.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, dlopen, JSCallback, suffix } from 'arkffi';
import ffi from 'liblibrary.so';
import { tracesDiffer } from './hosts.mjs';
import { usingCallback } from './lifetimes.mjs';
import { check, fixture } from './support.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const definition = { args: [intToInt, 'i'], returns: 'i' };
const lib = dlopen(fixture, {
  call_i32: definition,
  call_me_back: definition,
  call_times: { args: ['k', 'i'], returns: 'l' },
}).symbols;
const pumped = dlopen(fixture, { call_i32: { ...definition, callbacks: 'pump' } }).symbols;
const file = `libarkffi_fixture.${suffix}`;

/**
 * The stack trace of what `fn` throws or rejects with: each line without its position, and without arkffi's own files.
 */
async function traceOf(fn) {
  try {
    await fn();
  } catch (error) {
    const lines = error.stack.split('\n').filter((line) => /^ {4}at /.test(line) && !line.includes('/dist/'));
    return lines.map((line) => line.replace(/^ {4}at /, '').replace(/ \(file:.*\)$/, ''));
  }
  return assert.fail('it throws');
}

const thrower = () => {
  throw new Error('mine');
};

describe('the stack trace of an exception in a callback', () => {
  test('the trace names C between the callback and the caller, on every route', { skip: tracesDiffer }, () =>
    check(async () => {
      const address = lib.call_i32.ptr;
      const callPtr = CFunction({ ...definition, ptr: address, name: 'call_i32' });
      const handle = ffi.load(fixture);
      const callback = new JSCallback(thrower, intToInt);
      for (const [way, name] of [
        [() => lib.call_i32(thrower, 1), 'call_i32'],
        [() => lib.call_i32.with({ errno: true })(thrower, 1), 'call_i32'],
        [() => callPtr(thrower, 1), 'call_i32'],
        [() => pumped.call_i32(thrower, 1), 'call_i32'],
        [() => ffi.callMixed(handle, 'call_i32', 'ki', 'i', [callback.ptr, 1], []), 'call_i32'],
        [() => ffi.callPtr(address, 'ki', 'i', [callback.ptr, 1], []), 'callPtr'],
      ]) {
        const caller = () => way();
        const trace = (await traceOf(caller)).filter(
          (line) => !/SymbolTable|^Function|call_i32$|^CFunction/.test(line),
        );
        // A pumped call's callback runs on an otherwise empty stack, so its trace has no other lines of the caller.
        assert.deepEqual(trace.slice(0, 2), ['thrower', `${name} (${file})`], trace.join('\n'));
        assert.ok(trace.indexOf('caller') > 1, trace.join('\n'));
      }
      callback.close();
      ffi.close(handle);
    }, 20),
  );

  test('the trace names each level when calls and callbacks nest', { skip: tracesDiffer }, async () => {
    const inner = (n) => lib.call_i32(thrower, n);
    const outer = (n) => lib.call_me_back(inner, n);
    const trace = (await traceOf(() => outer(1))).filter((line) => !line.includes('SymbolTable'));
    assert.deepEqual(trace.slice(0, 5), ['thrower', `call_i32 (${file})`, 'inner', `call_me_back (${file})`, 'outer']);
  });

  test('the trace names C above the caller if the result was of the wrong type', () =>
    usingCallback(
      () => 'text',
      intToInt,
      async (callback) => {
        const [first] = await traceOf(() => lib.call_times(callback, 1));
        assert.equal(first, `call_times (${file})`);
      },
    ));

  test('the trace names C at the end if it ran on another thread', { skip: tracesDiffer }, async () => {
    const trace = await traceOf(() => lib.call_i32.async(thrower, 1));
    assert.equal(trace[0], 'thrower');
    assert.equal(trace.at(-1), `call_i32 (${file}, on another thread)`);
  });

  test('an error that is thrown repeatedly gets the line only once', async () => {
    const error = new Error('mine');
    const again = () => {
      throw error;
    };
    for (let i = 0; i < 100; i++) assert.throws(() => lib.call_i32(again, 1), error);
    for (let i = 0; i < 100; i++) await lib.call_i32.async(again, 1).catch(() => {});
    assert.equal(error.stack.split(`call_i32 (${file}`).length - 1, 2, error.stack);
  });

  test('the stack of the error may be truncated, missing, frozen or of another type', () =>
    check(() => {
      const { stackTraceLimit } = Error;
      try {
        for (Error.stackTraceLimit of [0, 1, 2, 50]) assert.throws(() => lib.call_i32(thrower, 1), /mine/);
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
      const odd = ['', null, 5, Symbol('stack'), 'x'.repeat(100_000), '\n    at '].map((stack) =>
        Object.assign(new Error('mine'), { stack }),
      );
      const hostile = Object.defineProperty(new Error('mine'), 'stack', {
        get() {
          throw new Error('no trace');
        },
      });
      const writable = Object.defineProperty(new Error('mine'), 'stack', {
        get: () => 'Error\n    at here',
        set() {
          throw new Error('no trace either');
        },
      });
      for (const error of [...odd, hostile, writable, Object.freeze(new Error('mine'))]) {
        assert.throws(
          () =>
            lib.call_i32(() => {
              throw error;
            }, 1),
          (thrown) => thrown === error,
        );
      }
    }, 20));

  test("the program's Error.prepareStackTrace may itself call C", () => {
    const { prepareStackTrace } = Error;
    let calls = 0;
    try {
      Error.prepareStackTrace = (error) => {
        calls += lib.call_i32((n) => n, 1);
        return `${error}\n    at prepared`;
      };
      assert.throws(() => lib.call_i32(thrower, 1), /mine/);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
    assert.ok(calls > 0);
  });
});
