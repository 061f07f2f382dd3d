// arkffi evaluated in a context of node:vm, as test runners do with each test file.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { path } from './fixture.mjs';

const require = createRequire(import.meta.url);
const main = require.resolve('arkffi');

/** Evaluates arkffi in a new context. */
function evaluate() {
  const context = createContext({
    process,
    setTimeout,
    clearTimeout,
    path,
    assert,
    main: join(dirname(main), 'library.cjs'),
  });
  const load = (file) => {
    const text = `(function (module, exports, require, __dirname) {${readFileSync(file, 'utf8')}\n})`;
    const module = { exports: {} };
    const requireInside = (name) => (name.endsWith('.cjs') ? load(join(dirname(file), name)) : require(name));
    runInContext(text, context, { filename: file })(module, module.exports, requireInside, dirname(file));
    return module.exports;
  };
  context.arkffi = load(main);
  return context;
}

const body = `(async () => {
  const { dlopen, ffi, JSCallback, ptr, readStringArray, Struct, callAsync } = arkffi;
  const thrownBy = (body) => { try { body(); } catch (error) { return error; } };
  const rejected = (promise) => promise.then(() => undefined, (error) => error);
  const Complex = Struct({ re: 'd', im: 'd' });
  const library = dlopen(path, {
    echo_i32: { args: ['i'], returns: 'i' },
    echo_f64: { args: ['d'], returns: 'd' },
    errno_fail: { args: ['i'], returns: 'i' },
    call_i32: { args: [{ args: ['i'], returns: 'i' }, 'i'], returns: 'i' },
    complex_multiply: { args: [Complex, Complex], returns: Complex },
  });
  const { echo_i32, echo_f64, errno_fail, call_i32, complex_multiply } = library.symbols;
  const errors = {
    sync: [TypeError, () => echo_i32('x')],
    range: [RangeError, () => echo_i32(2 ** 40)],
    count: [TypeError, () => echo_i32()],
    open: [Error, () => dlopen('libnowhere.so', {})],
    symbol: [Error, () => dlopen(path, { nowhere: {} })],
    raw: [TypeError, () => ffi.load(1)],
    struct: [TypeError, () => complex_multiply({ re: 'x', im: 1 }, { re: 1, im: 1 })],
    checked: [TypeError, () => (ffi.checked = 5)],
    result: [TypeError, () => call_i32(() => 'x', 1)],
  };
  for (let i = 0; i < 20000; i++) {
    assert.equal(echo_i32(i), i);
    assert.equal(echo_f64(i / 2), i / 2);
  }
  for (const [name, [wanted, body]] of Object.entries(errors)) {
    const error = thrownBy(body);
    assert.ok(error instanceof wanted && error.constructor === wanted, name);
    assert.match(error.code, /^ERR_FFI_/, name);
    assert.match(error.stack, new RegExp('^' + wanted.name), name);
    assert.ok(!error.stack.includes(main), name);
  }
  assert.equal(thrownBy(() => echo_i32('x')).message, 'echo_i32: argument 1: expected number, got string');
  const mine = new Error('mine');
  assert.equal(thrownBy(() => call_i32(() => { throw mine; }, 1)), mine);
  assert.ok(echo_i32 instanceof Function);
  assert.ok(echo_i32.async(1) instanceof Promise && callAsync(0n, 'x', '', 'v', [], []).catch(() => {}) instanceof Promise);
  assert.equal(await echo_i32.async(7), 7);
  assert.ok(await rejected(echo_i32.async('x')) instanceof TypeError);
  assert.ok(await rejected(echo_i32.async.with({ timeout: 100000 })('x')) instanceof TypeError);
  assert.equal(await rejected(call_i32.async(() => { throw mine; }, 1)), mine);
  const columns = [new Float64Array([1, 2, 3])];
  for (const results of [echo_f64.batch(columns), await echo_f64.batch.async(columns)]) {
    assert.ok(results instanceof Float64Array && results.buffer instanceof ArrayBuffer);
    assert.equal(results.join(), '1,2,3');
  }
  const out = new Float64Array(3);
  assert.equal(echo_f64.batch(columns, out), out);
  for (const pair of [errno_fail.with({ errno: true })(7), await errno_fail.async.with({ errno: true })(7)]) {
    assert.equal(pair.constructor, Object);
    assert.equal(pair.errno, 7);
  }
  assert.ok(ffi.readMemory(ptr(new Uint8Array(8)), 8) instanceof ArrayBuffer);
  assert.equal(complex_multiply({ re: 1, im: 2 }, Complex.create({ re: 3, im: 4 })).im, 10);
  const callback = new JSCallback((n) => n + 1, { args: ['i'], returns: 'i' });
  assert.equal(callback.call(1), 2);
  assert.equal(call_i32(callback, 5), 6);
  callback.close();
  library.close();
  assert.ok(thrownBy(() => echo_i32(1)) instanceof Error);
})()`;

/** All that arkffi makes belongs to the context that called, in several contexts and in the first one. */
export async function belongs() {
  if (process.argv[4] === 'late') require('arkffi');
  for (let i = 0; i < 3; i++) await runInContext(body, evaluate());
  globalThis.arkffi = require('arkffi');
  globalThis.path = path;
  globalThis.assert = assert;
  globalThis.main = join(dirname(main), 'library.cjs');
  await (0, eval)(body);
  console.log('well');
}
