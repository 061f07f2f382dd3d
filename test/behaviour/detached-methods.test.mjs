// Methods that a program takes out of their object, as in `const { symbols, close } = dlopen(…)`: they work, or say what
// is wrong.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Arena, AsyncCFunction, cdef, CFunction, CString, dlopen, JSCallback, ptr, StringBuffer, Struct } from 'arkffi';
import { check, fixture, kept, rejects, throws } from './support.mjs';

const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });

describe('methods without their object work', () => {
  test('of a library from dlopen', () =>
    check(() => {
      const { symbols, close, list } = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' } });
      assert.equal(symbols.echo_i32(3), 3);
      assert.ok(list().some(({ name }) => name === 'echo_i32'));
      close();
      close();
      throws(() => symbols.echo_i32(3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      throws(() => list(), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }, 10));

  test('of a library from cdef', () =>
    check(() => {
      const { symbols, close, list } = cdef(fixture, 'int echo_i32(int);');
      assert.ok(list().length > 0);
      close();
      throws(() => symbols.echo_i32(3), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }, 10));

  test('of a callback', () =>
    check(() => {
      const callback = new JSCallback((n) => n + 1, { args: ['i'], returns: 'i' });
      const { call, close, ref, unref, getHandle } = callback;
      assert.equal(call(1), 2);
      assert.equal(ref(), callback);
      assert.equal(unref(), callback);
      assert.ok(getHandle() > 0);
      close();
      throws(() => callback.ptr, { code: 'ERR_FFI_CALLBACK_CLOSED' });
      throws(ref, { code: 'ERR_FFI_CALLBACK_CLOSED', message: 'JSCallback.ref: the callback has been closed' });
      assert.equal(unref(), callback);
    }));

  test('of an arena', () =>
    check(() => {
      const { buffer, string, string16, wstring, stringArray, struct, close } = new Arena();
      const made = [buffer(8), string('a'), string16('b'), wstring('c')];
      assert.equal(stringArray(['a', null]).length, 2);
      assert.equal(struct(Point, { x: 1 }).x, 1);
      close();
      assert.ok(made.every(({ byteLength }) => byteLength === 0));
    }));

  test('of a struct', () =>
    check(() => {
      const { create, fromPtr, at, arrayOf, get, set, toObject, releasePtr } = Point;
      const point = create({ x: 1, y: 2 });
      assert.equal(fromPtr(point).y, 2);
      assert.equal(at(point.ptr).x, 1);
      assert.equal(arrayOf(3).length, 3);
      set(point, 'x', 5);
      assert.equal(get(point, 'x'), 5);
      assert.deepEqual({ ...toObject(point) }, { x: 5, y: 2 });
      releasePtr(point);
      assert.deepEqual(
        [{ x: 1 }, { x: 2 }].map((init) => create(init).x),
        [1, 2],
      );
    }));

  test('of functions: close, async and batch', () =>
    check(async () => {
      const { echo_i32: echo } = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' } }).symbols;
      const { async: later, batch } = echo;
      assert.equal(await later(4), 4);
      assert.deepEqual([...batch([Int32Array.of(1, 2)])], [1, 2]);
      const definition = { args: ['i'], returns: 'i', ptr: echo };
      for (const made of [CFunction(definition), AsyncCFunction(definition)]) {
        const { close } = made;
        close();
        if (made.with && made.async !== made) throws(() => made(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      }
    }, 10));

  test('they are not listed among the properties', () =>
    check(() => {
      assert.deepEqual(Object.keys(dlopen(fixture, {})), ['handle', 'symbols', 'path']);
      assert.ok(!Object.keys(Point).includes('create'));
      const callback = new JSCallback(() => {}, {});
      assert.ok(!Object.keys(callback).includes('close'));
      callback.close();
    }, 10));

  test('a subclass may replace a method, and call the one that it replaces', () =>
    check(() => {
      class Counted extends Arena {
        closed = 0;
        close() {
          super.close();
          this.closed++;
        }
      }
      const arena = new Counted();
      const bytes = arena.buffer(4);
      arena.close();
      assert.deepEqual([arena.closed, bytes.byteLength], [1, 0]);
    }));
});

describe('methods without their object say what is wrong', () => {
  const wanted = (place) => ({
    code: 'ERR_FFI_INVALID_ARG_TYPE',
    message: new RegExp(`^${place}: called without its object: write object\\.${place.split('.')[1]}\\(`),
  });

  test('of values, arrays and buffers', () =>
    check(() => {
      const { toObject, toJSON } = Point.create();
      throws(() => toObject(), wanted('struct.toObject'));
      throws(() => toJSON(), wanted('struct.toJSON'));
      const list = Point.arrayOf(2);
      for (const name of ['get', 'set', 'text', 'toObject', 'toJSON']) {
        const { [name]: method } = list;
        throws(() => method(0, {}), wanted(`array.${name}`));
      }
      const { toString } = new StringBuffer(4);
      throws(() => toString(), wanted('StringBuffer.toString'));
      const { toString: ofText } = new CString(ptr(kept(new Uint8Array([97, 0]))));
      throws(() => ofText(), TypeError); // JavaScript's own method of strings
    }));

  test('of functions: with', () =>
    check(async () => {
      const { echo_i32: echo } = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' } }).symbols;
      const { with: options } = echo;
      const { with: asyncOptions } = echo.async;
      throws(() => options({ errno: true }), wanted('function.with'));
      await rejects(() => asyncOptions({})(1), wanted('async.with'));
    }, 10));
});
