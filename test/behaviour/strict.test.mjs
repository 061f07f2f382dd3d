// The layer of declared classes, for programs in strict ArkTS.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FFIType, NativeCallback, NativeField, NativeLibrary, NativeSignature, NativeStruct, ptr } from 'arkffi';
import { isWindows } from './hosts.mjs';
import { check, fixture, kept, rejects, target, throws } from './support.mjs';

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
      assert.equal(Outer.size, isWindows ? 20 : 16); // Microsoft's bit-fields take a whole unit of their type
      assert.equal(value.inner.rem, 5);
      assert.equal(value.list[2], 3);
      assert.deepEqual([value.low, value.high], [0, 31]);
    }, 10));

  test('at is a view of memory, and read a copy', () =>
    check(() => {
      const memory = kept(new Int32Array([1, 2, 3, 4]));
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
      const value = kept(Division.create({ quot: 6 }));
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
      bad([new NativeField('x', 'in')], /^NativeStruct\.x: unknown type 'in'/);
      bad([new NativeField('x', 'int'), new NativeField('x', 'int')], "NativeStruct: two fields are called 'x'");
      throws(() => new NativeField({}, 'int'), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^NativeField: / });
      throws(() => new NativeStruct(undefined), { code: 'ERR_FFI_INVALID_ARG_TYPE', message: /^NativeStruct: / });
      bad([], 'NativeStruct: argument 1: expected at least one NativeField, got none');
      throws(() => new NativeStruct([{ name: 'x', type: 'int' }]), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^NativeStruct: argument 1: expected a list of NativeField, got object/,
      });
      const named = new NativeStruct([new NativeField('__proto__', 'int')], { name: 'Odd' });
      assert.equal(named.size, 4);
    }, 10));
});

// Messages name what the program has called, and not the function below it.
describe('messages of the declared classes', () => {
  const says = (run, code, message) => throws(run, { code: `ERR_FFI_${code}`, message });

  test('name the methods of NativeLibrary and their arguments', () => {
    const closed = NativeLibrary.open(null);
    closed.close();
    const gone = 'the library has been closed';
    return check(() => {
      says(() => NativeLibrary.open(5), 'INVALID_ARG_TYPE', /^NativeLibrary\.open: argument 1: expected string, /);
      says(
        () => NativeLibrary.open(null, { thread: 1 }),
        'INVALID_ARG_TYPE',
        "NativeLibrary.open: options: unknown option 'thread'; did you mean 'threads'?",
      );
      for (const method of ['has', 'address', 'func', 'asyncFunc']) {
        const place = `NativeLibrary.${method}`;
        const wanted = `${place}: argument 1: expected the name of a symbol, got number`;
        says(() => lib[method](5, []), 'INVALID_ARG_TYPE', wanted);
        const nul = `${place}: argument 1: the string has a NUL inside, where C would end it`;
        says(() => lib[method]('a\0b', []), 'INVALID_ARG_TYPE', nul);
        says(() => closed[method]('abs', []), 'LIBRARY_CLOSED', `${place}: ${gone}`);
      }
    }, 10);
  });

  test('name the methods of NativeStruct and their arguments', () => {
    const [named, address] = [new NativeStruct([new NativeField('rem', 'int')], { name: 'Named' }), 1_000_000];
    return check(() => {
      for (const struct of [Division, named]) {
        says(() => struct.create(5), 'INVALID_ARG_TYPE', /^NativeStruct\.create: argument 1: expected an object with /);
        says(
          () => struct.offsetOf('rim'),
          'INVALID_ARG_TYPE',
          "NativeStruct.offsetOf: argument 1: no field 'rim'; did you mean 'rem'?",
        );
        for (const method of ['at', 'read']) {
          const place = `NativeStruct.${method}`;
          says(
            () => struct[method]('x'),
            'INVALID_ARG_TYPE',
            new RegExp(`^${place}: argument 1: expected an address or `),
          );
          says(() => struct[method](0).rem, 'NULL_POINTER', new RegExp(`^${place}: 0 is no address`));
          says(
            () => struct[method](address, 'x'),
            'INVALID_ARG_TYPE',
            `${place}: argument 2: expected a number, got string`,
          );
          says(
            () => struct[method](address, -address),
            'NULL_POINTER',
            `${place}: argument 2: the offset -1000000 leads to address 0, and nothing is mapped below 65536`,
          );
        }
      }
      const field = new NativeField('x', 'int');
      says(
        () => new NativeStruct([field], null),
        'INVALID_ARG_TYPE',
        /^NativeStruct: options: expected an object, got null/,
      );
      says(
        () => new NativeStruct([field], { pack: 1 }),
        'INVALID_ARG_TYPE',
        /^NativeStruct: options\.pack: there is no /,
      );
      says(
        () => NativeField.bits(5, 'int', 1),
        'INVALID_ARG_TYPE',
        /^NativeField\.bits: argument 1: expected the name/,
      );
    }, 10);
  });

  test('name NativeCallback and its arguments', () =>
    check(() => {
      const none = new NativeSignature([]);
      const make = (fn, signature, threadsafe) => () => new NativeCallback(fn, signature, threadsafe);
      const fn = () => {};
      says(make(1, none), 'INVALID_ARG_TYPE', 'NativeCallback: argument 1: expected a function, got number');
      says(
        make(fn, new NativeSignature(['x'])),
        'BAD_SIGNATURE',
        /^NativeCallback: argument 2: args\[0\]: unknown type/,
      );
      says(
        make(fn, new NativeSignature([], 'x')),
        'BAD_SIGNATURE',
        /^NativeCallback: argument 2: returns: unknown type/,
      );
      says(make(fn, none, 'yes'), 'INVALID_ARG_TYPE', /^NativeCallback: argument 3: expected a boolean or 'post'/);
      says(make(fn, new NativeSignature([], 'int'), 'post'), 'BAD_SIGNATURE', /^NativeCallback: no thread waits/);
      const closed = new NativeCallback(fn, none);
      closed.close();
      says(() => closed.ptr, 'CALLBACK_CLOSED', 'NativeCallback: its ptr was asked for after it was closed');
    }, 10));

  test('methods work without their object', () => {
    const { func, has, address } = lib;
    const { create, addressOf, at, read, offsetOf } = Division;
    return check(() => {
      assert.equal(func('add', ['double', 'double'], 'double')(2, 3), 5);
      assert.deepEqual([has('add'), address('add') > 65_535, offsetOf('rem')], [true, true, 4]);
      const value = kept(create({ rem: 2 }));
      assert.deepEqual([at(addressOf(value)).rem, read(addressOf(value)).rem], [2, 2]);
      const { ptr: code, close } = new NativeCallback(() => {}, new NativeSignature([]));
      assert.ok(code > 65_535);
      close();
    }, 10);
  });
});

describe('a bit-field of 0 bits', () => {
  test('ends the unit of those before it, and has no name, as in C', () =>
    check(() => {
      const fields = [NativeField.bits('a', 'int', 3), NativeField.bits('', 'int', 0), NativeField.bits('b', 'int', 3)];
      const Parted = new NativeStruct(fields.concat(NativeField.bits('', 'int', 0)));
      assert.deepEqual([Parted.size, Parted.offsetOf('b')], [8, 4]);
      assert.deepEqual({ ...Parted.create({ b: 3 }).toObject() }, { a: 0, b: 3 });
      const bad = (name, bits, message) =>
        throws(() => NativeField.bits(name, 'int', bits), { code: 'ERR_FFI_BAD_SIGNATURE', message });
      bad('a', 0, "NativeField.bits: argument 1: a bit-field of 0 bits has no name, got 'a'");
      bad('', 3, 'NativeField.bits: argument 1: a bit-field of more than 0 bits has a name');
      const wide = NativeField.bits('a', 'int', 33);
      throws(() => new NativeStruct([wide]), {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /^NativeStruct\.a: expected 0 to 32 /,
      });
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
