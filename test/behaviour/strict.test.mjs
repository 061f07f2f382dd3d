// The layer of declared classes, for programs in strict ArkTS.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FFIType, NativeCallback, NativeField, NativeLibrary, NativeSignature, NativeStruct, ptr } from 'arkffi';
import { check, fixture, rejects, target, throws } from './support.mjs';

const Division = new NativeStruct([new NativeField('quot', 'int'), new NativeField('rem', FFIType.int)]);
const libc = NativeLibrary.open(null);
const lib = NativeLibrary.open(target);

describe('NativeLibrary', () => {
  test('calls functions by name', () => {
    const add = lib.func('add', [FFIType.double, 'double'], FFIType.double);
    const version = lib.func('getVersion', [], 'cstring');
    return check(() => {
      assert.equal(add(2, 3), 5);
      assert.equal(version(), '1.0.0');
      throws(() => add(1), { code: 'ERR_FFI_ARG_COUNT', message: /^add: / });
      throws(() => add('1', 2), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^add: argument 1: / });
    });
  });

  test('a function without a result gives undefined', () => {
    const free = libc.func('free', ['pointer']);
    return check(() => assert.equal(free(null), undefined));
  });

  test('calls functions on worker threads', () => {
    const add = lib.asyncFunc('add', ['double', 'double'], 'double');
    return check(async () => {
      assert.deepEqual(await Promise.all([add(2, 3), add(20, 3)]), [5, 23]);
      await rejects(() => add(1), { code: 'ERR_FFI_ARG_COUNT' });
    });
  });

  test('knows what a library exports', () =>
    check(() => {
      assert.deepEqual([lib.has('add'), lib.has('subtract')], [true, false]);
      assert.ok(lib.address('add') > 65_535);
      throws(() => lib.address('ad'), { code: 'ERR_FFI_SYMBOL_NOT_FOUND' });
      throws(() => lib.func('ad', []), { code: 'ERR_FFI_SYMBOL_NOT_FOUND', message: /did you mean 'add'/ });
    }, 10));

  test('a closed library says so', () =>
    check(async () => {
      const own = NativeLibrary.open(fixture);
      const echo = own.func('echo_i32', ['int'], 'int');
      const later = own.asyncFunc('echo_i32', ['int'], 'int');
      assert.equal(echo(7), 7);
      own.close();
      own.close();
      throws(() => echo(7), { code: 'ERR_FFI_LIBRARY_CLOSED', message: /^echo_i32: / });
      await rejects(() => later(7), { code: 'ERR_FFI_LIBRARY_CLOSED' });
      for (const use of [
        () => own.func('echo_i32', ['int'], 'int'),
        () => own.has('echo_i32'),
        () => own.address('echo_i32'),
      ]) {
        throws(use, { code: 'ERR_FFI_LIBRARY_CLOSED' });
      }
    }, 10));

  test('has the options of dlopen', async () => {
    const own = NativeLibrary.open(target, { threads: 2 });
    const add = own.asyncFunc('add', ['double', 'double'], 'double');
    assert.equal(await add(1, 2), 3);
    own.close();
    throws(() => NativeLibrary.open(target, { thread: 2 }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    throws(() => NativeLibrary.open('libno_such_library.so'), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
  });

  test('wrong types are refused when the function is asked for', () =>
    check(() => {
      const bad = (run, message) => throws(run, { code: 'ERR_FFI_BAD_SIGNATURE', message });
      bad(() => lib.func('add', ['dobule']), /^add: args\[0\]: unknown type 'dobule'; did you mean 'double'/);
      bad(() => lib.func('add', ['void']), /^add: args\[0\]: void/);
      bad(() => lib.func('add', [], 'x'), /^add: returns: /);
      bad(() => lib.func('add', 'dd', 'd'), /^add: args: expected an array of types, got 'dd'/);
      bad(() => lib.func('add', [new NativeField('x', 'd')]), /^add: args\[0\]: /);
      throws(() => lib.func(undefined, []), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^NativeLibrary\.func: / });
    }, 4));
});

describe('NativeStruct', () => {
  test('structs are passed and returned by value', () => {
    const div = libc.func('div', ['int', 'int'], Division);
    return check(() => {
      const division = div(17, 5);
      assert.deepEqual([division.quot, division.rem], [3, 2]);
    });
  });

  test('values have the fields as properties', () =>
    check(() => {
      const value = Division.create({ rem: 2 });
      value.quot = 3;
      assert.deepEqual(value.toObject(), { quot: 3, rem: 2 });
      assert.equal(Division.create().quot, 0);
      assert.deepEqual([Division.size, Division.offsetOf('rem')], [8, 4]);
      throws(() => Division.create({ remainder: 1 }), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => Division.offsetOf('remainder'), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => (value.quot = 0.5), { code: 'ERR_FFI_OUT_OF_RANGE' });
    }));

  test('fields may be structs, arrays and bit-fields', () =>
    check(() => {
      const Outer = new NativeStruct([
        new NativeField('inner', Division),
        new NativeField('list', 'h', 3),
        NativeField.bits('low', 'uint', 3),
        NativeField.bits('high', 'uint', 5),
      ]);
      const value = Outer.create({ inner: { rem: 5 }, list: [1, 2, 3], high: 31 });
      assert.equal(Outer.size, 16);
      assert.equal(value.inner.rem, 5);
      assert.equal(value.list[2], 3);
      assert.deepEqual([value.low, value.high], [0, 31]);
    }, 10));

  test('at is a view of memory, and read a copy', () =>
    check(() => {
      const memory = new Int32Array([1, 2, 3, 4]);
      const address = Division.addressOf(Division.create({ quot: 1 }));
      assert.ok(address > 65_535);
      const view = Division.at({ ptr: ptr(memory) }, 8);
      const copy = Division.read(ptr(memory), 8);
      memory[2] = 9;
      assert.deepEqual([view.quot, view.rem, copy.quot, copy.rem], [9, 4, 3, 4]);
      assert.equal(Division.at(ptr(memory)).quot, 1);
      throws(() => Division.at(0, 8), { code: 'ERR_FFI_NULL_POINTER' });
    }));

  test('addressOf takes values of the struct, and nothing else', () =>
    check(() => {
      const Other = new NativeStruct([new NativeField('quot', 'int'), new NativeField('rem', 'int')]);
      const value = Division.create({ quot: 6 });
      assert.equal(Division.read(Division.addressOf(value)).quot, 6);
      for (const other of [{ quot: 1, rem: 2 }, Other.create(), null, 4096, Object.create(value)]) {
        throws(() => Division.addressOf(other), {
          code: 'ERR_FFI_INVALID_ARG_TYPE',
          message: /^NativeStruct\.addressOf: argument 1: expected a value that create, at or read has made/,
        });
      }
    }));

  test('wrong fields are refused', () =>
    check(() => {
      const bad = (fields, message) =>
        throws(() => new NativeStruct(fields), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      bad([new NativeField('x', 'in')], /^Struct\.x: unknown type 'in'/);
      bad([new NativeField('x', 'int'), new NativeField('x', 'int')], "NativeStruct: two fields are called 'x'");
      throws(() => new NativeField({}, 'int'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^NativeField: / });
      throws(() => new NativeStruct(undefined), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^NativeStruct: / });
      bad([], /^Struct: expected an object with the type of each field/);
      throws(() => new NativeStruct([{ name: 'x', type: 'int' }]), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^NativeStruct: argument 1: expected a list of NativeField, got object/,
      });
      const named = new NativeStruct([new NativeField('__proto__', 'int')], { name: 'Odd' });
      assert.equal(named.size, 4);
    }, 10));
});

describe('NativeCallback', () => {
  const apply = lib.func('apply_callback', ['callback', 'int'], 'int');

  test('C calls it until it is closed', () =>
    check(() => {
      const twice = new NativeCallback((n) => 2 * n, new NativeSignature(['int'], 'int'));
      assert.equal(apply(twice, 21), 42);
      assert.equal(apply(twice.ptr, 21), 42);
      twice.close();
      twice.close();
      throws(() => apply(twice, 21), { code: 'ERR_FFI_CALLBACK_CLOSED' });
      throws(() => twice.ptr, { code: 'ERR_FFI_CALLBACK_CLOSED' });
    }, 10));

  test('a thread-safe one may be called from other threads', async () => {
    const later = lib.asyncFunc('apply_callback', ['callback', 'int'], 'int');
    const safe = new NativeCallback((n) => 2 * n, new NativeSignature(['int'], 'int'), true);
    assert.equal(await later(safe, 21), 42);
    safe.close();
    const unsafe = new NativeCallback((n) => 2 * n, new NativeSignature(['int'], 'int'));
    await rejects(() => later(unsafe, 21), { code: 'ERR_FFI_WRONG_THREAD' });
    unsafe.close();
  });

  test('a plain function may be passed where the signature is declared', () => {
    const declared = lib.func('apply_callback', [new NativeSignature(['int'], 'int'), 'int'], 'int');
    return check(() =>
      assert.equal(
        declared((n) => n + 1, 1),
        2,
      ),
    );
  });

  test('structs are passed to it', () =>
    check(() => {
      const rem = new NativeCallback((division) => division.rem, new NativeSignature([Division], 'int'));
      assert.ok(rem.ptr > 65_535);
      rem.close();
    }, 10));

  test('what it throws is thrown by the call', () =>
    check(() => {
      const thrower = new NativeCallback(
        () => {
          throw new RangeError('own');
        },
        new NativeSignature(['int'], 'int'),
      );
      assert.throws(() => apply(thrower, 1), { name: 'RangeError', message: 'own' });
      thrower.close();
    }, 10));

  test('wrong arguments are refused', () =>
    check(() => {
      throws(() => new NativeCallback(1, new NativeSignature([])), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
      throws(() => new NativeCallback(() => {}, { args: [] }), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: 'NativeCallback: argument 2: expected a NativeSignature, got object',
      });
      throws(() => new NativeCallback(() => {}, new NativeSignature(['x'])), { code: 'ERR_FFI_BAD_SIGNATURE' });
    }, 10));
});
