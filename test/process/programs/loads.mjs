// arkffi loaded more than once in a process, and JavaScript that C enters by ways other than arkffi's callbacks.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { path } from './fixture.mjs';

const require = createRequire(import.meta.url);
const main = require.resolve('arkffi');
const native = process.env.ARKFFI_NATIVE_MODULE || join(dirname(main), 'liblibrary.node');
const entering = join(dirname(path), 'libarkffi_entering.node');

const definitions = {
  echo_i32: { args: ['i'], returns: 'i' },
  echo_string: { args: ['s'], returns: 's' },
  call_i32: { args: ['p', 'i'], returns: 'i' },
  call_times: { args: ['p', 'i'], returns: 'l' },
  call_f64: { args: ['p', 'd'], returns: 'd' },
};
const plain = { call_i32: { args: [{ args: ['i'], returns: 'i' }, 'i'], returns: 'i' } };
const intToInt = { args: ['i'], returns: 'i' };
const open = (arkffi, wanted = definitions) => arkffi.dlopen(path, wanted).symbols;

/** A function that calls `fn`, and that V8 optimises by itself. */
const callerOf = (fn) => new Function('fn', 'return (...args) => fn(...args)')(fn);

const scripts = readdirSync(dirname(main)).filter((name) => name.endsWith('.cjs'));

/** Evaluates arkffi's JavaScript again, over the same native module. */
function evaluateAgain() {
  for (const name of scripts) delete require.cache[join(dirname(main), name)];
  return require('arkffi');
}

/** Loads the native module again as well: one file, two environments on one thread. */
function loadAgain() {
  delete require.cache[native];
  return evaluateAgain();
}

/** Loads a copy of arkffi, as npm installs one where two packages need different versions. */
function loadCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
  for (const name of scripts) copyFileSync(join(dirname(main), name), join(folder, name));
  cpSync(join(dirname(main), 'library'), join(folder, 'library'), { recursive: true });
  copyFileSync(native, join(folder, 'liblibrary.node'));
  const given = process.env.ARKFFI_NATIVE_MODULE;
  delete process.env.ARKFFI_NATIVE_MODULE;
  try {
    return require(join(folder, 'index.cjs'));
  } finally {
    if (given !== undefined) process.env.ARKFFI_NATIVE_MODULE = given;
    process.once('exit', () => rmSync(folder, { recursive: true })); // parts of it are loaded when they are used
  }
}

const ways = { evaluateAgain, loadAgain, loadCopy };

/** Every instance works beside the other, and takes the other's values. */
export function both(way) {
  const one = require('arkffi');
  const struct = one.Struct({ x: 'i', y: 'd' });
  const before = open(one);
  const two = ways[way]();
  assert.notEqual(one, two);
  const after = open(two);
  for (let i = 0; i < 20000; i++) {
    assert.equal(before.echo_i32(i), i);
    assert.equal(after.echo_i32(i - 9), i - 9);
    assert.equal(before.echo_string(`one ${i}`), `one ${i}`);
    assert.equal(after.echo_string(`two ${i}`), `two ${i}`);
  }
  const value = struct.create({ x: 7, y: 0.5 });
  const bytes = Buffer.alloc(struct.size);
  two.dlopen(null, { memcpy: { args: ['p', 'p', 'L'], returns: 'p' } }).symbols.memcpy(bytes, value, struct.size);
  assert.equal(bytes.readInt32LE(), 7);
  assert.throws(() => after.echo_i32('x'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
  assert.equal(two.ffi.engine, one.ffi.engine);
  console.log('well');
}

/** A callback of one instance is called by functions of the other that V8 has optimised. */
export function callbacks(way) {
  const one = require('arkffi');
  const early = open(one);
  const earlyCall = callerOf(early.call_i32);
  const closed = new one.JSCallback((n) => n + 1, intToInt);
  for (let i = 0; i < 20000; i++) assert.equal(earlyCall(closed.ptr, i), i + 1);
  closed.close();
  const two = ways[way]();
  const late = open(two);
  const lateCall = callerOf(late.call_i32);
  const inner = callerOf(late.echo_i32);
  const innermost = callerOf(early.echo_i32);
  let calls = 0;
  const mine = new one.JSCallback((n) => (calls++, inner(n) + innermost(1)), intToInt);
  const theirs = new two.JSCallback((n) => (calls++, innermost(n) + inner(1)), intToInt);
  for (let i = 0; i < 50000; i++) {
    if (i % 10000 === 0) globalThis.gc?.();
    assert.equal(lateCall(mine.ptr, i), i + 1);
    assert.equal(earlyCall(theirs.ptr, i), i + 1);
    assert.equal(lateCall(theirs.ptr, i), i + 1);
  }
  assert.equal(calls, 150000);
  console.log('well');
}

/**
 * C comes back to JavaScript by another native module, in calls that are optimised. The module is loaded before arkffi,
 * after it, or when the functions have been optimised already.
 */
export function addon(when) {
  const load = () => require(entering);
  let module = when === 'before' ? load() : undefined;
  const arkffi = require('arkffi');
  if (when === 'after') module = load();
  const symbols = open(arkffi);
  const call = callerOf(symbols.call_i32);
  const echo = callerOf(symbols.echo_i32);
  const half = callerOf(symbols.call_f64);
  const own = new arkffi.JSCallback((n) => n * 2, intToInt);
  const doubles = new arkffi.JSCallback((x) => x / 2, { args: ['d'], returns: 'd' });
  for (let i = 0; i < 30000; i++) {
    assert.equal(call(own.ptr, i), i * 2);
    assert.equal(half(doubles.ptr, i), i / 2);
  }
  own.close();
  doubles.close();
  for (let i = 0; i < 30000; i++) assert.equal(echo(i), i);
  module ??= load();
  // Inside the call: calls that leave their results where the outer call's are, optimised and not yet optimised.
  let fresh = callerOf(open(arkffi).echo_i32);
  let calls = 0;
  const address = module.keep((n) => {
    calls++;
    if (n % 5000 === 0) {
      globalThis.gc?.();
      fresh = callerOf(open(arkffi).echo_i32);
    }
    return echo(n) + fresh(1);
  });
  for (let i = 0; i < 60000; i++) {
    assert.equal(call(address, i), i + 1);
    if (i % 3 === 0) assert.equal(echo(i), i);
  }
  assert.equal(calls, 60000);
  console.log('well');
}

/** Callbacks of arkffi that another native module calls, in the middle of a call of arkffi's. */
export function between() {
  const arkffi = require('arkffi');
  const module = require(entering);
  const { call_i32 } = open(arkffi, plain);
  const { call_times } = open(arkffi);
  const own = new arkffi.JSCallback((n) => n + 1, intToInt);
  let calls = 0;
  const address = module.keep((n) => {
    if (calls++ % 1000 === 0) globalThis.gc?.();
    return module.callAt(own.ptr, n) + module.callAt(own.ptr, n) - call_i32((m) => m, n);
  });
  for (let i = 0; i < 500; i++) {
    assert.equal(call_times(address, 100), 100 * 2 + (99 * 100) / 2);
    assert.equal(call_i32(own.ptr, i), i + 1);
  }
  console.log('well');
}

/** The host's own functions turn the event loop. */
export function loop() {
  const { uv_run, uv_default_loop } = require('arkffi').dlopen(null, {
    uv_run: { args: ['p', 'i'], returns: 'i' },
    uv_default_loop: { returns: 'p' },
  }).symbols;
  const address = uv_default_loop();
  const turn = callerOf(uv_run);
  for (let i = 0; i < 30000; i++) turn(address, 2);
  let fired = 0;
  for (let i = 0; i < 20; i++) {
    setTimeout(() => fired++, 1);
    while (fired === i) for (let k = 0; k < 100; k++) turn(address, 2);
  }
  console.log('well');
}

/** `process.dlopen` is still what it was for everyone else. */
export function replaced() {
  const before = Object.getOwnPropertyDescriptor(process, 'dlopen');
  require('arkffi');
  const after = Object.getOwnPropertyDescriptor(process, 'dlopen');
  const traits = ({ value, ...rest }) => ({ ...rest, name: value.name, length: value.length });
  assert.deepEqual(traits(after), traits(before));
  const module = { exports: {} };
  process.dlopen(module, entering);
  assert.equal(typeof module.exports.keep, 'function');
  assert.throws(() => process.dlopen({ exports: {} }, '/nowhere.node'), { code: 'ERR_DLOPEN_FAILED' });
  evaluateAgain();
  assert.equal(process.dlopen, after.value);
  console.log('well');
}
