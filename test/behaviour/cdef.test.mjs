// C declarations as text: what each becomes, when symbols are looked up, and the errors in text that is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { cdef, findLibrary, JSCallback } from 'arkffi';
import { complexLongDoubleRefusal } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const declare = (text, options) => cdef(fixture, text, options);

describe('functions', () => {
  test('functions are called with the types that C declares', async () => {
    const { symbols } = declare(
      'double echo_f64(double value); uint8_t echo_u8(unsigned char); long long echo_i64(int64_t);',
    );
    await check(() => {
      assert.equal(symbols.echo_f64(1.5), 1.5);
      assert.equal(symbols.echo_u8(255), 255);
      assert.equal(symbols.echo_i64(-5n), -5);
      throws(() => symbols.echo_u8(256), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^echo_u8: argument 1: 256/ });
    });
    assert.equal(await symbols.echo_f64.async(2.5), 2.5);
    assert.equal(symbols.echo_f64.signature.toString(), '(d)d');
  });

  test('structs and types are listed before they are made', () =>
    check(() => {
      const { structs, types } = declare(`
        typedef struct point { int x, y; } point_t;
        struct wide { long double _Complex value; };
        union both { int whole; float real; };
        typedef int (*step)(int);
      `);
      const names = ['both', 'point', 'point_t', 'wide'];
      assert.deepEqual(Object.keys(structs).sort(), names);
      assert.deepEqual(Object.keys(types).sort(), ['point_t', 'step']);
      const listed = [];
      for (const name in structs) listed.push(name);
      assert.deepEqual(listed.sort(), names);
      assert.ok('both' in structs && !('triangle' in structs));
      assert.match(inspect(structs), /point: \[Getter\]/);
      throws(() => structs.wide, { code: 'ERR_FFI_BAD_SIGNATURE', message: new RegExp(complexLongDoubleRefusal) });
      assert.equal(structs.point, structs.point_t);
      assert.equal(types.point_t, structs.point);
      assert.deepEqual(Object.keys(structs).sort(), names);
      assert.match(inspect(structs), /wide: \[Getter\]/);
      assert.match(inspect(structs), /point: StructSchema/);
    }, 10));

  test('function pointers accept plain functions, callbacks and null', async () => {
    const { symbols } = declare(`
      typedef int32_t (*step)(int32_t);
      int64_t call_times(step callback, int32_t times);
      int32_t call_with_context(int32_t (*callback)(void *, int32_t), void *context, int32_t value);
    `);
    assert.equal(symbols.call_times.signature.toString(), '(k(i)ii)l');
    assert.equal(symbols.call_with_context.signature.toString(), '(k(pi)ipi)i');
    const callback = new JSCallback((value) => value * 3, { args: ['i'], returns: 'i' });
    await check(() => {
      assert.equal(
        symbols.call_times((value) => value * 2, 4),
        12,
      );
      assert.equal(symbols.call_times(callback, 4), 18);
      assert.equal(symbols.call_times(null, 0), 0);
    }, 10);
    callback.close();
  });

  test('a pointer to a function whose type arkffi cannot call accepts any pointer', () => {
    const { symbols } = declare('void call_void(void (*)(long double _Complex));');
    assert.equal(symbols.call_void.signature.toString(), '(k)v');
  });

  test('a function has the symbol that its asm label names', () => {
    const { symbols } = cdef(null, 'size_t length_of(const char *) __asm__("strlen");');
    assert.equal(symbols.length_of('four'), 4);
  });

  test('a function whose symbol has 299 characters is found, also by its asm label', () => {
    const symbol = `f${'x'.repeat(298)}`;
    assert.equal(declare(`int ${symbol}(void);`).symbols[symbol](), 42);
    assert.equal(declare(`int f(void) __asm__("${symbol}");`).symbols.f(), 42);
    assert.equal(declare(`int f(void) __asm__("${symbol.slice(0, 9)}" "${symbol.slice(9)}");`).symbols.f(), 42);
  });

  test('a function that cannot be called reports the reason when it is accessed', () => {
    const { symbols } = cdef(
      findLibrary('m'),
      'long double _Complex cpowl(long double _Complex); double pow(double, double);',
    );
    assert.equal(symbols.pow(2, 3), 8);
    assert.deepEqual(Object.keys(symbols), ['pow']);
    assert.ok('cpowl' in symbols);
    throws(() => symbols.cpowl, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: `cpowl: result: ${complexLongDoubleRefusal}`,
    });
  });

  test('symbols that are looked up when they are used are listed before, and nothing is made of them then', () => {
    const { symbols } = cdef(null, 'size_t strlen(const char *); int no_such_function(void);', { lazy: true });
    assert.deepEqual(Object.keys(symbols), ['strlen', 'no_such_function']);
    assert.equal(typeof Object.getOwnPropertyDescriptor(symbols, 'strlen').get, 'function');
    assert.equal(symbols.strlen('four'), 4);
    assert.equal(symbols.strlen, symbols.strlen);
    throws(() => symbols.no_such_function, { code: 'ERR_FFI_SYMBOL_NOT_FOUND' });
    assert.deepEqual(Object.keys(symbols), ['strlen', 'no_such_function']);
  });

  test('functions with _Decimal64 are refused by the name of the type', () => {
    const { symbols } = cdef(null, 'int f(_Decimal64);', { lazy: true });
    throws(() => symbols.f, { code: 'ERR_FFI_BAD_SIGNATURE', message: /argument 1: _Decimal64 has no type here/ });
  });
});

describe('strings', () => {
  const text = 'char *strchr(const char *, int); const char *strerror(int); char *strcpy(char *, const char *);';
  const signatures = (options) =>
    Object.values(cdef(null, text, options).symbols).map(({ signature }) => signature.toString());

  test('pointers to const char are strings by default', () => {
    assert.deepEqual(signatures(), ['(si)p', '(i)s', '(ps)p']);
    const { symbols } = cdef(null, text);
    const buffer = new Uint8Array(8);
    symbols.strcpy(buffer, 'abc');
    assert.deepEqual([...buffer], [97, 98, 99, 0, 0, 0, 0, 0]);
    assert.equal(typeof symbols.strerror(0), 'string');
  });

  test('the option strings makes all pointers to char strings, or none', () => {
    assert.deepEqual(signatures({ strings: 'const' }), ['(si)p', '(i)s', '(ps)p']);
    assert.deepEqual(signatures({ strings: 'all' }), ['(si)s', '(i)s', '(ss)s']);
    assert.deepEqual(signatures({ strings: 'none' }), ['(pi)p', '(i)p', '(pp)p']);
  });
});

describe('variables', () => {
  test('a variable is read and written', () => {
    const { symbols } = declare('extern int32_t counter;');
    const before = symbols.counter.value;
    symbols.counter.value = 41;
    assert.equal(symbols.counter.value, 41);
    symbols.counter.value = before;
  });
});

describe('constants', () => {
  test('constants come from enums and macros', () => {
    const { constants } = declare(`
      enum mode { A, B = 4, C };
      enum { FLAG = 1 << 3, ALL = FLAG | B, NEGATIVE = -1 };
      #define SIZE 128
      #define VERSION "1.2"
      #define PI 3.25
    `);
    const expected = { A: 0, B: 4, C: 5, FLAG: 8, ALL: 12, NEGATIVE: -1, SIZE: 128, VERSION: '1.2', PI: 3.25 };
    assert.deepEqual({ ...constants }, expected);
    assert.ok(Object.isFrozen(constants));
  });

  test('constants that a number cannot hold exactly are bigints', () => {
    const { constants } = declare('enum big { MAX = 0xffffffffffffffff, SAFE = 9007199254740991, NEXT };');
    assert.deepEqual({ ...constants }, { MAX: 2n ** 64n - 1n, SAFE: 2 ** 53 - 1, NEXT: 2n ** 53n });
  });

  test('constants have no inherited names', () => {
    const { constants } = declare('enum { constructor, __proto__ };');
    assert.deepEqual(Object.entries(constants), [
      ['constructor', 0],
      ['__proto__', 1],
    ]);
    assert.equal(declare('int f(void);', { lazy: true }).constants.toString, undefined);
  });
});

describe('structs', () => {
  test('a struct is found by its tag and by its typedef', () => {
    const { structs } = declare('typedef struct point { int x; double y; } point_t; struct other { point_t at[2]; };');
    assert.equal(structs.point, structs.point_t);
    assert.deepEqual({ size: structs.point.size, align: structs.point.align }, { size: 16, align: 8 });
    assert.equal(structs.other.size, 32);
    const value = structs.point.create({ x: 3, y: 4 });
    assert.equal(structs.point.get(value, 'y'), 4);
  });

  test('all names of a struct refer to the same schema', () => {
    const { structs, types } = declare('struct s { char name[8]; }; typedef struct s t, u[3]; struct v { t in; };');
    assert.equal(types.t, structs.s);
    assert.deepEqual(types.u, [structs.s, 3]);
    assert.equal(structs.v.fields.in, structs.s);
  });

  test('structs are passed and returned by value', async () => {
    const { symbols, structs } = cdef(null, 'typedef struct { int quot, rem; } div_t; div_t div(int, int);');
    assert.deepEqual(structs.div_t.toObject(symbols.div(17, 5)), { quot: 3, rem: 2 });
    assert.equal((await symbols.div.async(17, 5)).rem, 2);
  });

  test('structs may contain unions, bit-fields, anonymous members and flexible arrays', () => {
    const { structs } = declare(`
      struct record {
        unsigned kind : 3, : 5, count : 24;
        union { int32_t whole; float real; };
        struct { int16_t x, y; } at[2];
        double items[];
      };
      union word { uint32_t all; uint8_t bytes[4]; };
    `);
    const record = structs.record.create({
      kind: 5,
      count: 70000,
      at: [
        { x: 1, y: 2 },
        { x: 3, y: 4 },
      ],
    });
    record.real = 1;
    assert.deepEqual([record.kind, record.count, record.whole, record.at[1].y], [5, 70000, 0x3f800000, 4]);
    assert.deepEqual([structs.record.size, structs.record.align], [16, 8]);
    const word = structs.word.create({ all: 0x01020304 });
    assert.deepEqual([...word.bytes].sort(), [1, 2, 3, 4]);
  });

  test('structs are packed and aligned as declared', () => {
    const { structs } = declare(`
      struct packed { signed char a; double b; } __attribute__((packed));
      struct aligned { signed char a; } __attribute__((aligned(32)));
      struct members { signed char a; _Alignas(8) signed char b; double c __attribute__((packed)); };
      struct bits { signed char a; int b : 3 __attribute__((aligned(8))), c : 3; _Alignas(4) signed char d; };
      #pragma pack(push, 2)
      struct two { signed char a; double b; };
      #pragma pack(pop)
    `);
    const layouts = ['packed', 'aligned', 'members', 'bits', 'two'].map((name) => {
      const { size, align, offsets } = structs[name];
      return [size, align, ...Object.values(offsets)];
    });
    assert.deepEqual(layouts, [
      [9, 1, 0, 1],
      [32, 32, 0],
      [24, 8, 0, 8, 9],
      [16, 8, 0, 8, 8, 12],
      [10, 2, 0, 2],
    ]);
    assert.deepEqual(
      { ...structs.members.fields },
      { a: 'c', b: { type: 'c', align: 8 }, c: { type: 'd', packed: true } },
    );
  });

  test('an array of length 0 before the end of a struct is accepted where it moves no member', () => {
    const { structs, symbols } = declare(
      'struct good { char a[0]; int b; char c[0]; int d; }; struct bad { char a; short b[0]; char c; int d; }; int f(struct bad);',
      { lazy: true },
    );
    assert.deepEqual([structs.good.size, { ...structs.good.offsets }], [8, { b: 0, d: 4 }]);
    const message = 'struct bad: b: an array of no length is understood at the end of a struct';
    throws(() => symbols.f, { code: 'ERR_FFI_BAD_SIGNATURE', message });
  });

  test('flexible arrays may follow members without bytes, as in Linux headers', () => {
    const { structs } = declare(`
      struct list { unsigned count; struct { struct { } none; long long items[]; }; };
      struct pair { struct { } first; int a; struct { } middle; int b; struct { } last[4]; };
    `);
    const { list, pair } = structs;
    assert.deepEqual([list.size, list.align, { ...list.offsets }], [8, 8, { count: 0, items: 8 }]);
    assert.equal(list.create({ count: 2, items: [5, 6] }).items[1], 6);
    assert.deepEqual([pair.size, { ...pair.offsets }], [8, { a: 0, b: 4 }]);
  });

  test('structs whose members without bytes move other members are refused', () => {
    const refused = {
      'char a; struct { } b __attribute__((aligned(2))); char c; int d;': 'b: a member without bytes',
      'char a; char b[0] __attribute__((aligned(2))); char c; int d;': 'b: an array of no length',
      'int a : 3; struct { } b; int c : 3;': 'b: a member without bytes',
    };
    for (const [members, what] of Object.entries(refused)) {
      const message = `struct bad: ${what} is understood at the end of a struct`;
      throws(() => declare(`struct bad { ${members} };`).structs.bad, { code: 'ERR_FFI_BAD_SIGNATURE', message });
    }
    const empty = declare('struct nothing { }; struct nothings { long none[0]; };').structs;
    for (const name of ['nothing', 'nothings']) {
      throws(() => empty[name], { code: 'ERR_FFI_BAD_SIGNATURE', message: `${name}: struct ${name} has no bytes` });
    }
  });

  test('structs that are only declared are not in structs, and cannot be passed', () => {
    const { structs, symbols } = declare('struct hidden; int f(struct hidden *); int g(struct hidden);', {
      lazy: true,
    });
    assert.equal('hidden' in structs, false);
    throws(() => symbols.g, { code: 'ERR_FFI_BAD_SIGNATURE', message: 'g: struct hidden is never defined' });
  });
});

describe('types', () => {
  test('types are definitions that dlopen accepts', () => {
    const { types } = declare('typedef unsigned short u; typedef int (*fn)(u, const char *); typedef u list[3];');
    assert.equal(types.u, 'H');
    assert.deepEqual(types.fn, { args: ['H', 's'], returns: 'i' });
    assert.deepEqual(types.list, ['H', 3]);
    assert.deepEqual(Object.keys(types).length, 3);
  });
});

describe('looking symbols up', () => {
  const missing = 'int echo_i32(int); int ecko_i64(int);';
  const notFound = {
    code: 'ERR_FFI_SYMBOL_NOT_FOUND',
    message: /^ecko_i64: not exported by .*; did you mean 'echo_i64'\?$/,
  };

  test('symbols of a short text are looked up at once', () => {
    throws(() => declare(missing), notFound);
  });

  test('symbols of a text with line markers are looked up at their first use', () => {
    const { symbols } = declare(`# 1 "fixture.h"\n${missing}`);
    assert.equal(symbols.echo_i32(5), 5);
    throws(() => symbols.ecko_i64, notFound);
  });

  test('the option lazy decides when symbols are looked up', () => {
    throws(() => declare(`# 1 "fixture.h"\n${missing}`, { lazy: false }), notFound);
    const { symbols } = declare(missing, { lazy: true });
    assert.equal('ecko_i64' in symbols, true);
    assert.equal('echo_i8' in symbols, false);
    assert.equal(symbols.echo_i32, symbols.echo_i32);
    throws(() => symbols.ecko_i64, notFound);
  });

  test('a lazy lookup fails once the library is closed', () => {
    const lib = declare('int echo_i32(int); int echo_i8(int8_t);', { lazy: true });
    const { echo_i32 } = lib.symbols;
    lib.close();
    throws(() => echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
    throws(() => lib.symbols.echo_i8, { code: 'ERR_FFI_LIBRARY_CLOSED' });
  });
});

describe('errors', () => {
  const bad = (text, message) => throws(() => declare(text), { code: 'ERR_FFI_BAD_SIGNATURE', message });

  test('errors in the text are reported with line and column', () => {
    bad('int a(int;', "cdef: line 1, column 10: expected ')', got ';'");
    bad('int a(void);\n  itn b(void);', "cdef: line 2, column 3: 'itn' is no known type; did you mean 'int'?");
    bad('# 7 "/usr/include/x.h"\nint é(void) +', "cdef: /usr/include/x.h, line 7, column 13: expected ';', got '+'");
    bad(
      '#include <math.h>',
      "cdef: line 1, column 2: #include is the preprocessor's: run the text through `cc -E` first",
    );
  });

  test('errors in the arguments name the argument or option', () => {
    const wrong = (args, message) => throws(() => cdef(...args), { code: 'ERR_FFI_INVALID_ARG_TYPE', message });
    wrong([fixture], 'cdef: argument 2: expected a string, got undefined');
    wrong([fixture, 'int f(void);\0'], /^cdef: argument 1: /);
    wrong([fixture, '', { lasy: true }], "cdef: options: unknown option 'lasy'; did you mean 'lazy'?");
    wrong([fixture, '', { lazy: 1 }], 'cdef: options.lazy: expected a boolean, got number');
    wrong([fixture, '', null], 'cdef: options: expected an object, got null');
    wrong(
      [fixture, '', { strings: 'some' }],
      "cdef: options.strings: expected 'const', 'results', 'all' or 'none', got 'some'",
    );
    throws(() => cdef('libnothing.so', ''), { code: 'ERR_FFI_LIBRARY_NOT_FOUND' });
  });

  test('errors in the text are reported before the library is opened', () => {
    throws(() => cdef('libnothing.so', 'int'), { code: 'ERR_FFI_BAD_SIGNATURE' });
  });
});

test('a library with declarations can be listed and closed like any other', () => {
  const lib = declare('int echo_i32(int);', { threads: 1, now: true });
  assert.ok(lib.list().some(({ name }) => name === 'echo_i32'));
  lib.close();
  lib.close();
  throws(() => lib.symbols.echo_i32(1), { code: 'ERR_FFI_LIBRARY_CLOSED' });
});
