// Shared by the behaviour suite. Every case goes through `check` or `everyRoute`, which run it once when cold and, with
// ARKFFI_WARM set, after enough rounds for V8 to have optimised it: values and errors must be the same.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { AsyncCFunction, CFunction, dlopen } from 'arkffi';
import ffi from 'liblibrary.so';

/** The path of the fixture library, test/fixture. */
export const fixture = process.env.ARKFFI_FIXTURE;
assert.ok(fixture, 'ARKFFI_FIXTURE must be the path of libarkffi_fixture.so: run tools/test-js.sh');

// Windows' C libraries lack some functions of POSIX under their names. The fixture library has them, which dlopen(null) looks in.
if (process.platform === 'win32') dlopen(fixture, {}, { nodelete: true });

/** The demonstration library, by the bare name under which it is found on every system. */
export const target = 'libffi_target.so';

/** Whether each case is warmed up first. */
export const isWarm = Boolean(process.env.ARKFFI_WARM);

/**
 * How often a case runs before the run that counts. A case that waits for worker threads runs less often, because each
 * run costs more.
 */
export const rounds = isWarm ? 2000 : 0;
const asyncRounds = rounds / 10;

// Without this flag V8 optimises a function this small only after tens of thousands of calls.
if (isWarm) setFlagsFromString('--interrupt-budget=1000');

/**
 * Runs a case, which may return a Promise; when warm, repeatedly until it is optimised, and then once more. A slow case
 * runs only one in `share` of the usual rounds.
 */
export async function check(fn, share = 1) {
  for (let i = 0; i < rounds / share; i++) {
    const pending = fn();
    if (!(pending instanceof Promise)) continue;
    await pending;
    if (i >= asyncRounds / share) break;
  }
  await fn();
}

const lately = [];

/**
 * A value that stays alive for some time after its last use. An address keeps nothing alive, so that optimised code may
 * free the memory of a value as soon as it has given its address.
 */
export function kept(value) {
  if (lately.length >= 100) lately.shift();
  lately.push(value);
  return value;
}

/** A text as the source of a RegExp that matches just this text: a path of Windows has backslashes. */
export const literally = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** The result of a call with `errno: true`. On Windows it has GetLastError's number as well. */
export const withErrnoOf = (value, errno) => ({
  value,
  errno,
  ...(process.platform === 'win32' ? { lastError: 0 } : {}),
});

const classes = {
  ERR_FFI_LIBRARY_NOT_FOUND: Error,
  ERR_FFI_SYMBOL_NOT_FOUND: Error,
  ERR_FFI_NOT_DEFINED: Error,
  ERR_FFI_LIBRARY_CLOSED: Error,
  ERR_FFI_INVALID_HANDLE: TypeError,
  ERR_FFI_BAD_SIGNATURE: TypeError,
  ERR_FFI_INVALID_ARG_TYPE: TypeError,
  ERR_FFI_OUT_OF_RANGE: RangeError,
  ERR_FFI_ARG_COUNT: TypeError,
  ERR_FFI_NULL_POINTER: TypeError,
  ERR_FFI_BAD_ADDRESS: Error,
  ERR_FFI_ARENA_CLOSED: Error,
  ERR_FFI_NOT_SUPPORTED: Error,
  ERR_FFI_CALLBACK_CLOSED: Error,
  ERR_FFI_WRONG_THREAD: Error,
  ERR_FFI_WRONG_STACK: Error,
  ERR_FFI_STACK_OVERFLOW: RangeError,
  ERR_FFI_QUEUE_FULL: Error,
  ERR_FFI_ABORTED: Error,
  ERR_FFI_TIMEOUT: Error,
  ERR_FFI_NO_ENGINE: Error,
  ERR_FFI_NO_MEMORY: Error,
};

/** Asserts the `code` of an error, its class, which depends on the code, and its message: a string or a RegExp. */
export function assertError(error, { code, message }) {
  assert.ok(code in classes, `${code} is a code of arkffi's`);
  assert.ok(error instanceof Error, `an Error is expected, got ${String(error)}`);
  assert.equal(error.code, code, `code of: ${error.message}`);
  assert.equal(error.constructor, classes[code], `class of: ${error.message}`);
  if (message instanceof RegExp) assert.match(error.message, message);
  else if (message !== undefined) assert.equal(error.message, message);
  assert.notEqual(error.message, '');
}

/** The source of a RegExp for the end of a message about a value of the wrong kind: `got an array; …`. */
export function got(value) {
  const isObject = typeof value === 'object' && value !== null;
  const name = !isObject || value.constructor === Object ? '' : value.constructor.name;
  const kind = Array.isArray(value) ? 'an array' : name ? `an? ${name}` : value === null ? 'null' : typeof value;
  return `got ${kind}(; .+)?$`;
}

/** Asserts that `fn` throws: `wanted` is `{ code, message }`, a class, or the exact value that must be thrown. */
export function throws(fn, wanted) {
  let thrown;
  let result;
  try {
    result = fn();
  } catch (error) {
    thrown = { error };
  }
  assert.ok(thrown, `expected ${wanted?.code ?? 'an exception'}, got ${describe(result)}`);
  assertThrown(thrown.error, wanted);
}

/** Asserts that `fn` returns a Promise without throwing, and that it rejects with `wanted` as `throws` takes it. */
export async function rejects(fn, wanted) {
  const promise = fn();
  assert.ok(promise instanceof Promise, `a Promise is expected, got ${describe(promise)}`);
  let thrown;
  const result = await promise.catch((error) => {
    thrown = { error };
  });
  assert.ok(thrown, `expected ${wanted?.code ?? 'a rejection'}, got ${describe(result)}`);
  assertThrown(thrown.error, wanted);
}

function assertThrown(error, wanted) {
  if (isErrorPattern(wanted)) assertError(error, wanted);
  else if (typeof wanted === 'function') assert.ok(error instanceof wanted, `expected ${wanted.name}, got ${error}`);
  else assert.equal(error, wanted);
}

/** Whether `wanted` is a pattern `{ code, message }`, and not the thrown value itself. */
function isErrorPattern(wanted) {
  return typeof wanted === 'object' && wanted !== null && wanted.code in classes && !(wanted instanceof Error);
}

function describe(value) {
  return typeof value === 'bigint' ? `${value}n` : Object.is(value, -0) ? '-0' : String(value);
}

const withPlace = (message, place) => (typeof message === 'string' ? `${place}: ${message}` : message);

let sites = 0;

/**
 * A function that only calls `fn`, from a call site of its own: V8 optimises each call site for the values that it
 * sees.
 */
function callSite(fn, arity) {
  const names = Array.from({ length: arity }, (_, i) => `a${i}`).join();
  return new Function('fn', `return function site${++sites}(${names}) { return fn(${names}); }`)(fn);
}

/** One way to call a C function. `parameters` turns C's arguments into the parameters of the JavaScript function. */
class Route {
  constructor(name, { fn, place, isAsync = false, isRaw = false, parameters = (args) => args }) {
    Object.assign(this, { name, fn, place, isAsync, isRaw, parameters });
    this.sites = new Map();
  }

  call(args) {
    const parameters = this.parameters(args);
    const { length } = parameters;
    if (!this.sites.has(length)) this.sites.set(length, callSite(this.fn, length));
    return this.sites.get(length)(...parameters);
  }

  async warm(usual, share) {
    for (let i = 0; i < (this.isAsync ? asyncRounds : rounds) / share; i++) {
      const pending = this.call(usual());
      if (this.isAsync) await pending;
    }
  }
}

/** The two lists of the raw bridge: strings are separate from all other arguments. */
function lists(types, args) {
  const isString = (_, i) => 'sSwt'.includes(types[i]);
  return [args.filter((arg, i) => !isString(arg, i)), args.filter(isString)];
}

function routesOf({ name, args: types, returns }) {
  const handle = ffi.load(fixture);
  ffi.defineFunction(handle, name, types, returns);
  const address = ffi.getSymbolPtr(handle, name);
  const definition = { args: [...types], returns };
  const symbol = dlopen(fixture, { [name]: definition }).symbols[name];
  const pointed = CFunction({ ...definition, ptr: address, name });
  const raw = (before, args) => [...before, ...lists(types, args)];
  const isRaw = true;
  const isAsync = true;

  return [
    new Route('callBySig', { fn: ffi.callBySig, place: name, isRaw, parameters: (args) => raw([handle, name], args) }),
    new Route('callMixed', {
      fn: ffi.callMixed,
      place: name,
      isRaw,
      parameters: (args) => raw([handle, name, types, returns], args),
    }),
    new Route('callPtr', {
      fn: ffi.callPtr,
      place: 'callPtr',
      isRaw,
      parameters: (args) => raw([address, types, returns], args),
    }),
    new Route('callAsync', {
      fn: ffi.callAsync,
      place: name,
      isRaw,
      isAsync,
      parameters: (args) => raw([handle, name, types, returns], args),
    }),
    new Route('callPtrAsync', {
      fn: ffi.callPtrAsync,
      place: 'callPtrAsync',
      isRaw,
      isAsync,
      parameters: (args) => raw([address, types, returns], args),
    }),
    new Route('symbol', { fn: symbol, place: name }),
    new Route('symbol.async', { fn: symbol.async, place: name, isAsync }),
    new Route('CFunction', { fn: pointed, place: name }),
    new Route('CFunction.async', { fn: pointed.async, place: name, isAsync }),
    new Route('AsyncCFunction', { fn: AsyncCFunction({ ...definition, ptr: address, name }), place: name, isAsync }),
  ];
}

/**
 * A function of the fixture library on every route: each way in which arkffi can call it. `signature` is as in the
 * fixture's README, `(cd)l`; `usual` are valid arguments, which warm the call sites up; `share` is as for `check`.
 * Arguments may be given as a function that makes them, where two calls cannot share them.
 *
 * @example
 * const echo = everyRoute('echo_u8', '(C)C', [1]);
 * await echo.gives([255], 255);
 * await echo.refuses([256], { code: 'ERR_FFI_OUT_OF_RANGE', message: 'argument 1: 256 is out of …' });
 */
export function everyRoute(name, signature, usual, share = 1) {
  const [, args, returns] = /^\((\w*)\)(\w)$/.exec(signature);
  const made = routesOf({ name, args, returns });
  const fresh = (given) => (typeof given === 'function' ? given() : given);
  let warmed;
  const ready = () =>
    (warmed ??= (async () => {
      for (const route of made) await route.warm(() => fresh(usual), share);
    })());

  async function onEach(routes, body) {
    await ready();
    for (const route of routes) {
      try {
        await body(route);
      } catch (error) {
        error.message = `${route.name}: ${error.message}`;
        throw error;
      }
    }
  }

  const on = (routes) => ({
    /** Asserts the result: a value, or a function that asserts it. C's bool is 0 or 1 from the raw bridge. */
    gives: (given, expected) =>
      onEach(routes, async (route) => {
        const values = fresh(given);
        const result = route.call(values);
        assert.equal(result instanceof Promise, route.isAsync);
        const value = await result;
        if (typeof expected === 'function') expected(value, values);
        else assert.equal(value, route.isRaw && typeof expected === 'boolean' ? Number(expected) : expected);
      }),

    /** Asserts the error, which is thrown or rejects a Promise. A string message is without the function's name. */
    refuses: (given, wanted) =>
      onEach(routes, async (route) => {
        const full = isErrorPattern(wanted) ? { ...wanted, message: withPlace(wanted.message, route.place) } : wanted;
        const call = () => route.call(fresh(given));
        if (route.isAsync) await rejects(call, full);
        else throws(call, full);
        // A failure may have deoptimised the code: calls with valid values must still work.
        await route.call(fresh(usual));
      }),
  });
  return {
    ...on(made),
    /** The same assertions on only the synchronous, or only the asynchronous, routes. */
    sync: on(made.filter(({ isAsync }) => !isAsync)),
    async: on(made.filter(({ isAsync }) => isAsync)),
  };
}
