// Errors: each failure has a class, a stable code, and a message that names its source.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Arena, AsyncCFunction, cdef, CFunction, dlopen, JSCallback, readStringArray, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { assertError, check, fixture, rejects, target, throws } from './support.mjs';

const handle = ffi.load(fixture);
const lib = dlopen(fixture, {
  echo_u8: { args: ['C'], returns: 'C' },
  weigh_i32_2: { args: ['i', 'i'], returns: 'l' },
  echo_string: { args: ['s'], returns: 's' },
});
const { symbols } = lib;

const closed = dlopen(fixture, { echo_u8: { args: ['C'], returns: 'C' } });
closed.close();
const closedCallback = new JSCallback(() => 0, { returns: 'i' });
closedCallback.close();

const closedArena = new Arena();
closedArena.close();

/** Failures of each kind that a single thread can cause. */
const failures = {
  ERR_FFI_LIBRARY_NOT_FOUND: [() => ffi.load('no-such-library.so'), () => dlopen('./no/such/library.so', {})],
  ERR_FFI_SYMBOL_NOT_FOUND: [
    () => ffi.getSymbolPtr(handle, 'no_such_symbol'),
    () => ffi.callMixed(handle, 'no_such_symbol', '', 'v', [], []),
    () => ffi.defineFunction(handle, 'no_such_symbol', '', 'v'),
    () => dlopen(fixture, { no_such_symbol: {} }),
  ],
  ERR_FFI_NOT_DEFINED: [() => ffi.callBySig(handle, 'echo_u8', [1], [])],
  ERR_FFI_LIBRARY_CLOSED: [() => closed.symbols.echo_u8(1), () => ffi.getSymbolPtr(closed.handle, 'echo_u8')],
  ERR_FFI_INVALID_HANDLE: [() => ffi.close(0n), () => ffi.destroyCallback(0)],
  ERR_FFI_BAD_SIGNATURE: [
    () => ffi.defineFunction(handle, 'echo_u8', 'ids?', 'v'),
    () => dlopen(fixture, { echo_u8: { args: ['wrong'] } }),
  ],
  ERR_FFI_INVALID_ARG_TYPE: [() => symbols.echo_u8('1'), () => ffi.load(1), () => new JSCallback(1, {})],
  ERR_FFI_OUT_OF_RANGE: [() => symbols.echo_u8(256), () => ffi.readMemory(65536, -1), () => CFunction({ ptr: -1 })],
  ERR_FFI_ARG_COUNT: [() => symbols.echo_u8(), () => ffi.close()],
  ERR_FFI_NULL_POINTER: [() => CFunction({ ptr: 0 }), () => ffi.readMemory(0, 1)],
  ERR_FFI_ARENA_CLOSED: [() => closedArena.buffer(1)],
  ERR_FFI_CALLBACK_CLOSED: [() => closedCallback.ptr, () => ffi.invokeCallback(closedCallback.getHandle())],
  ERR_FFI_NO_MEMORY: [() => ffi.readMemory(ffi.ptr(new Uint8Array(1)), 2 ** 52)],
};

for (const [code, calls] of Object.entries(failures)) {
  test(`${code} has its class and a message`, () =>
    check(
      () => {
        for (const call of calls) throws(call, { code, message: /^[^\n]{10,}$/ });
      },
      // A JavaScript engine that is out of memory collects garbage first.
      code === 'ERR_FFI_NO_MEMORY' ? 200 : 10,
    ));
}

/**
 * These codes need another thread, stack, process, mode or host. They are tested by callback-threads.test.mjs,
 * callback-stacks.test.mjs, call-options.test.mjs, process/engines.test.mjs and checked.test.mjs; no tested host lacks a
 * feature that NOT_SUPPORTED reports.
 */
const testedElsewhere = [
  ...['WRONG_THREAD', 'WRONG_STACK', 'STACK_OVERFLOW', 'QUEUE_FULL', 'ABORTED', 'TIMEOUT', 'NO_ENGINE', 'BAD_ADDRESS'],
  'NOT_SUPPORTED',
];

test('the classes of errors agree with status.def, and every code is tested', () => {
  const text = readFileSync(new URL('../../core/def/status.def', import.meta.url), 'utf8');
  const statuses = [...text.matchAll(/^ARK_STATUS\((\w+), (\w+),/gm)];
  assert.ok(statuses.length >= 13);
  for (const [, id, name] of statuses) {
    const code = `ERR_FFI_${id}`;
    assertError(Object.assign(new globalThis[name](id), { code }), { code });
    if (!testedElsewhere.includes(id)) assert.ok(code in failures, code);
  }
});

test('an error is an Error with a name, a stack that includes the caller, and an own code', () => {
  Error.stackTraceLimit = 50;
  return check(() => {
    for (const call of Object.values(failures).flat()) {
      try {
        call();
        assert.fail('nothing was thrown');
      } catch (error) {
        assert.equal(error.name, error.constructor.name);
        assert.match(error.stack, /errors\.test\.mjs/);
        assert.ok(Object.hasOwn(error, 'code'));
        assert.ok(String(error).includes(error.message));
      }
    }
  }, 200);
});

test('the error of a wrong argument names function, position, expected type and actual type', () =>
  check(() => {
    const wanted = { code: 'ERR_FFI_INVALID_ARG_TYPE' };
    const message = 'weigh_i32_2: argument 2: expected number, got string';
    throws(() => symbols.weigh_i32_2(1, '2'), { ...wanted, message });
    throws(() => ffi.callMixed(handle, 'weigh_i32_2', 'ii', 'l', [1, '2'], []), { ...wanted, message });
    throws(() => symbols.echo_string(5), {
      ...wanted,
      message:
        'echo_string: argument 1: expected string, a buffer, an address or null, got number; 5 is no address, because nothing is mapped below 65536',
    });
  }));

test('the error of a number out of range names its type and range', () =>
  check(() =>
    throws(() => symbols.echo_u8(300), {
      code: 'ERR_FFI_OUT_OF_RANGE',
      message: 'echo_u8: argument 1: 300 is out of range for uint8_t (0 to 255)',
    }),
  ));

test('the error of a wrong argument count names the right count', () =>
  check(() => {
    const code = 'ERR_FFI_ARG_COUNT';
    throws(() => symbols.echo_u8(), { code, message: 'echo_u8: expected 1 argument, got 0' });
    throws(() => symbols.weigh_i32_2(1, 2, 3), { code, message: 'weigh_i32_2: expected 2 arguments, got 3' });
  }));

test('errors of strings count positions in the signature, not in strArgs', () =>
  check(() => {
    const memory = new Uint8Array(8);
    throws(() => ffi.callMixed(handle, 'string_concat', 'pLss', 'i', [memory, 8], ['a', 5]), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message:
        'string_concat: argument 4: expected string, a buffer, an address or null, got number; 5 is no address, because nothing is mapped below 65536',
    });
  }));

test('messages name a CFunction by its name, or else by its constructor', () =>
  check(async () => {
    const ptr = symbols.echo_u8.ptr;
    const message = (name) => `${name}: argument 1: 256 is out of range for uint8_t (0 to 255)`;
    const code = 'ERR_FFI_OUT_OF_RANGE';
    const definition = { args: ['C'], returns: 'C', ptr };
    throws(() => CFunction(definition)(256), { code, message: message('CFunction') });
    throws(() => CFunction({ ...definition, name: 'mine' })(256), { code, message: message('mine') });
    await rejects(() => AsyncCFunction(definition)(256), { code, message: message('AsyncCFunction') });
    await rejects(() => AsyncCFunction({ ...definition, name: 'überall' })(256), { code, message: message('überall') });
  }, 10));

test('a similar name is suggested for a missing symbol', () =>
  check(() => {
    const code = 'ERR_FFI_SYMBOL_NOT_FOUND';
    throws(() => dlopen(target, { getVersoin: { returns: 's' } }), {
      code,
      message: /getVersoin.*did you mean 'getVersion'\?/,
    });
    throws(() => ffi.getSymbolPtr(handle, 'ECHO_U8'), { code, message: /did you mean 'echo_u8'\?/ });
    throws(() => ffi.getSymbolPtr(handle, 'nothing_like_any_of_them'), { code, message: /^(?!.*did you mean)/ });
  }, 20));

test('a misspelled symbol and a misspelled key get the same hint', () =>
  check(() => {
    const near = ['getversion', 'getVersoin', 'getVersn', 'gtVersin', 'GETVERSION', 'getVersionEx', 'get_version'];
    const far = ['get', 'Version', 'getVersionExtended', 'x'.repeat(80)];
    const library = ['add', 'divide', 'multiply', 'getVersion', 'factorial', 'gcd', 'compute'];
    const Symbols = Struct(Object.fromEntries(library.map((name) => [name, 'i'])));
    const hint = (fn) => {
      try {
        fn();
      } catch ({ message }) {
        return /did you mean '(.*)'/.exec(message)?.[1];
      }
    };
    for (const slip of [...near, ...far, 'ad', 'addd', 'gdc', 'gc', 'divde', 'multipyl', 'factorail', 'q']) {
      const ofSymbol = hint(() => dlopen(target, { [slip]: {} }));
      assert.equal(
        ofSymbol,
        hint(() => Symbols.create({ [slip]: 1 })),
        slip,
      );
      if (near.includes(slip)) assert.equal(ofSymbol, 'getVersion', slip);
      if (far.includes(slip)) assert.equal(ofSymbol, undefined, slip);
    }
    throws(() => Struct({ x: 'i', longer: 'i' }).create({ z: 1 }), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /did you mean 'x'\?$/,
    });
  }, 200));

test('names and values of any length and script appear correctly in messages', () =>
  check(() => {
    for (const name of ['é'.repeat(2000), '😀'.repeat(1000), 'x'.repeat(100000)]) {
      try {
        ffi.getSymbolPtr(handle, name);
        assert.fail('nothing was thrown');
      } catch (error) {
        assertError(error, { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message: /^(é|😀|x){100}/u });
        assert.ok(!error.message.includes('\ufffd'), 'no character is cut in two');
      }
    }
    const definition = { args: ['C'], returns: 'C', ptr: symbols.echo_u8, name: '%s%n%d' };
    throws(() => CFunction(definition)(256), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^%s%n%d: argument 1: 256 / });
  }, 20));

test('after an error the same call works with a valid value', () =>
  check(async () => {
    for (const wrong of [256, -1, 1.5, 'x', undefined, null, 1n]) {
      assert.throws(() => symbols.echo_u8(wrong));
      assert.equal(symbols.echo_u8(255), 255);
      await assert.rejects(symbols.echo_u8.async(wrong));
      assert.equal(await symbols.echo_u8.async(255), 255);
    }
  }));

test('messages begin with the function that the program called', () =>
  check(() => {
    const type = 'ERR_FFI_INVALID_ARG_TYPE';
    const signature = 'ERR_FFI_BAD_SIGNATURE';
    const named = (run, code, message) => throws(run, { code, message });
    named(() => dlopen(5, {}), type, /^dlopen: argument 1: expected string/);
    named(() => cdef(5, 'void f(void);'), type, /^cdef: argument 1: expected string/);
    named(() => new JSCallback(() => {}, { args: Array(200).fill('i') }), signature, /^JSCallback: argument types: /);
    named(
      () => new JSCallback(() => '', { returns: 's', threadsafe: 'post' }),
      signature,
      /^JSCallback: no thread waits/,
    );
    named(() => new Arena().string('a\0b'), type, /^Arena\.string: argument 1: the string has a NUL inside/);
    named(() => new Arena().wstring('a\0b'), type, /^Arena\.wstring: argument 1: the string has a NUL inside/);
    named(() => readStringArray(5), 'ERR_FFI_NULL_POINTER', /^readStringArray: 5 is no address/);
  }));
