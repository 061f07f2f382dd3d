// Stack traces: the first line of every error's trace is the program's own, whatever of arkffi's lies between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as arkffi from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture } from './support.mjs';

const { alloc, Arena, cdef, CFunction, CString, dlopen, findLibrary, JSCallback, out, read, Struct, write } = arkffi;

const { symbols } = dlopen(fixture, {
  echo_u8: { args: ['C'], returns: 'C' },
  weigh_i32_2: { args: ['i', 'i'], returns: 'l' },
  echo_string: { args: ['s'], returns: 's' },
  call_i32: { args: ['p', 'i'], returns: 'i' },
});
const Point = Struct({ x: 'int', y: 'int' });
const Line = Struct({ from: Point, to: Point });
const point = Point.create({});
const line = Line.create({});
const points = Point.arrayOf(3);
const arena = new Arena();
arena.close();
const wrong = new JSCallback(() => 'x', { args: ['i'], returns: 'i' });

let stackAtTopLevel;
try {
  dlopen('./no/such/library.so', {});
} catch ({ stack }) {
  stackAtTopLevel = stack;
}

/** Calls that fail, by the place in arkffi that finds it. */
const calls = {
  'a call': () => symbols.echo_u8('1'),
  'a call with a number out of range': () => symbols.echo_u8(256),
  'a call with too few arguments': () => symbols.weigh_i32_2(1),
  'a call with text': () => symbols.echo_string(1),
  'a call with errno': () => symbols.echo_u8.with({ errno: true })('1'),
  'options of a call': () => symbols.echo_u8.with({ errn: true }),
  'a batch': () => symbols.echo_u8.batch([1]),
  'a raw call': () => ffi.load(1),
  'a type of dlopen': () => dlopen(fixture, { add: { args: ['itn', 'int'], returns: 'int' } }),
  'a type of a callback of dlopen': () => dlopen(fixture, { add: { args: [{ args: [{ args: ['itn'] }] }] } }),
  'a library that is not there': () => dlopen('./no/such/library.so', {}),
  'a symbol that is not there': () => dlopen(fixture, { no_such_symbol: {} }),
  'an option of dlopen': () => dlopen(fixture, {}, { thread: 1 }),
  'a declaration in C': () => cdef(fixture, 'int f(itn);'),
  'a symbol that is declared and not there': () => cdef(fixture, 'int no_such_symbol(int);'),
  'a symbol that is not there when it is read': () =>
    cdef(fixture, 'int no_such_symbol(int);', { lazy: true }).symbols.no_such_symbol,
  'a library without a name': () => findLibrary('no-such-library'),
  'a C function at 0': () => CFunction({ ptr: 0 }),
  'a callback without a function': () => new JSCallback(1, {}),
  'a callback of a wrong type': () => new JSCallback(() => 0, { args: ['itn'] }),
  'a call of a callback': () => wrong.call('1'),
  'text at no address': () => new CString(5),
  'reading at no address': () => read.i32(0),
  'writing at no address': () => write.i32(0, 1),
  'an array of strings': () => arkffi.stringArray([1]),
  'an amount of memory': () => alloc(-1),
  'a buffer at no address': () => arkffi.toArrayBuffer(0, 1),
  'an arena that has ended': () => arena.buffer(1),
  'an out-parameter': () => out('itn'),
  'a type of a struct': () => Struct({ a: Struct({ b: ['itn', 2] }) }),
  'a value of a struct': () => Line.create({ from: { x: '1' } }),
  'a field of a struct': () => (point.x = '1'),
  'a field of a struct inside another': () => (line.from.x = '1'),
  'a struct in a struct': () => (line.from = { x: '1', y: 1 }),
  'a method of a struct': () => Point.set(point, 'x', '1'),
  'a struct at no address': () => Point.at(0),
  'an element of an array': () => points.set(1, 5),
};

/** What lines of arkffi's have. */
const OWN = /[\\/]dist[\\/]|arkffi:call/;

/** Bun leaves a function out of a trace whose last act is a call. */
const noTailCall = () => {};

/** The trace of what a call throws. */
function traceOf(call) {
  try {
    return call();
  } catch (error) {
    return error.stack;
  }
}

const lines = (stack) => stack.split('\n').filter((text) => /^ *at /.test(text));

for (const [name, call] of Object.entries(calls)) {
  test(`${name}: the trace begins in the program`, () =>
    check(() => {
      const stack = traceOf(call);
      assert.equal(typeof stack, 'string', 'it does not throw');
      assert.match(lines(stack)[0] ?? stack, /stacks\.test\.mjs/, stack);
      assert.doesNotMatch(stack, OWN, stack);
    }, 20));
}

test('an async call that is refused: the trace begins in the program', () =>
  check(async () => {
    const error = await symbols.echo_u8.async('1').catch((thrown) => thrown);
    assert.match(lines(error.stack)[0], /stacks\.test\.mjs/, error.stack);
  }, 20));

test('what a program sees below a callback of its own is not removed', () =>
  check(() => {
    const callback = new JSCallback(
      () => {
        try {
          return symbols.echo_u8('1');
        } finally {
          noTailCall();
        }
      },
      { args: ['i'], returns: 'i' },
    );
    const stack = traceOf(() => symbols.call_i32(callback, 1));
    callback.close();
    assert.match(lines(stack)[0], /stacks\.test\.mjs/, stack);
  }, 20));

test('a callback that gives a wrong result: after the C function comes the program', () =>
  check(() => {
    const [first, second] = lines(traceOf(() => symbols.call_i32(wrong, 1)));
    assert.match(/call_i32 \(lib/.test(first) ? second : first, /stacks\.test\.mjs/);
  }, 20));

test('a trace has as many lines as the program wants, and a program can replace it', () => {
  const { stackTraceLimit } = Error;
  const deep = (n) => {
    const stack = n === 0 ? traceOf(() => dlopen(fixture, { add: { args: ['itn'] } })) : deep(n - 1);
    return stack;
  };
  try {
    Error.stackTraceLimit = 4;
    assert.ok(lines(deep(30)).length <= 4, deep(30));
    assert.match(lines(deep(30))[0], /stacks\.test\.mjs/);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  try {
    symbols.echo_u8('1');
  } catch (error) {
    error.stack = 'another';
    assert.equal(error.stack, 'another');
    assert.deepEqual(Object.keys(error), ['code']);
  }
});

test('a program that makes traces itself, or forbids them, gets its errors', () => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    Error.prepareStackTrace = (error, sites) => [String(error), sites.length];
    traceOf(calls['a call']);
    Error.prepareStackTrace = () => {
      throw new Error('mine');
    };
    assert.throws(calls['a call'], { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    Error.prepareStackTrace = prepareStackTrace;
    for (const limit of [0, undefined, 'x']) {
      Error.stackTraceLimit = limit;
      assert.throws(calls['a call'], { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  }
});

/** What a program's own way of writing traces makes of those of a call and of a definition that fail. */
function preparedBy(prepare) {
  const { prepareStackTrace } = Error;
  try {
    Error.prepareStackTrace = prepare;
    return [calls['a call'], calls['a type of a struct']].map(traceOf);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

test('traces that a program writes in its own format are kept', () => {
  for (const stack of preparedBy(({ message }, sites) => `${message} (${sites.length > 0})`)) {
    assert.match(stack, /^[^\n]+\(true\)$/);
  }
  for (const stack of preparedBy(({ message }) => JSON.stringify({ message }))) assert.ok(JSON.parse(stack).message);
  for (const stack of preparedBy((error, sites) => sites)) assert.ok(Array.isArray(stack));
});

test("traces that a program writes itself begin with its own line if they are in the host's format", () => {
  const written = preparedBy(
    ({ message }, sites) => `mine: ${message}${sites.map((site) => `\n    at ${site}`).join('')}\nend`,
  );
  for (const stack of written) {
    assert.match(stack, /^mine: [^\n]+\n/);
    assert.match(stack, /\nend$/);
    assert.match(
      lines(stack).find((line) => !line.endsWith('(native)')),
      /stacks\.test\.mjs/,
    );
    assert.doesNotMatch(stack, OWN);
  }
});

// Of an uncaught error Bun prints no line without a name.
test('in Bun the top level of a module has a name in a trace', { skip: !('Bun' in globalThis) && 'not Bun' }, () =>
  assert.match(lines(stackAtTopLevel)[0], /^ +at <anonymous> \(.*stacks\.test\.mjs:\d+:\d+\)$/),
);
