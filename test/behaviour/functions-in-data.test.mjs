// Pointers to functions in fields, arrays, variables and out-parameters: reading gives a function that calls C, and a
// plain function may be stored.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CFunction, dlopen, inout, JSCallback, opaque, out, pointerTo, Struct } from 'arkffi';
import { collectGarbage } from './hosts.mjs';
import { nextTurn, ownFixture, repeat } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const binary = { args: ['i', 'i'], returns: 'i' };
const Operations = Struct({ add: binary, choose: [binary, 2], name: { returns: 's' } }, { name: 'Operations' });
const definitions = {
  operations_get: { returns: pointerTo(Operations) },
  operations_apply: { args: [pointerTo(Operations), 'i', 'i'], returns: 'i' },
  operations_apply_value: { args: [Operations, 'i', 'i'], returns: 'i' },
  operations_keep: { args: [pointerTo(Operations)] },
  operations_kept: { args: ['i', 'i'], returns: 'i' },
  operations_find: { args: ['i', out(binary)] },
  operations_chain: { args: [pointerTo(binary), 'i'], returns: 'i' },
  operations_current: { type: binary },
  operations_call_current: { args: ['i', 'i'], returns: 'i' },
};
const { symbols } = dlopen(fixture, definitions);
const whole = (add) => ({ add, choose: [null, null], name: null });

describe('reading', () => {
  test('gives a function that calls C, in every way of calling', () => {
    const own = symbols.operations_get();
    return check(async () => {
      assert.equal(own.add(2, 3), 5);
      assert.equal(own.choose[1](2, 3), 6);
      assert.equal(own.name(), 'operations');
      assert.equal(await own.choose[1].async(4, 5), 20);
      assert.equal(own.add.with({ errno: true })(1, 1).value, 2);
      assert.equal(own.add, own.add);
      assert.deepEqual([...own.add.batch([Int32Array.of(1, 2), 3])], [4, 5]);
      throws(() => own.add('1', 2), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: 'Operations.add: argument 1: expected number, got string',
      });
      await rejects(() => own.add.async(1), { code: 'ERR_FFI_ARG_COUNT' });
    }, 4);
  });

  test('gives null for NULL, and the address in a plain copy', () => {
    const own = symbols.operations_get();
    assert.equal(Operations.create().add, null);
    assert.equal(Operations.create().name, null);
    assert.equal(own.toObject().add, own.add.ptr);
    assert.equal(Operations.get(own, 'add'), own.add);
    const copy = Operations.fromPtr(own);
    assert.equal(copy.choose[1](3, 3), 9);
    throws(() => Operations.create({ add: 1 }).add, { code: 'ERR_FFI_NULL_POINTER' });
  });

  test('works for out-parameters and variables', () =>
    check(async () => {
      const { out: found } = symbols.operations_find(1);
      assert.equal(found[0](6, 7), 42);
      assert.equal((await symbols.operations_find.async(0)).out[0](6, 7), 13);
      assert.deepEqual(symbols.operations_find(9).out, [null]);
      assert.equal(symbols.operations_current.value(1, 2), 3);
    }, 4));

  test('throws once the library has been closed', () =>
    repeat(() => {
      const lib = dlopen(ownFixture(), definitions);
      const own = lib.symbols.operations_get();
      const copy = Operations.fromPtr(own);
      const { add } = copy;
      assert.equal(add(1, 2), 3);
      lib.close();
      throws(() => add(1, 2), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    }, 10));
});

describe('writing', () => {
  test('takes a function, which the value owns', async () => {
    const value = Operations.create({ add: (a, b) => a * 10 + b });
    await check(async () => {
      assert.equal(symbols.operations_apply(value, 1, 2), 12);
      assert.equal(symbols.operations_apply_value(value, 1, 2), 12);
      assert.equal(await symbols.operations_apply.async(value, 1, 2), 12);
      assert.equal(value.add(3, 4), 34);
      assert.equal(symbols.operations_apply(Operations.fromPtr(value), 1, 2), 12);
    }, 10);
    value.add = (a, b) => a - b;
    assert.equal(symbols.operations_apply(value, 1, 2), -1);
    value.choose[1] = (a, b) => a + b + 100;
    value.choose = [value.choose[1], (a) => a];
    assert.deepEqual([value.choose[0](1, 2), value.choose[1](1, 2)], [103, 1]);
    value.name = () => 'mine';
    assert.equal(value.name(), 'mine');
    value.add = null;
    assert.equal(symbols.operations_apply(value, 1, 2), -1);
  });

  test('takes a JSCallback, a C function and an address', () => {
    const value = Operations.create();
    const callback = new JSCallback((a, b) => a * b, binary);
    value.add = callback;
    assert.equal(symbols.operations_apply(value, 3, 4), 12);
    value.add = symbols.operations_get().add;
    assert.equal(symbols.operations_apply(value, 3, 4), 7);
    value.add = callback.ptr;
    assert.equal(value.add(3, 4), 12);
    callback.close();
    throws(() => value.add(3, 4), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    throws(() => (value.add = callback), { code: 'ERR_FFI_CALLBACK_CLOSED' });
  });

  test('what the function throws is thrown by the call', () =>
    check(async () => {
      const error = new Error('no');
      const value = Operations.create({
        add: () => {
          throw error;
        },
      });
      throws(() => symbols.operations_apply(value, 1, 2), error);
      await rejects(() => symbols.operations_apply.async(value, 1, 2), error);
      throws(() => symbols.operations_apply({ add: () => 'text' }, 1, 2), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^callback 'add': result: expected number, got string/,
      });
      assert.equal(symbols.operations_apply({ add: () => 5 }, 1, 2), 5);
    }, 40));

  test('is refused in memory of C, where nothing would own the function', () => {
    const own = symbols.operations_get();
    const message = /^Operations\.add: a function in C's memory would have no owner: pass a JSCallback/;
    throws(() => (own.add = () => 1), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
    throws(() => (Operations.at(own).add = () => 1), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
    const { add } = own;
    const callback = new JSCallback(() => 77, binary);
    own.add = callback;
    assert.equal(symbols.operations_apply(own, 1, 2), 77);
    own.add = add;
    assert.equal(symbols.operations_apply(own, 1, 2), 3);
    callback.close();
  });

  test('a variable keeps its function until another one is stored', async () => {
    const { value } = symbols.operations_current;
    symbols.operations_current.value = (a, b) => a * 100 + b;
    for (let i = 0; i < 5; i++) (collectGarbage(), await nextTurn());
    assert.equal(symbols.operations_call_current(1, 2), 102);
    assert.equal(symbols.operations_current.value(3, 4), 304);
    symbols.operations_current.value = value;
    assert.equal(symbols.operations_call_current(1, 2), 3);
  });

  test('wrong values are refused, and change nothing', () => {
    const value = Operations.create({ add: () => 1 });
    for (const wrong of ['text', undefined, {}, new Uint8Array(8), Operations.create(), opaque('x').at(4096), true]) {
      throws(() => (value.add = wrong), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^Operations\.add: expected a function, a JSCallback, a C function, an address or null, got /,
      });
    }
    assert.equal(symbols.operations_apply(value, 1, 2), 1);
    throws(() => (value.choose = [() => 1, 'x']), {
      code: 'ERR_FFI_INVALID_ARG_TYPE',
      message: /^Operations\.choose\[1\]: /,
    });
    assert.equal(value.choose[0], null);
  });
});

describe('in a plain object or list that is passed', () => {
  test('a function may be called until the call has finished', async () => {
    await check(async () => {
      assert.equal(symbols.operations_apply({ add: (a, b) => a * b }, 5, 6), 30);
      assert.equal(await symbols.operations_apply.async({ add: (a, b) => a * b }, 5, 6), 30);
      assert.equal(symbols.operations_apply.with({ errno: true })({ add: (a, b) => a * b }, 5, 6).value, 30);
      assert.equal(
        symbols.operations_apply_value(
          whole((a, b) => a - b),
          5,
          6,
        ),
        -1,
      );
      assert.equal(
        await symbols.operations_apply_value.async(
          whole((a, b) => a - b),
          5,
          6,
        ),
        -1,
      );
      assert.equal(symbols.operations_chain([(a, b) => a + b, (a, b) => a * b], 1), 6);
      assert.equal(symbols.operations_chain([], 1), 1);
    }, 20);

    for (const keep of [
      () => symbols.operations_keep({ add: () => 1 }),
      () => symbols.operations_keep.async({ add: () => 1 }),
    ]) {
      await keep();
      throws(() => symbols.operations_kept(1, 2), { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }
    symbols.operations_keep({});
  });

  test('calls may nest', () => {
    const nested = (n) =>
      symbols.operations_apply_value(
        whole((a, b) => (n === 0 ? a + b : nested(n - 1) + 1)),
        1,
        2,
      );
    assert.equal(nested(5), 8);
    const pointed = (n) => symbols.operations_apply({ add: (a, b) => (n === 0 ? a + b : pointed(n - 1) + 1) }, 1, 2);
    assert.equal(pointed(5), 8);
  });

  test('a struct value keeps its functions after the call', () => {
    const value = Operations.create({ add: () => 4 });
    symbols.operations_keep(value);
    assert.equal(symbols.operations_kept(1, 2), 4);
    symbols.operations_keep({});
    assert.equal(symbols.operations_kept(1, 2), -1);
  });
});

test('a value that has been collected closes its functions, even if they refer to it', async () => {
  const make = () => {
    const value = Operations.create();
    value.add = () => (value.name ? 1 : 2); // a circle
    symbols.operations_keep(value);
    assert.equal(symbols.operations_kept(1, 2), 2);
  };
  const isClosed = () => {
    try {
      symbols.operations_kept(1, 2);
      return false;
    } catch (error) {
      assert.equal(error.code, 'ERR_FFI_CALLBACK_CLOSED');
      return true;
    }
  };
  // A host may see a value on the stack for a while.
  do {
    make();
    for (let i = 0; i < 3; i++) {
      await nextTurn();
      collectGarbage();
      await nextTurn();
    }
  } while (!isClosed());
  symbols.operations_keep({});
});

test('types that no callback has are refused, and name the place', () => {
  const wrong = [
    [{ args: ['nope'] }, /^Struct\.x: args\[0\]: unknown type 'nope'/],
    [{ args: 'i' }, /^Struct\.x: args: expected an array of types/],
    [{ args: [], return: 'i' }, /^Struct\.x: unknown key 'return'/],
    [{ args: [out('i')] }, /^Struct\.x: args\[0\]: a callback cannot have an out-parameter/],
    [{ returns: 'nope' }, /^Struct\.x: returns: unknown type/],
  ];
  for (const [type, message] of wrong) throws(() => Struct({ x: type }), { code: 'ERR_FFI_BAD_SIGNATURE', message });
  throws(() => Struct({ x: {} }), { code: 'ERR_FFI_BAD_SIGNATURE' });
  throws(() => out({ args: ['nope'] }), { code: 'ERR_FFI_BAD_SIGNATURE', message: /^out: args\[0\]: / });
  throws(() => dlopen(fixture, { operations_current: { type: { args: ['nope'] } } }), {
    code: 'ERR_FFI_BAD_SIGNATURE',
    message: /^operations_current: type: args\[0\]: /,
  });
  const swap = CFunction({ args: [inout(binary)], ptr: symbols.operations_get.ptr });
  throws(() => swap('text'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^CFunction: argument 1: / });
});
