// The constants of C declarations: macros as the compiler evaluates them, other names of functions, and what is said of a
// macro that is no constant.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { cdef } from 'arkffi';
import { compile, runProgram } from './compiler.mjs';
import { isWindows } from './hosts.mjs';
import { check, fixture, throws } from './support.mjs';

const declare = (text, options) => cdef(fixture, text, options);
const constantOf = (text) => declare(text).constants.A;

describe('macros that are constants', () => {
  test('a macro may use what comes after it in the text', () => {
    assert.equal(constantOf('#define A B\n#define B 5'), 5);
    assert.equal(constantOf('#define A E\nenum { E = 4 };'), 4);
    assert.equal(constantOf('#define A ((my)0x7F)\ntypedef signed char my;'), 127);
    assert.equal(constantOf('#define A sizeof(struct s)\nstruct s { char a; int b; };'), 8);
    assert.equal(constantOf('#define A (~(T)0)\n#define T size_t'), 2n ** 64n - 1n);
  });

  test('macros with parameters are expanded', () => {
    assert.equal(constantOf('#define F(x) (1u << (x))\n#define A F(3)'), 8);
    assert.equal(
      constantOf(
        '#define TAG(a, b, c, d) ((int)((unsigned)(a) | (b) << 8 | (c) << 16 | (d) << 24))\n#define A (-TAG(69, 79, 70, 32))',
      ),
      -541478725,
    );
    assert.equal(constantOf('#define PASTE(a, b) a ## b\n#define A PASTE(0x, ff)'), 255);
    assert.equal(
      constantOf('#define STR(x) #x\n#define XSTR(x) STR(x)\n#define MAJOR 3\n#define A XSTR(MAJOR.1)'),
      '3.1',
    );
  });

  test('a macro stands for its tokens, not for its value', () => {
    const { constants } = declare('#define SUM 1 + 1\n#define A SUM * 2\nenum { B = SUM * 2 };');
    assert.deepEqual([constants.A, constants.B, constants.SUM], [3, 3, 2]);
  });

  test('string literals are joined, whatever their prefix and escape sequences are', () => {
    assert.equal(constantOf('#define P "a"\n#define A P "b"'), 'ab');
    assert.equal(constantOf('#define A L"h\\u00e9" "!"'), 'hé!');
    assert.equal(constantOf('#define A u"\\xd83d\\xde00"'), '😀');
    assert.equal(constantOf('#define A "\\x41\\0\\n\\""'), 'A\0\n"');
    assert.equal(constantOf('#define A ((const unsigned char *) "http://x")'), 'http://x');
  });

  test('floating-point numbers have the values of their C type', () => {
    assert.equal(constantOf('#define A (-1.0)'), -1);
    assert.equal(constantOf('#define A 3.14159265358979323846f'), Math.fround(Math.PI));
    assert.equal(constantOf('#define A 3.14159265358979323846F'), Math.fround(Math.PI));
    assert.equal(constantOf('#define A 0.1L'), 0.1);
    assert.equal(constantOf('#define A (0.1f + 0.2f)'), Math.fround(Math.fround(0.1) + Math.fround(0.2)));
    assert.equal(constantOf('#define A 0x1.8p-3'), 0.1875);
    assert.equal(constantOf('#define A (int)3.9'), 3);
    assert.equal(constantOf('#define A (1.0 / 0.0)'), Infinity);
    assert.equal(constantOf('#define A -__builtin_inff()'), -Infinity);
    assert.ok(Object.is(constantOf('#define A __builtin_nan("")'), NaN));
    assert.ok(Object.is(constantOf('#define A -0.0'), -0));
  });

  test('characters have the values of their C type', () => {
    assert.equal(constantOf("#define A L'\\u20ac'"), 0x20ac);
    assert.equal(constantOf("#define A U'\\U0001F600'"), 0x1f600);
    assert.equal(constantOf("#define A u'é'"), 0xe9);
    assert.equal(constantOf("#define A u8'a'"), 97);
    assert.equal(constantOf("#define A 'ab'"), 0x6162);
  });

  test('integers wrap as in C', () => {
    assert.equal(constantOf('#define A (2147483647 + 1)'), -2147483648);
    assert.equal(constantOf('#define A (0u - 1)'), 4294967295);
    assert.equal(constantOf('#define A (-1 < 0u)'), 0);
    assert.equal(constantOf('#define A ((void *)-1)'), 2n ** 64n - 1n);
  });

  test('a macro hides a constant of an enum with the same name, unless it is none', () => {
    assert.equal(constantOf('enum { A = 7 };\n#define A "x"'), 'x');
    assert.equal(constantOf('enum { A = 7 };\n#define A A'), 7);
    assert.equal(constantOf('enum { A = 7 };\n#define A(x) x'), 7);
  });
});

describe('macros that rename a function', () => {
  test('the function has both names', async () => {
    const { symbols } = declare(`
      #define twice echo_i32
      #define thrice(value) echo_i32(value)
      #define number counter
      int echo_i32(int value);
      extern int32_t counter;
    `);
    await check(() => {
      assert.equal(symbols.twice(21), 21);
      assert.equal(symbols.thrice(21), 21);
      throws(() => symbols.twice('x'), {
        code: 'ERR_FFI_INVALID_ARG_TYPE',
        message: /^echo_i32: argument 1 \(value\): /,
      });
    });
    assert.equal(symbols.number.ptr, symbols.counter.ptr);
  });

  test('a macro that does more is no symbol', () => {
    const { symbols } = declare(`
      #define swapped(a, b) f(b, a)
      #define more(a) (echo_i32(a) + 1)
      #define fixed() echo_i32(1)
      int echo_i32(int value);
    `);
    for (const name of ['swapped', 'more', 'fixed']) assert.equal(name in symbols, false);
  });
});

describe('names that are no constants', () => {
  test('reading one throws, and says why', () => {
    const { constants } = declare(`
      #define NOTHING
      #define CALL(x) x
      #define UNKNOWN (LATER + 1)
      #define CALLS echo_i32(1)
      #define RENAMED echo_i32
      #define DIVIDED (1 / 0)
      #define SHIFTED (1 << 40)
      #define LARGE (int)1e10
      #define TYPE unsigned long
      #define BRACES { 1, 2 }
      #define BYTES "\\xff"
      int echo_i32(int);
      typedef int my_int;
    `);
    const reasons = {
      NOTHING: 'it is defined as nothing',
      CALL: 'it is a macro with parameters',
      UNKNOWN: "'LATER' is not declared",
      CALLS: "it calls 'echo_i32'",
      RENAMED: 'it is another name of a function',
      DIVIDED: 'this divides by zero',
      SHIFTED: 'this shifts by more bits than there are',
      LARGE: 'this number does not fit the type that it is converted to',
      TYPE: 'it is a type',
      BRACES: "it is no expression: expected a constant, got '{'",
      BYTES: 'its bytes are no text',
      echo_i32: 'it is a function',
      my_int: 'it is a type',
    };
    for (const [name, reason] of Object.entries(reasons)) {
      throws(() => constants[name], { code: 'ERR_FFI_BAD_SIGNATURE', message: `${name} is no constant: ${reason}` });
      assert.equal(name in constants, false);
    }
    assert.deepEqual(Object.keys(constants), []);
  });

  test('a name that the text does not have throws, and suggests one that it has', () => {
    const { constants } = declare('#define FLAG_ALL 3\n');
    throws(() => constants.FLAG_AL, {
      code: 'ERR_FFI_NOT_DEFINED',
      message: "cdef: the text has no constant 'FLAG_AL'; did you mean 'FLAG_ALL'?",
    });
    throws(() => constants.flag_all, { code: 'ERR_FFI_NOT_DEFINED', message: /did you mean 'FLAG_ALL'\?$/ });
    assert.equal(constants.toString, undefined); // hosts read names like this one from any object
  });

  test('the constants can be listed, printed, copied and returned from an async function', async () => {
    const { constants } = declare('#define ONE 1\n#define BIG 0xffffffffffffffff\n#define F(x) x\n');
    assert.deepEqual({ ...constants }, { ONE: 1, BIG: 2n ** 64n - 1n });
    assert.match(inspect(constants), /\{\s+ONE: 1,\s+BIG: 18446744073709551615n\s+\}$/);
    assert.equal(await (async () => constants)(), constants);
    assert.equal(JSON.stringify(declare('#define ONE 1\n').constants), '{"ONE":1}');
    assert.ok(Object.isFrozen(constants));
    assert.equal('F' in constants, false);
    assert.throws(() => {
      constants.NEW = 1;
    }, TypeError);
  });
});

describe('hostile macros', () => {
  const lines = (count, make) => Array.from({ length: count }, (_, i) => make(i)).join('\n');

  test('macros that name each other have no value', () => {
    const { constants } = declare(lines(50, (i) => `#define M${i} (M${(i + 1) % 50} + 1)`));
    throws(() => constants.M5, { code: 'ERR_FFI_BAD_SIGNATURE', message: "M5 is no constant: 'M5' is not declared" });
  });

  test('a long expansion is no constant, and does not take long', () => {
    const text = `#define M0 1\n${lines(64, (i) => `#define M${i + 1} M${i} + M${i}`)}`;
    const { constants } = declare(text);
    assert.equal(constants.M10, 1024);
    throws(() => constants.M17, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^M17 is no constant: it expands to more than 65536 tokens/,
    });
    throws(() => constants.M64, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: 'M64 is no constant: it expands to too many tokens, with what other macros of the text expand to',
    });
    assert.equal(declare(`${text}\n#define LATER (M3 + 1)`).constants.LATER, 9);
    throws(() => declare(`${text}\nint a[M64];`), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /line 66, column 7: it expands to more than/,
    });
  });

  test('arguments that double are no constant, and do not take long', () => {
    const { constants } = declare(`#define F(x) x x\n#define A ${'F('.repeat(60)}1${')'.repeat(60)}`);
    throws(() => constants.A, {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^A is no constant: it expands to more than 65536 tokens/,
    });
  });

  test('macros nest as deep as declarations', () => {
    const text = `#define M0 1\n${lines(300, (i) => `#define M${i + 1} (M${i} + 1)`)}`;
    const { constants } = declare(text);
    assert.equal(constants.M90, 91);
    throws(() => constants.M300, { code: 'ERR_FFI_BAD_SIGNATURE', message: /nests deeper than 200 levels$/ });
    const { constants: deep } = declare(
      `#define A ${'('.repeat(20000)}1\n#define F(x) x\n#define B ${'F('.repeat(1000)}1${')'.repeat(1000)}`,
    );
    for (const name of ['A', 'B'])
      throws(() => deep[name], {
        code: 'ERR_FFI_BAD_SIGNATURE',
        message: /nests deeper than 200 levels$|expands to more than/,
      });
  });

  test('what a macro has done wrong does not change what others mean', () => {
    const { constants } = declare('#define F(x) x\n#define BAD F(F(1\n#define GOOD F(F(2))\n#define ALSO GOOD\n');
    assert.deepEqual({ ...constants }, { GOOD: 2, ALSO: 2 });
  });
});

describe('constants of system headers', () => {
  /** The values that the compiler gives to names: integers, or numbers with 17 digits, or texts. */
  function measured(headers, names) {
    const folder = mkdtempSync(join(tmpdir(), 'arkffi-'));
    try {
      const print = (name) =>
        `printf("%c ", _Generic((${name}), float: 'd', double: 'd', long double: 'd', char *: 's', unsigned long: 'u', unsigned long long: 'u', default: 'i')); ` +
        `_Generic((${name}), float: d, double: d, long double: d, char *: s, unsigned long: u, unsigned long long: u, default: i)(${name});`;
      const source = `${headers}#include <stdio.h>
        static void d(double x) { printf("%.17g\\n", x); }
        static void s(const char *x) { printf("%s\\n", x); }
        static void u(unsigned long long x) { printf("%llu\\n", x); }
        static void i(long long x) { printf("%lld\\n", x); }
        int main(void) {\n${names.map(print).join('\n')}\n}\n`;
      writeFileSync(join(folder, 'main.c'), source);
      compile(['-w', '-o', join(folder, 'main'), join(folder, 'main.c')]);
      return runProgram(join(folder, 'main'))
        .split(/\r?\n/)
        .slice(0, -1)
        .map((line) =>
          line[0] === 's'
            ? line.slice(2)
            : line[0] === 'd'
              ? Number(line.slice(2).replace('inf', 'Infinity'))
              : BigInt(line.slice(2)),
        );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('those that need more than one macro or a later declaration are as the compiler has them', () => {
    const ofPosix = isWindows ? [] : ['sys/ioctl.h', 'elf.h'];
    const headers = ['limits.h', 'stdint.h', 'inttypes.h', 'math.h', 'float.h', 'signal.h', ...ofPosix]
      .map((header) => `#include <${header}>\n`)
      .join('');
    const text = compile(['-E', '-dD', '-D_GNU_SOURCE', '-'], headers);
    const { constants } = cdef(null, text, { lazy: true });
    const names =
      'INT_MIN SHRT_MIN LONG_MIN ULONG_MAX CHAR_MAX SCHAR_MIN INT64_MIN UINT64_MAX SIZE_MAX PTRDIFF_MIN PRId64 PRIxPTR SCNu32 ' +
      'M_PI M_PIf M_SQRT1_2f M_E HUGE_VAL INFINITY FLT_MAX DBL_MIN DBL_EPSILON FLT_EPSILON SA_SIGINFO SIGRTMAX_FIXED ' +
      'TIOCGWINSZ TIOCGPTN FIONREAD SHN_LORESERVE R_X86_64_NUM FP_NAN MAXFLOAT';
    const known = names.split(' ').filter((name) => name in constants);
    assert.ok(
      known.length >= (isWindows ? 22 : 28),
      `${known.length}: ${names.split(' ').filter((name) => !(name in constants))}`,
    );
    const expected = measured(`#define _GNU_SOURCE 1\n${headers}`, known);
    known.forEach((name, i) => {
      const value = constants[name];
      const got = Number.isInteger(value) && typeof expected[i] === 'bigint' ? BigInt(value) : value;
      assert.deepEqual([name, got], [name, expected[i]]);
    });
  });
});
