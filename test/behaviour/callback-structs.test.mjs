// Structs by value in callbacks that other threads call: copies in posted calls, and structs as values of Promises.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback, Struct } from 'arkffi';
import { nextTurn, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';
import { until } from './threads.mjs';

const Complex = Struct({ re: 'd', im: 'd' }, { name: 'Complex' });
const Large = Struct({ numbers: ['l', 5] }, { name: 'Large' });
const Text = Struct({ text: 'p', number: 'i' }, { name: 'Text' });

const apply = { args: [Complex, Large], returns: Complex, threadsafe: true };
const posted = { args: [Complex, Large, Text, 'i'], threadsafe: 'post' };

const { complex_apply, complex_apply_elsewhere, struct_tell } = dlopen(fixture, {
  complex_apply: { args: ['k', Complex], returns: Complex },
  complex_apply_elsewhere: { args: ['k', Complex], returns: Complex },
  struct_tell: { args: ['k', 'i'], returns: 'i' },
}).symbols;

const one = { re: 1, im: 2 };

describe('a posted callback that takes structs', () => {
  test('a posted callback gets copies of structs, which outlive the thread that passed them', () =>
    repeat(async () => {
      const got = [];
      const callback = new JSCallback((complex, large, text, i) => {
        got.push([complex.toObject(), large.toObject(), text.number, i]);
      }, posted);
      assert.equal(struct_tell(callback, 300), 0);
      assert.deepEqual(got, []);
      await until(() => got.length === 300);
      assert.deepEqual(
        got,
        Array.from({ length: 300 }, (_, i) => [{ re: i, im: i + 0.5 }, { numbers: [i, 1, 2, 3, 0 - i] }, i, i]),
      );
      callback.close();
    }, 20));

  test('each posted call has structs of its own, independent of the others', async () => {
    const kept = [];
    const callback = new JSCallback((complex) => kept.push(complex), posted);
    assert.equal(struct_tell(callback, 50), 0);
    await until(() => kept.length === 50);
    kept[0].re = 1000;
    assert.deepEqual(
      kept.slice(1).map(({ re }) => re),
      Array.from({ length: 49 }, (_, i) => i + 1),
    );
    callback.close();
  });

  test('structs that JavaScript posts are copied as well', () =>
    check(async () => {
      const got = [];
      const callback = new JSCallback((complex, large) => got.push([complex.re, [...large.numbers]]), {
        args: [Complex, Large],
        threadsafe: 'post',
      });
      const complex = Complex.create(one);
      callback.call(complex, { numbers: [1, 2, 3, 4, 5] });
      complex.re = 7;
      await until(() => got.length);
      assert.deepEqual(got, [[1, [1, 2, 3, 4, 5]]]);
      callback.close();
    }));

  test('closing a posted callback drops calls with structs that have not run', async () => {
    let calls = 0;
    const callback = new JSCallback(() => calls++, posted);
    assert.equal(struct_tell(callback, 100), 0);
    callback.close();
    await nextTurn();
    await nextTurn();
    assert.equal(calls, 0);
  });
});

describe('a Promise of a callback that another thread has called', () => {
  /** Makes a callback, and calls it on the worker of an async call and on a thread of the library. */
  async function onBothThreads(fn, body) {
    const callback = new JSCallback(fn, apply);
    try {
      await body(() => complex_apply.async(callback, one));
      await body(() => complex_apply_elsewhere.async(callback, one));
    } finally {
      callback.close();
    }
  }

  const results = {
    'an object with the fields': ({ re, im }) => ({ re: im, im: re }),
    'a struct': ({ re, im }) => Complex.create({ re: im, im: re }),
    'its bytes': ({ re, im }) => new Float64Array([im, re]),
  };
  for (const [what, resultOf] of Object.entries(results)) {
    test(`C gets the struct with which the Promise is fulfilled: ${what}`, () =>
      check(() =>
        onBothThreads(
          async (complex) => {
            await nextTurn();
            return resultOf(complex);
          },
          async (call) => assert.deepEqual((await call()).toObject(), { re: 2, im: 1 }),
        ),
      ));
  }

  test('each of many threads gets its own struct', async () => {
    const callback = new JSCallback(async ({ re }) => {
      await nextTurn();
      return { re: -re, im: re };
    }, apply);
    const calls = Array.from({ length: 20 }, (_, i) => complex_apply_elsewhere.async(callback, { re: i + 1, im: 0 }));
    assert.deepEqual(
      (await Promise.all(calls)).map((complex) => complex.toObject()),
      Array.from({ length: 20 }, (_, i) => ({ re: -i - 1, im: i + 1 })),
    );
    callback.close();
  });

  test('a Promise that is fulfilled with anything else than the struct rejects the call', () =>
    check(async () => {
      for (const value of [undefined, 5, { re: 1 }, new Uint8Array(15)]) {
        const callback = new JSCallback(async () => value, apply);
        const error = await complex_apply.async(callback, one).then(assert.fail, (reason) => reason);
        assert.ok(error instanceof Error && error.code.startsWith('ERR_FFI_'), String(error));
        callback.close();
      }
    }));

  test("a call rejects with the reason of the callback's Promise", () =>
    check(async () => {
      const error = new Error('no struct');
      const callback = new JSCallback(() => Promise.reject(error), apply);
      await rejects(() => complex_apply.async(callback, one), error);
      callback.close();
    }));

  test('a Promise is refused if C called on the JavaScript thread', () =>
    check(() => {
      const callback = new JSCallback(async () => one, apply);
      throws(() => complex_apply(callback, one), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /Promise/ });
      callback.close();
    }));

  test('closing the callback releases the waiting thread with zeros', async () => {
    const pending = new Promise(() => {});
    const callback = new JSCallback(() => pending, apply);
    const call = complex_apply.async(callback, one);
    await nextTurn();
    setTimeout(() => callback.close(), 5);
    await rejects(() => call, { code: 'ERR_FFI_CALLBACK_CLOSED' });
  });
});
