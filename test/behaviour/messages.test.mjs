// Messages name what the program has called, say what a value is, and what to pass instead.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import {
  Arena,
  cdef,
  CFunction,
  CString,
  dlopen,
  JSCallback,
  owned,
  ptr,
  read,
  readStringArray,
  readText,
  StringArray,
  stringArray,
  Struct,
  toArrayBuffer,
  write,
} from 'arkffi';
import ffi from 'liblibrary.so';
import { check, fixture, kept, throws } from './support.mjs';

const { symbols } = dlopen(fixture, {
  echo_pointer: { args: ['p'], returns: 'p' },
  echo_string: { args: ['s'], returns: 's' },
  echo_i32: { args: ['i'], returns: 'i' },
  call_store: { args: [{ args: ['i'], returns: 'i' }] },
  call_stored: { args: ['i'], returns: 'i' },
});
const Text = Struct({ s: 'cstring', p: 'pointer' }, { name: 'Text' });
const INVALID = 'ERR_FFI_INVALID_ARG_TYPE';
const bad = (call, message, code = INVALID) => throws(call, { code, message });

test('a value of the wrong kind is called what it is, and the message says what to pass', () =>
  check(() => {
    const { echo_pointer, echo_string, echo_i32 } = symbols;
    bad(() => echo_pointer(['a', 'b']), /, got an array; stringArray\(…\) has an address$/);
    bad(() => echo_pointer([1, 2]), /, got an array; a typed array has an address, as Int32Array\.of\(…\)$/);
    bad(() => echo_pointer({ x: 1 }), /, got object; a struct's value has an address, as Point\.create\(…\)$/);
    bad(() => echo_pointer('text'), /, got string; C writes text into a StringBuffer/);
    bad(() => echo_pointer(new Date(0)), /, got a Date$/);
    bad(() => echo_string(new String('a')), /, got a String; toString\(\) gives its text$/);
    bad(() => echo_i32([1]), 'echo_i32: argument 1: expected number, got an array');
    bad(() => echo_i32(Promise.resolve(1)), /, got a Promise; await its result first$/);
    bad(() => Text.create({ p: [1] }), /^Text\.p: expected an address, .*, got an array; a typed array/);
    bad(() => Text.create({ s: 1.5 }), /^Text\.s: /, 'ERR_FFI_OUT_OF_RANGE');
  }, 20));

test('the error of what has been closed names the function and the argument that it was passed for', () =>
  check(async () => {
    const closed = new JSCallback(() => 0, { args: ['i'], returns: 'i' });
    const library = dlopen(fixture, { echo_i32: { args: ['i'], returns: 'i' } });
    const { echo_i32 } = library.symbols;
    closed.close();
    library.close();
    const { symbols: own } = dlopen(fixture, {
      call_i32: { args: ['callback', 'i'], returns: 'i' },
      declared: { name: 'call_i32', args: [{ args: ['i'], returns: 'i' }, 'i'], returns: 'i' },
    });
    const Holder = Struct({ f: { args: ['i'], returns: 'i' }, p: 'callback' }, { name: 'Holder' });
    const CALLBACK = 'ERR_FFI_CALLBACK_CLOSED';
    const LIBRARY = 'ERR_FFI_LIBRARY_CLOSED';
    const asked = 'JSCallback: its ptr was asked for after it was closed';
    for (let i = 0; i < 3; i++) {
      bad(() => own.call_i32(closed, 1), `call_i32: argument 1: ${asked}`, CALLBACK);
      bad(() => own.declared(closed, 1), `call_i32: argument 1: ${asked}`, CALLBACK);
      bad(() => symbols.echo_pointer(closed), `echo_pointer: argument 1: ${asked}`, CALLBACK);
      bad(() => own.call_i32(echo_i32, 1), 'call_i32: argument 1: echo_i32: its library has been closed', LIBRARY);
      bad(() => Holder.create({ p: closed }), `Holder.p: ${asked}`, CALLBACK);
      bad(() => Holder.create({ f: closed }), `Holder.f: ${asked}`, CALLBACK);
      bad(() => Holder.create({ p: echo_i32 }), 'Holder.p: echo_i32: its library has been closed', LIBRARY);
      bad(() => Holder.create({ f: echo_i32 }), 'Holder.f: echo_i32: its library has been closed', LIBRARY);
    }
    await assert.rejects(own.call_i32.async(closed, 1), { code: CALLBACK, message: `call_i32: argument 1: ${asked}` });
    bad(() => closed.ptr, asked, CALLBACK);
    const thrown = Object.assign(new Error('own'), { code: 'own' });
    const hostile = {
      get ptr() {
        throw thrown;
      },
    };
    assert.throws(
      () => own.call_i32(hostile, 1),
      (error) => error === thrown,
    );
  }, 20));

test('a plain function and what only looks like a buffer are called what they are where an address is expected', () =>
  check(() => {
    const { echo_pointer } = symbols;
    const { call_store } = symbols;
    const advice = 'a plain function is taken where { args, returns } declare what it gets, and a JSCallback anywhere';
    const expected = 'echo_pointer: argument 1: expected an address, a buffer or null';
    bad(() => echo_pointer(() => 0), `${expected}, got function; ${advice}`);
    const bytes = new Uint8Array(4);
    const proxy = new Proxy(bytes, {});
    bad(() => echo_pointer(proxy), `${expected}, got a Proxy or heir of a Uint8Array`);
    bad(() => echo_pointer(Object.create(Int8Array.prototype)), /, got a Proxy or heir of an Int8Array$/);
    bad(() => symbols.echo_i32(bytes), 'echo_i32: argument 1: expected number, got a Uint8Array');
    for (const value of ['x', {}, true]) {
      const what = 'a function, a JSCallback, an address or null';
      bad(() => call_store(value), `call_store: argument 1: expected ${what}, got ${typeof value}`);
    }
    assert.ok(echo_pointer(bytes) > 0);
  }, 20));

test('a type of another copy of arkffi is called so, and not by what it has in common with another thing', () => {
  const load = createRequire(import.meta.url);
  const path = load.resolve('arkffi');
  const isOwn = (file) => file.endsWith('.cjs') && dirname(file).startsWith(dirname(path));
  const one = load(path);
  Object.keys(load.cache).forEach((file) => isOwn(file) && delete load.cache[file]);
  const two = load(path);
  assert.notEqual(one.Struct, two.Struct);
  return check(() => {
    const Point = one.Struct({ x: 'i' });
    const wrong = (call, message) => bad(call, message, 'ERR_FFI_BAD_SIGNATURE');
    const of = 'of another copy of arkffi, which is loaded twice';
    wrong(() => two.Struct({ p: Point }), `Struct.p: expected a type, got a struct ${of}`);
    wrong(() => two.Struct({ p: [Point, 2] }), `Struct.p[0]: expected a type, got a struct ${of}`);
    wrong(() => two.pointerTo(Point), `pointerTo: argument 1: expected a type, got a struct ${of}`);
    const open = (definition) => () => two.dlopen(fixture, { echo_i32: definition });
    const place = 'echo_i32: args[0]: expected a type, got';
    wrong(open({ args: [Point] }), `${place} a struct ${of}`);
    wrong(open({ args: [one.pointerTo('i')] }), `${place} a type of pointers ${of}`);
    wrong(open({ args: [one.out('i')] }), `${place} an out-parameter ${of}`);
    wrong(open({ args: [one.longDouble] }), `${place} a type ${of}`);
    wrong(open({ returns: one.owned('s', 'free') }), `echo_i32: returns: expected a type, got an owned type ${of}`);
  }, 20);
});

test('an object that is no type is refused with what to write instead', () =>
  check(() => {
    const wrong = (call, message) => bad(call, message, 'ERR_FFI_BAD_SIGNATURE');
    const open = (definition) => () => dlopen(fixture, { echo_i32: definition });
    const hint = 'expected a type, got an object; a struct is declared by Struct({ … })';
    wrong(open({ args: [{ x: 'i' }] }), `echo_i32: args[0]: ${hint}`);
    wrong(open({ returns: { x: 'i' } }), `echo_i32: returns: ${hint}`);
    wrong(open({ type: { x: 'i' } }), `echo_i32: type: ${hint}`);
    wrong(() => Struct({ p: { x: 'i' } }), `Struct.p: ${hint}`);
    wrong(open({ args: [{ arg: ['i'], returns: 'i' }] }), "echo_i32: args[0]: unknown key 'arg'; did you mean 'args'?");
    wrong(open({ args: [{ params: ['i'] }] }), "echo_i32: args[0]: unknown key 'params'; did you mean 'args'?");
    wrong(
      open({ returns: { args: ['i'] } }),
      "echo_i32: returns: expected a type, got an object; a function that C gives is a 'pointer', which CFunction makes callable",
    );
    wrong(
      open({ args: [owned('s', 'free')] }),
      'echo_i32: args[0]: expected a type, got an owned type; it is for returns, out(…) and inout(…)',
    );
    wrong(
      open({ args: ['i'], ptr: 1 }),
      "echo_i32: unknown key 'ptr'; did you mean CFunction({ …, ptr }), which calls what is at an address?",
    );
    wrong(
      open({ args: ['i'], threadsafe: true }),
      "echo_i32: unknown key 'threadsafe'; did you mean the 'threadsafe' of a JSCallback, which is passed to C?",
    );
    bad(
      () => Struct({ x: 'i' }, { pack: true }),
      "Struct: options.pack: there is no such option; did you mean 'packed'?",
    );
    dlopen(fixture, { echo_i32: { args: [{}, { abi: undefined }] } }).close();
  }, 20));

test('a type as another library or another order of words has it leads to the name here', () =>
  check(() => {
    const words = {
      c_int: 'int',
      'ctypes.c_uint64': 'uint64',
      c_byte: 'int8',
      c_ubyte: 'uint8',
      c_char_p: 'cstring',
      c_void_p: 'pointer',
      'FFIType.i32': 'i32',
      HANDLE: 'pointer',
      LPCSTR: 'cstring',
      va_list: 'pointer',
      'long long unsigned int': 'unsigned long long',
      'int unsigned': 'unsigned int',
      'char signed': 'signed char',
      'short unsigned': 'unsigned short',
    };
    Object.entries(words).forEach(([word, name]) => {
      bad(
        () => dlopen(fixture, { echo_i32: { args: [word] } }),
        `echo_i32: args[0]: unknown type '${word}'; did you mean '${name}'?`,
        'ERR_FFI_BAD_SIGNATURE',
      );
      dlopen(fixture, { echo_i32: { args: [name] } }).close();
    });
  }, 20));

test('a library is printed and turned into JSON as its path and the names of its symbols, none of which is read', () =>
  check(() => {
    const many = Object.fromEntries(
      Array.from({ length: 250 }, (_, i) => [`f${i}`, { name: 'echo_i32', args: ['i'] }]),
    );
    const before = dlopen(fixture, many);
    const declared = cdef(fixture, 'int echo_i32(int); int absent(void); extern int counter;', { lazy: true });
    const library = dlopen(fixture, { echo_i32: { args: ['i'] }, counter: { type: 'int' } });
    assert.deepEqual(JSON.parse(JSON.stringify(library)), { path: fixture, symbols: ['echo_i32', 'counter'] });
    assert.deepEqual(JSON.parse(JSON.stringify({ declared })).declared.symbols, ['echo_i32', 'absent', 'counter']);
    assert.equal(JSON.parse(JSON.stringify(before)).symbols.length, 250);
    assert.equal(typeof Reflect.getOwnPropertyDescriptor(before.symbols, 'f7').get, 'function');
    assert.equal(dlopen(null).toJSON().path, null);
    const shown = inspect(library).replace(/\s+/g, ' ');
    assert.match(
      shown,
      /^Library \{ path: .*libarkffi_fixture\.so['"], symbols: \[ ['"]echo_i32['"], ['"]counter['"],? \],? \}$/,
    );
    assert.match(inspect(declared), /absent/);
    const { counter } = library.symbols;
    assert.deepEqual(JSON.parse(JSON.stringify(counter)), { name: 'counter', ptr: counter.ptr });
    assert.match(inspect(counter), /^Global \{ name: ['"]counter['"], ptr: \d+ \}$/);
    library.close();
    assert.match(inspect(library), /^Library /);
    before.close();
    declared.close();
  }, 20));

test('what a message expects is what is accepted', () =>
  check(() => {
    const Point = Struct({ x: 'i', y: 'i' }, { name: 'Point' });
    const room = Point.create();
    const cases = {
      'a buffer or an object with a ptr': [ptr, ffi.ptr],
      'an address or an object with a ptr': [
        (value) => read.int(value),
        (value) => write.int(value, 0, 0),
        (value) => toArrayBuffer(value, 4),
        (value) => Point.at(value),
        (value) => Point.fromPtr(value),
        (value) => Point.arrayAt(value, 1),
        (value) => CFunction({ args: [], ptr: value }),
        (value) => ffi.readCString(value, 1),
        (value) => ffi.readMemory(value, 1),
        (value) => ffi.writeMemory(value, new Uint8Array(1)),
      ],
      'an address, null or an object with a ptr': [
        (value) => new CString(value, 0, 0),
        (value) => readStringArray(value, 0),
      ],
      'an address, a buffer, null or an object with a ptr': [(value) => readText(value, { length: 0 })],
      'an address, a buffer or null': [symbols.echo_pointer, (value) => Text.create({ p: value })],
      'a buffer': [(value) => ffi.writeMemory(room.ptr, value)],
      'a Point value, or a buffer of at least 8 bytes': [Point.toObject, (value) => Point.get(value, 'x')],
    };
    const given = {
      'an address': room.ptr,
      'a buffer': new Uint8Array(8),
      null: null,
      'an object with a ptr': { ptr: room.ptr },
      'a Point value': room,
    };
    Object.entries(cases).forEach(([expected, functions]) => {
      functions.forEach((run) => {
        for (const wrong of [{}, [], [1], undefined, true, Symbol('wrong')]) {
          throws(() => run(wrong), {
            code: INVALID,
            message: new RegExp(`: expected ${expected}, got (object|an array|undefined|boolean|symbol)\\b`),
          });
        }
        Object.entries(given).forEach(([name, value]) => {
          if (expected.includes(name)) run(value);
          else if (name !== 'an object with a ptr' && name !== 'a Point value') {
            assert.throws(
              () => run(value),
              ({ code }) => code === INVALID || code === 'ERR_FFI_NULL_POINTER',
            );
          }
        });
      });
    });
    for (const wrong of [{}, room]) {
      bad(() => stringArray(wrong), /^stringArray: argument 1: expected an array of strings, got /);
    }
  }, 20));

test('looking at a value for a message runs no code of the program that can change the error', () =>
  check(() => {
    const wrong = [
      new Proxy({}, { get: () => assert.fail('a trap') }),
      Object.defineProperty({}, 'constructor', { get: () => assert.fail('a getter') }),
      Object.create(null),
    ];
    for (const value of wrong) bad(() => symbols.echo_i32(value), /: argument 1: expected number, got object$/);
  }, 20));

test('no message names a function of the native module that the program has not called', () =>
  check(() => {
    const text = Text.create({ s: 5 });
    bad(() => text.s, /^Text\.s: 5 is no address/, 'ERR_FFI_NULL_POINTER');
    bad(() => Text.get(text, 's'), /^Text\.s: 5 is no address/, 'ERR_FFI_NULL_POINTER');
    bad(() => text.toObject(), /^Text: 5 is no address/, 'ERR_FFI_NULL_POINTER');
    bad(() => Text.at(0), /^Text\.at: 0 is no address/, 'ERR_FFI_NULL_POINTER');
    bad(() => Text.fromPtr(7), /^Text\.fromPtr: 7 is no address/, 'ERR_FFI_NULL_POINTER');
    bad(() => new CString(7), /^CString: 7 is no address/, 'ERR_FFI_NULL_POINTER');
    bad(
      () => read.cstring(ffi.ptr(kept(BigUint64Array.of(7n)))),
      /^read\.cstring: 7 is no address/,
      'ERR_FFI_NULL_POINTER',
    );
    bad(() => cdef(fixture, 'int f(void);\0'), /^cdef: argument 1: /);
    bad(
      () => Struct({ list: ['cstring', 2] }).create({ list: [5, null] }).list[0],
      /^\w+(\.\w+)?\S*: 5 is no address/,
      'ERR_FFI_NULL_POINTER',
    );
    const closed = dlopen(fixture, {});
    closed.close();
    bad(() => closed.list(), /^list: the library has been closed/, 'ERR_FFI_LIBRARY_CLOSED');
  }, 20));

test('an offset that leads to no address is to blame, not the address', () => {
  const Whole = Struct({ whole: 'i' });
  const address = 1_000_000;
  const accesses = {
    'Struct.fromPtr': (from, offset) => Whole.fromPtr(from, offset),
    'Struct.at': (from, offset) => Whole.at(from, offset),
    'read.i32': (from, offset) => read.i32(from, offset),
    'write.i32': (from, offset) => write.i32(from, offset, 1),
    CString: (from, offset) => new CString(from, offset),
  };
  return check(() => {
    for (const [name, access] of Object.entries(accesses)) {
      const leads = (offset) => `${name}: argument 2: the offset ${offset} leads`;
      const [null_, range] = ['ERR_FFI_NULL_POINTER', 'ERR_FFI_OUT_OF_RANGE'];
      const to = (at) => `to address ${at}, and nothing is mapped below 65536`;
      bad(() => access(address, -address), `${leads(-address)} ${to(0)}`, null_);
      bad(() => access(address, 65_535 - address), `${leads(65_535 - address)} ${to(65_535)}`, null_);
      bad(() => access(address, -2 * address), `${leads(-2 * address)} to an address below 0`, range);
      bad(() => access(BigInt(address), -2 * address), `${leads(-2 * address)} to an address below 0`, range);
      const most = Number.MAX_SAFE_INTEGER;
      bad(() => access(most, 8), `${leads(8)} beyond 2^53 - 1: a larger address is passed as a bigint`, range);
      bad(() => access(2n ** 64n - 8n, 8), `${leads(8)} beyond 2^64 - 1`, range);
    }
  }, 20);
});

test('what fails after the closing has the name that the program has called', () => {
  const late = cdef(null, 'int abs(int); extern int optind;', { lazy: true });
  late.close();
  const callback = new JSCallback(() => 1, { returns: 'i' });
  callback.close();
  return check(() => {
    bad(() => late.symbols.abs, 'abs: the library has been closed', 'ERR_FFI_LIBRARY_CLOSED');
    bad(() => late.symbols.optind, 'optind: the library has been closed', 'ERR_FFI_LIBRARY_CLOSED');
    bad(() => callback.call(), 'JSCallback.call: the callback has been closed', 'ERR_FFI_CALLBACK_CLOSED');
    bad(() => CFunction({ ptr: symbols.call_store, name: 'a\0b' }), /^CFunction: name: the string has a NUL inside/);
  }, 20);
});

test('a plain function that C keeps after its call is called that', () =>
  check(() => {
    symbols.call_store(() => 1);
    bad(
      () => symbols.call_stored(1),
      /^call_store: argument 1: C called this function after that call had ended: a plain function lives/,
      'ERR_FFI_CALLBACK_CLOSED',
    );
    const callback = new JSCallback(() => 1, { args: ['i'], returns: 'i' });
    symbols.call_store(callback);
    callback.close();
  }, 20));

test("words of other libraries' definitions lead to arkffi's", () =>
  check(() => {
    const unknown = (definition, message) =>
      bad(() => dlopen(fixture, { echo_i32: definition }), message, 'ERR_FFI_BAD_SIGNATURE');
    unknown({ parameters: ['i'] }, /unknown key 'parameters'; did you mean 'args'\?$/);
    unknown({ result: 'i' }, /unknown key 'result'; did you mean 'returns'\?$/);
    unknown(
      { nonblocking: true },
      /unknown key 'nonblocking'; did you mean f\.async\(…\), which every function has\?$/,
    );
    bad(() => CFunction({ ptr: 65536, result: 'i' }), /; did you mean 'returns'\?$/, 'ERR_FFI_BAD_SIGNATURE');
  }, 20));

test('a value of another struct is called that, also if both have the same name', () =>
  check(() => {
    const [one, other] = [Struct({ x: 'int' }, { name: 'Same' }), Struct({ x: 'int' }, { name: 'Same' })];
    const hint = 'each Struct() and cdef() makes structs of its own, and toObject() of the other gives the fields';
    const Pair = Struct({ s: one }, { name: 'Pair' });
    const both = 'expected a Same value, got a Same of another definition';
    bad(() => Pair.create({ s: other.create({ x: 1 }) }), `Pair.s: ${both}; ${hint}`);
    bad(() => one.get(other.create({ x: 1 }), 'x'), `Same.get: argument 1: ${both}; ${hint}`);
    bad(() => one.toObject(Text.create()), 'Same.toObject: argument 1: expected a Same value, got a Text');
    throws(() => one.toObject(Object.create(Object.getPrototypeOf(Object.getPrototypeOf(one.create())))), {
      code: INVALID,
      message: /^Same\.toObject: argument 1: expected a Same value, got /,
    });
    assert.equal(Pair.create({ s: other.create({ x: 1 }).toObject() }).s.x, 1);
  }, 20));

test("a pointer of -1 leads to what C's cast gives", () =>
  check(() => {
    const { echo_pointer } = symbols;
    const hint = /; \(void \*\)-1 of C is 2n \*\* 64n - 1n$/;
    for (const minus of [-1, -1n]) {
      bad(() => echo_pointer(minus), hint, 'ERR_FFI_OUT_OF_RANGE');
      bad(() => Text.create({ p: minus }), hint, 'ERR_FFI_OUT_OF_RANGE');
    }
    bad(() => echo_pointer(-2n), /: -2 is out of range for an address \(0 to 2\^64 - 1\)$/, 'ERR_FFI_OUT_OF_RANGE');
    bad(() => Text.create({ p: -2n }), /: -2n is no address \(0 to 2\^64 - 1\)$/, 'ERR_FFI_OUT_OF_RANGE');
    assert.equal(echo_pointer(2n ** 64n - 1n), 2n ** 64n - 1n);
    assert.equal(Text.create({ p: 2n ** 64n - 1n }).p, 2n ** 64n - 1n);
  }, 20));

test('a plain function where C would keep it leads to JSCallback', () =>
  check(() => bad(() => Text.create({ p: () => 1 }), /^Text\.p: expected a JSCallback, .* got function$/), 20));

test('a function pointer without a signature is no definition of a callback', () => {
  const { types } = cdef(
    fixture,
    'typedef float four __attribute__((vector_size(16))); typedef void (*report)(void *, four);',
  );
  bad(
    () => new JSCallback(() => {}, types.report),
    /, got 'k', a function pointer without a signature: its types are not all known/,
    'ERR_FFI_BAD_SIGNATURE',
  );
});

test('every error has a code, also for detached arrays and lengths that no typed array has', () =>
  check(() => {
    const gone = new Uint8Array(4);
    structuredClone(gone.buffer, { transfer: [gone.buffer] });
    const arena = new Arena();
    for (const make of [() => new StringArray(gone), () => stringArray(gone), () => arena.stringArray(gone)]) {
      bad(make, /: argument 1: expected an array of strings, got a typed array$/);
    }
    arena.close();
  }, 20));

test('a declaration may begin with a byte order mark', () => {
  const lib = cdef(fixture, '\ufeffint echo_i32(int);');
  assert.equal(lib.symbols.echo_i32(5), 5);
  lib.close();
});
