/* Constant expressions, compared with the compiler, and constants from #define. */
#include "cdef_support.h"
#include <locale.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

static void assert_constant(const char *expression, long long value) {
  char text[512], large[64];
  snprintf(text, sizeof text, "enum { ZERO, TEN = 10 }; struct s { char a; double b; }; enum { X = %s };", expression);
  snprintf(large, sizeof large, "\"X\":%lld}", value);
  assert_describes(text, large);
}
/* What is asked is what the compiler does with such constants, not whether it likes them. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wliteral-range"
#endif

#define ASSERT_AS_COMPILED(expression) assert_constant(#expression, (long long)(expression))

enum { ZERO, TEN = 10 };
struct s {
  char a;
  double b;
};

static void should_evaluate_as_the_compiler_does(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(1 + 2 * 3 - 8 / 4 % 3);
  ASSERT_AS_COMPILED((1 + 2) * 3);
  ASSERT_AS_COMPILED(1 << 4 | 1 << 2 & ~3 ^ 5);
  ASSERT_AS_COMPILED(-7 / 2 * 10 + -7 % 3);
  ASSERT_AS_COMPILED(-8 >> 1);
  ASSERT_AS_COMPILED(~0u >> 4);
  ASSERT_AS_COMPILED(-1 < 0u);
  ASSERT_AS_COMPILED(-1l < 0u);
  ASSERT_AS_COMPILED(-1ll < 0u);
  ASSERT_AS_COMPILED(sizeof(1l) + sizeof(1ul) * 10 + sizeof(1ll) * 100 + sizeof(0x80000000l) * 1000);
  ASSERT_AS_COMPILED(-1 < 0x80000000l);
  ASSERT_AS_COMPILED(0x80000000 > 0);
  ASSERT_AS_COMPILED(2147483648 * 2);
  ASSERT_AS_COMPILED(1 ? 2 : 3);
  ASSERT_AS_COMPILED(0 ? 1 / 1 : 0 ? 4 : 5);
  ASSERT_AS_COMPILED(!5 + !0);
  ASSERT_AS_COMPILED(- -3 + +4);
  ASSERT_AS_COMPILED(1 == 1 && 2 != 2 || 3 <= 3);
  ASSERT_AS_COMPILED(TEN * TEN);
  ASSERT_AS_COMPILED(0777 + 0xFF + 0b101);
}

static void should_know_sizes_and_casts(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(sizeof(int) * 2 + sizeof(char *) - sizeof(struct s));
  ASSERT_AS_COMPILED(sizeof(int[4]) + sizeof(long long unsigned));
  ASSERT_AS_COMPILED(_Alignof(struct s) + __alignof__(short));
  ASSERT_AS_COMPILED(__builtin_offsetof(struct s, b));
  ASSERT_AS_COMPILED((unsigned char)300 + (signed char)200);
  ASSERT_AS_COMPILED((_Bool)7 + (int)3000000000u);
  ASSERT_AS_COMPILED((short)-1 == (unsigned short)-1);
  ASSERT_AS_COMPILED(((unsigned char)200 << 1) + ((char)1 << 10) + ((unsigned short)0xffff >> 4));
  assert_describes("int a[3]; enum { X = sizeof a, Y = sizeof((a)) };", "\"X\":12,\"Y\":12");
}

/* Enumeration constants are of type int if it holds them. */
static void should_know_the_types_of_enumeration_constants(void **state) {
  (void)state;
  enum {
    A = 1u,
    B = ~A,
    C = A > -1,
    D = (char)1,
    E = sizeof(D),
    F = 1ll,
    G = sizeof(F),
    H = (short)32767,
    I,
    J = I << 4
  };
  char expected[128];
  snprintf(expected, sizeof expected, "\"B\":%d,\"C\":%d,\"D\":1,\"E\":%d,\"F\":1,\"G\":%d,\"H\":%d,\"I\":%d,\"J\":%d",
           B, C, E, G, H, I, J);
  assert_describes("enum { A = 1u, B = ~A, C = A > -1, D = (char)1, E = sizeof(D), F = 1ll, G = sizeof(F), H = "
                   "(short)32767, I, J = I << 4 };",
                   expected);
  assert_describes("enum { A = -2, B, C, D };", "\"A\":-2,\"B\":-1,\"C\":0,\"D\":1");
  assert_refuses("enum { A = 0xffffffffffffffff,\nB };", "line 2, column 1: this constant is larger than any type");
}

static void should_know_sizes_of_expressions(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(sizeof 1);
  ASSERT_AS_COMPILED(sizeof 1ll + sizeof(2147483648) + sizeof 'a');
  ASSERT_AS_COMPILED(sizeof(TEN + 1) * 2);
  ASSERT_AS_COMPILED(sizeof((char)1) + sizeof((1 ? (short)1 : (char)2)));
  ASSERT_AS_COMPILED(sizeof(-(char)1) + sizeof !TEN + sizeof(1ul == 2));
  ASSERT_AS_COMPILED(sizeof("abc") + sizeof "" * 100);
  ASSERT_AS_COMPILED(sizeof "a\n\x41\101"
                            "\"b\\");
  ASSERT_AS_COMPILED(__alignof__("abc"));
  assert_refuses("int a; enum { A = sizeof(a + 1) };", "line 1, column 19: 'a' is a variable");
  ASSERT_AS_COMPILED(sizeof "\u00e9" + sizeof L"abc" + sizeof u"ab" + sizeof U"a" + sizeof u8"abc");
  ASSERT_AS_COMPILED(sizeof(((struct s *)0)->b) + sizeof((struct s *)0)->a);
  assert_describes(
      "int a[2]; struct { char b[3]; } c[2], *d; enum { A = sizeof(a[0]), B = sizeof c[1].b, C = sizeof d->b };",
      "\"A\":4,\"B\":3,\"C\":3");
  assert_describes("struct s { char a; struct { short b; struct { int c[3]; } d; }; }; "
                   "enum { A = __builtin_offsetof(struct s, d.c[2]), B = (unsigned long)&((struct s *)0)->b };",
                   "\"A\":16,\"B\":4");
  assert_refuses("enum { A = sizeof(1 };", "line 1, column 21: expected ')', got '}'");
}

static void should_know_characters(void **state) {
  (void)state;
  ASSERT_AS_COMPILED('a');
  ASSERT_AS_COMPILED('\n' + '\\' + '\'' + '\0' + '\x7f' + '\177');
  ASSERT_AS_COMPILED('\xff');
  ASSERT_AS_COMPILED(L'a' + L'\xffff' + L'\u20ac');
  ASSERT_AS_COMPILED(u'\uffff' + u'\xabcd' * 2);
  ASSERT_AS_COMPILED(U'\U0001F600' - 1 > 0);
  ASSERT_AS_COMPILED(sizeof L'a' * 100 + sizeof u'a' * 10 + sizeof U'a');
#if WCHAR_MAX > 0xffff
  ASSERT_AS_COMPILED(L'\xffffffff' < 0);
#endif
  ASSERT_AS_COMPILED('ab' + 'abc');
  ASSERT_AS_COMPILED('\377abc');
  assert_describes("enum { A = u8'a', B = L'é', C = '\\x41' };", "\"A\":97,\"B\":233,\"C\":65");
  assert_refuses("enum { A = 'abcde' };", "line 1, column 12: these are too many characters for one value");
  assert_refuses("enum { A = L'ab' };", "line 1, column 12: these are too many characters for one value");
  assert_refuses("enum { A = u'\\U0001F600' };", "line 1, column 12: these are too many characters for one value");
  assert_refuses("enum { A = '\\x100' };", "line 1, column 12: an escape sequence is too large for its character");
  assert_refuses("enum { A = '\\ud800' };", "line 1, column 12: the name of a character is not valid");
  assert_refuses("enum { A = u'\xff' };", "line 1, column 12: the bytes of this text are not UTF-8");
  assert_refuses("enum { A = '' };", "line 1, column 12: this character is empty");
}

static void should_refuse_expressions_without_a_value(void **state) {
  (void)state;
  assert_refuses("enum { A = 1 / 0 };", "line 1, column 12: this divides by zero");
  assert_refuses("enum { A = 1 << 32 };", "line 1, column 12: this shifts by more bits than there are");
  assert_refuses("enum { A = 1.5 };", "line 1, column 12: this is no integer");
  assert_refuses("enum { A = B };", "line 1, column 12: 'B' is not declared");
  assert_refuses("enum { A = 99999999999999999999 };", "line 1, column 12: this number is larger than any type");
  assert_refuses("enum { A = sizeof(struct s) };", "line 1, column 12: this type has no size yet");
  assert_refuses("struct s { struct { int a; }; }; enum { A = __builtin_offsetof(struct s, 3) };",
                 "line 1, column 45: only a member of a struct has an offset here");
  assert_refuses("enum { A = };", "line 1, column 12: expected a constant, got '}'");
  assert_refuses("int a[-1];", "line 1, column 7: an array cannot have fewer than 0 elements");
  assert_refuses("int a[1ull << 62];", "line 1, column 5: this array is larger than memory");
}

static void should_not_evaluate_operands_that_are_not_needed(void **state) {
  (void)state;
  assert_constant("1 ? 2 : 1 / 0", 2);
  assert_constant("0 && 1 / 0", 0);
  assert_constant("1 || 1 / 0", 1);
}

/* An operand that is not evaluated still has a type, which decides about that of the result. */
static void should_know_the_types_of_operands_that_are_not_evaluated(void **state) {
  (void)state;
  assert_constant("(1 ? -1 : !(1u / 0)) < 0", 1);
  assert_constant("(1 ? -1 : (1u << 40 && 1)) < 0", 1);
  assert_constant("(1 ? -1 : (1u / 0 == 1)) < 0", 1);
  assert_constant("(1 ? -1 : 1u / 0) < 0", 0);
  assert_constant("(int)((1 ? 3 : (double)(1 / 0)) / 2 * 10)", 15);
  assert_constant("(int)((1 ? 3 : -(float)(1 / 0)) / 2 * 10)", 15);
  assert_constant("sizeof(!(1LL / 0))", 4);
  assert_constant("sizeof((1LL / 0) == 1)", 4);
  assert_constant("sizeof((short)1e19 && 1)", 4);
  assert_constant("sizeof((float)(short)1e19)", 4);
  assert_constant("sizeof(+(char)1e9) + sizeof(~(char)1e9) * 10", 44);
  assert_constant("sizeof((1 / 0) ? 1.0 : 2)", 8);
  assert_constant("sizeof(1LL << 99)", 8);
  assert_constant("sizeof((long double)(1 / 0)) == sizeof((long double)1)", 1);
  assert_constant("(int)((1 ? (long double)3 : (long double)(1 / 0)) / 2 * 10)", 15);
}

/* Conversions between integers and floating-point numbers, and the operators on both. */
static void should_calculate_with_floating_point_numbers(void **state) {
  (void)state;
  ASSERT_AS_COMPILED((int)3.9 + (int)-3.9 * 10);
  ASSERT_AS_COMPILED((int)(1.5f * 3) + (long)(7 / 2.0 * 1000));
  ASSERT_AS_COMPILED((unsigned char)255.9);
  ASSERT_AS_COMPILED((long)(float)16777217);
  ASSERT_AS_COMPILED((long long)(double)9007199254740993 == 9007199254740992);
  ASSERT_AS_COMPILED((unsigned long long)(float)0xffffff7fffffffff > 0);
  ASSERT_AS_COMPILED(0.1f == 0.1);
  ASSERT_AS_COMPILED((0.1f + 0.2f == 0.3f) + (0.1 + 0.2 == 0.3) * 10);
  ASSERT_AS_COMPILED((1.5 > 1) + (1.5 < 1) * 10 + (1.5 >= 1.5) * 100 + (1.5 <= 1) * 1000 + (1.5 != 1) * 10000);
  ASSERT_AS_COMPILED(!0.5 + (0.5 && 1) * 10 + (0.0 || 0) * 100 + (_Bool)0.1 * 1000);
  ASSERT_AS_COMPILED((int)(0 ? 1 : 2.5) + (int)((1 ? 1 : 2.5) / 2 * 10));
  ASSERT_AS_COMPILED((int)-2.5 + (int)+2.5 + sizeof(1.0f) * 10 + sizeof(1.0 + 1.0f) * 100 + sizeof(1.0L) * 1000);
  ASSERT_AS_COMPILED((int)0x1.8p3 + (int)0x10p-2f);
  assert_refuses("enum { A = (int)1e10 };",
                 "line 1, column 12: this number does not fit the type that it is converted to");
  assert_refuses("enum { A = (unsigned)-1.0 };",
                 "line 1, column 12: this number does not fit the type that it is converted to");
  assert_refuses("enum { A = 1.5 % 2 };", "line 1, column 12: this operator is for integers only");
  assert_refuses("enum { A = 1 << 1.5 };", "line 1, column 12: this operator is for integers only");
  assert_refuses("enum { A = ~1.5 };", "line 1, column 12: this operator is for integers only");
}

/* Signed integers wrap, as GCC and Clang do after a warning. */
static void should_wrap_integers(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(2147483647 + 1);
  ASSERT_AS_COMPILED(9223372036854775807 + 1 < 0);
  ASSERT_AS_COMPILED(65536 * 65536 + 1);
  assert_constant("-(-2147483647 - 1)", -2147483648LL);
  ASSERT_AS_COMPILED(0u - 1 > 0);
  assert_constant("1 << 31", -2147483648LL);
  assert_constant("-1 << 4", -16);
}

/* GCC gives a decimal constant that no type of 64 bits with a sign holds the type __int128. */
static void should_know_decimal_constants_that_need_a_sign_and_64_bits(void **state) {
  (void)state;
  static const struct {
    const char *expression, *as_gcc, *as_clang;
  } cases[] = {
      {"-9223372036854775808", "-9223372036854775808", "9223372036854775808"},
      {"(-9223372036854775808LL)", "-9223372036854775808", "9223372036854775808"},
      {"9223372036854775808", "9223372036854775808", "9223372036854775808"},
      {"+18446744073709551615", "18446744073709551615", "18446744073709551615"},
      {"-0x8000000000000000", "9223372036854775808", "9223372036854775808"},
      {"-9223372036854775808u", "9223372036854775808", "9223372036854775808"},
      {"(long long)-9223372036854775808", "-9223372036854775808", "-9223372036854775808"},
      {"(unsigned long long)-9223372036854775808", "9223372036854775808", "9223372036854775808"},
      {"-9223372036854775807 - 1", "-9223372036854775808", "-9223372036854775808"},
  };
  static const struct {
    const char *expression;
    int as_gcc, as_clang;
  } small[] = {
      {"sizeof(9223372036854775808)", 16, 8},
      {"-1 < 9223372036854775808", 1, 0},
      {"-9223372036854775808 < 0", 1, 0},
      {"-9223372036854775808 / 9223372036854775807", -1, 1},
      {"-9223372036854775808 % 10", -8, 8},
      {"9223372036854775808 >> 62", 2, 2},
      {"9223372036854775808 == 0x8000000000000000", 1, 1},
      {"(-9223372036854775808 + 0.0) < 0", 1, 0},
      {"!9223372036854775808 + (_Bool)9223372036854775808 * 10", 10, 10},
      {"0 ? -9223372036854775808 : -1", -1, -1},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char text[256], expected[256];
    snprintf(text, sizeof text, "#define X %s\n", cases[i].expression);
    snprintf(expected, sizeof expected, "\"large\":{\"X\":\"%s\"}",
             ARKFFI_LIKE_CLANG ? cases[i].as_clang : cases[i].as_gcc);
    assert_describes(text, expected);
  }
  for (size_t i = 0; i + ARKFFI_LIKE_CLANG < COUNT_OF(small); i++)
    assert_constant(small[i].expression, ARKFFI_LIKE_CLANG ? small[i].as_clang : small[i].as_gcc);
  if (ARKFFI_LIKE_CLANG) return;
  assert_describes("enum { A = -9223372036854775808 };", "\"A\":\"-9223372036854775808\"");
  assert_describes("enum { A = 9223372036854775808, B = sizeof(A), C = A > -1 };", "\"B\":8,\"C\":0");
  static const char *const too_large[] = {"-18446744073709551615", "9223372036854775808 * 2", "~9223372036854775808",
                                          "9223372036854775808 << 65", "18446744073709551615 + 1"};
  for (size_t i = 0; i < COUNT_OF(too_large); i++) {
    char text[256];
    snprintf(text, sizeof text, "#define X %s\n", too_large[i]);
    assert_describes(text, "\"X\":\"this needs more than 64 bits\"");
  }
}

/* Whatever the compilers refuse as a number or as the text of a macro is no constant. */
static void should_refuse_what_compilers_refuse(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } macros[] = {
      {"#define A 1 ##", "nothing is after its last ##"},
      {"#define A ## 1", "nothing is before its first ##"},
      {"#define F(x) x ##\n#define A F(1)", "nothing is after its last ##"},
      {"#define F(x, x) x\n#define A F(1, 2)", "two of its parameters are 'x'"},
      {"#define F(x,) x\n#define A F(1)", "expected a name, got ')'"},
      {"#define F(x...) 1 __VA_OPT__(+ 1\n#define A F(2)", "nothing closes the '(' of its __VA_OPT__"},
      {"#define A 1lul", "the suffix 'lul' of this number is not known"},
      {"#define A 1lL", "the suffix 'lL' of this number is not known"},
      {"#define A 1ulu", "the suffix 'ulu' of this number is not known"},
      {"#define A 1uu", "the suffix 'uu' of this number is not known"},
      {"#define A 1lll", "the suffix 'lll' of this number is not known"},
      {"#define A 0xu", "this is no number"},
      {"#define A 0x'1", "this is no number"},
      {"#define A 1'u", "the suffix ''u' of this number is not known"},
      {"#define A 1.'5", "the suffix ''5' of this number is not known"},
      {"#define A 1'e5", "the suffix ''e5' of this number is not known"},
  };
  for (size_t i = 0; i < COUNT_OF(macros); i++) {
    char text[256], expected[256];
    snprintf(text, sizeof text, "%s\n", macros[i].text);
    snprintf(expected, sizeof expected, "\"A\":\"%s\"", macros[i].reason);
    assert_describes(text, expected);
  }
  assert_describes("#define A 1ul + 1LU + 1llu + 1ULL + 1uLL + 1'0 + 0x1'f + 1'0.2'5\n", "\"A\":56.25");
}

static void should_make_constants_of_macros(void **state) {
  (void)state;
  assert_describes("#define A 123\n#define B (A << 1)\n#define C 'x'\n", "\"A\":123,\"B\":246,\"C\":120");
  assert_describes("#define V \"1.\" \"2\"\n", "\"V\":\"1.2\"");
  assert_describes("#define PI 3.14\n#define E -.5e3\n#define H 1.\n", "\"PI\":3.14,\"E\":-500,\"H\":1");
  assert_describes("#define A \\\n 5 /* five\n lines */\nint f(void);", "\"A\":5");
  assert_describes("#define A 1\n#undef A\n#define A 2\n", "\"constants\":{\"A\":2}");
  assert_describes("#define A 1\nint a[A];", "\"a\":{\"type\":[\"i\",1]}");
  assert_describes("#define A 0xffff'ffff'ffff'ffff\n#define B 1'000\n", "\"constants\":{\"B\":1000}");
  assert_describes("#define A 5 // five \\\n + 5\n#define B 6\n", "\"constants\":{\"A\":5,\"B\":6}");
}

/* A macro may name what comes after it. */
static void should_evaluate_macros_after_the_text(void **state) {
  (void)state;
  assert_describes("#define A B\n#define B 5\n", "\"constants\":{\"A\":5,\"B\":5}");
  assert_describes("#define A E\nenum { E = 4 };", "\"A\":4");
  assert_describes("#define A ((my)0x7F)\ntypedef signed char my;", "\"A\":127");
  assert_describes("#define A sizeof(struct s)\nstruct s { int a, b; };", "\"A\":8");
  assert_describes("#define A 1\n#define B A\n#undef A\n", "\"reasons\":{\"B\":\"'A' is not declared\"}");
  assert_describes("#define A 1\n#define B A\n#undef A\n#define A 2\n", "\"constants\":{\"B\":2,\"A\":2}");
  assert_describes(
      "#define A 1\n#pragma push_macro(\"A\")\n#undef A\n#define A 2\n#define B A\n#pragma pop_macro(\"A\")\n",
      "\"constants\":{\"A\":1,\"B\":1}");
}

/* Macros are replaced by their tokens, as the preprocessor does it. */
static void should_expand_macros(void **state) {
  (void)state;
  assert_describes("#define A 1 + 1\n#define B A * 2\nenum { C = A * 2, D = 2 * A };\n",
                   "\"constants\":{\"C\":3,\"D\":3,\"A\":2,\"B\":3}");
  assert_describes("#define F(x) (1u << (x))\n#define A F(3)\n", "\"A\":8");
  assert_describes("#define F(x, y) x ## y\n#define A F(0x, ff)\n#define B F(, 7)\n#define C F(8, )\n",
                   "\"A\":255,\"B\":7,\"C\":8");
  assert_describes(
      "#define Q(x) #x\n#define F(x) Q(x)\n#define M 3\n#define A F(M.4)\n#define B Q(M . 4)\n#define C Q(\"\\n\")\n",
      "\"A\":\"3.4\",\"B\":\"M . 4\",\"C\":\"\\\"\\\\n\\\"\"");
  assert_describes("#define V(...) (0, ##__VA_ARGS__)\n#define A V()\n#define B V(1, 2)\n", "\"A\":0,\"B\":2");
  assert_describes("#define V(a, r...) (a + 10 __VA_OPT__(* 2))\n#define A V(1)\n#define B V(1, 2)\n",
                   "\"A\":11,\"B\":21");
  assert_describes("#define F(x) x\n#define G F\n#define A G(4)\n#define B F F(5)\n#define C F(F(F)(6))\n",
                   "\"constants\":{\"A\":4}");
  assert_describes("#define L (\n#define F(x) x + 1\n#define A F L 1)\n", "\"constants\":{}");
  assert_describes("#define F(x) x + 1\n#define P 2)\n#define A F(P\n", "\"constants\":{}");
  assert_describes("#define F() 3\n#define A F()\n#define B F(1)\n", "\"constants\":{\"A\":3}");
  /* A name in its own expansion is not expanded again. */
  assert_describes("enum { A = 2 };\n#define A A\n#define B (A + 1)\n", "\"constants\":{\"A\":2,\"B\":3}");
  assert_describes("#define A B\n#define B A\n", "\"A\":\"'A' is not declared\",\"B\":\"'B' is not declared\"");
  assert_describes("#define F(x) F(x + 1)\n#define A F(1)\n", "\"A\":\"it calls 'F'\"");
  /* Where a constant is read, macros are expanded too. */
  assert_describes("#define N(x) (x + 1)\n#define T int\nint a[N(2) * 2], b[sizeof(char) + N(N(1))];",
                   "\"a\":{\"type\":[\"i\",6]},\"b\":{\"type\":[\"i\",4]}");
}

static void should_make_floating_point_constants(void **state) {
  (void)state;
  assert_describes("#define A 0.1f\n#define B 0.1\n#define C .5e-2F\n#define D 1e21\n#define E 1.5e-9\n#define G "
                   "123456789012345678.\n",
                   "\"A\":0.10000000149011612,\"B\":0.1,\"C\":0.004999999888241291,\"D\":1e21,\"E\":1.5e-9,"
                   "\"G\":123456789012345680");
  assert_describes(
      "#define A (-1.0)\n#define B (float)0.1\n#define C 3.5 / 2\n#define D 0x1p3\n#define E -0.0\n#define G 2.5L\n",
      "\"A\":-1,\"B\":0.10000000149011612,\"C\":1.75,\"D\":8,\"G\":2.5");
  assert_describes("#define A 1.f32\n#define B 1.5f64\n#define C 1.7976931348623157e308\n#define D 5e-324\n",
                   "\"A\":1,\"B\":1.5,\"C\":1.7976931348623157e308,\"D\":4.94065645841247e-324");
  assert_describes(
      "#define A (1.0 / 0.0)\n#define B -__builtin_inff ()\n#define C __builtin_nanf (\"\")\n#define D 1e999\n",
      "\"special\":{\"A\":\"Infinity\",\"B\":\"-Infinity\",\"C\":\"NaN\",\"D\":\"Infinity\"}");
  assert_describes("#define A 1.5q\n", "\"A\":\"the suffix 'q' of this number is not known\"");
  assert_describes("#define A 08\n#define B 1e\n#define C 0x1.8\n#define D 1.2.3\n",
                   "\"reasons\":{\"A\":\"this is no number\",\"B\":\"this is no number\",\"C\":\"this is no number\",");
}

/* Long double has a greater range than the numbers of JavaScript on many machines. */
static void should_not_make_numbers_of_long_doubles_that_do_not_fit(void **state) {
  (void)state;
  if (sizeof(long double) == sizeof(double)) return;
  assert_describes("#define A 1e400L\n#define B 1e-400L\n#define C 1e-400L * 1e400L\n",
                   "\"constants\":{\"C\":1},\"large\":{},\"special\":{},\"reasons\":{"
                   "\"A\":\"a number cannot hold this long double\",\"B\":\"a number cannot hold this long double\"}");
}

static void should_make_texts_of_strings(void **state) {
  (void)state;
  assert_describes("#define P \"a\"\n#define A P \"b\" /* c */ P\n", "\"A\":\"aba\"");
  assert_describes("#define A \"\\x41\\102\\u00e9\\\"\\\\\"\n#define B \"a\\0b\"\n",
                   "\"A\":\"ABé\\\"\\\\\",\"B\":\"a\\u0000b\"");
  assert_describes(
      "#define A L\"é\" \"x\"\n#define B u\"\\xd83d\\xde00\"\n#define C U\"\\U0001F600\"\n#define D u8\"é\"\n",
      "\"A\":\"éx\",\"B\":\"😀\",\"C\":\"😀\",\"D\":\"é\"");
  assert_describes("#define A (const unsigned char *)\"x\"\n#define B (1 ? \"y\" : \"z\")\n",
                   "\"A\":\"x\",\"B\":\"y\"");
  assert_describes(
      "#define A \"\\xff\"\n#define B u\"\\xd800\"\n#define C \"\\xed\\xa0\\x80\"\n",
      "\"reasons\":{\"A\":\"its bytes are no text\",\"B\":\"its bytes are no text\",\"C\":\"its bytes are no text\"}");
  assert_describes("#define A L\"x\" u\"y\"\n", "\"A\":\"these strings have different prefixes\"");
  assert_describes("#define A L\"x\" U\"y\"\n", "\"A\":\"these strings have different prefixes\"");
  assert_describes("#define A u\"x\" \"y\" u8\"z\"\n", "\"A\":\"these strings have different prefixes\"");
  assert_describes("#define A (int *)\"x\"\n#define B \"x\" + 1\n#define C \"x\"[0]\n",
                   "\"A\":\"the address of a string is no constant\",\"B\":\"this calculates with an address\","
                   "\"C\":\"it reads memory or calls a function\"");
}

static void should_know_addresses(void **state) {
  (void)state;
  assert_describes("#define A ((void *)0)\n#define B ((void (*)(void *))-1)\n#define C (A == 0)\n#define D !A\n",
                   "\"constants\":{\"A\":0,\"C\":1,\"D\":1},\"large\":{\"B\":\"18446744073709551615\"}");
  assert_describes("#define A ((int *)0 + 1)\n#define B (long)(char *)8\n#define C nullptr\n#define D true\n",
                   "\"constants\":{\"B\":8,\"C\":0,\"D\":1},\"large\":{},\"special\":{},"
                   "\"reasons\":{\"A\":\"this calculates with an address\"}");
}

/* A macro that only renames a function or variable is another name of it. */
static void should_make_symbols_of_renaming_macros(void **state) {
  (void)state;
  assert_describes("#define f f2\nint f2(int);", "\"f\":{\"args\":[\"i\"],\"returns\":\"i\",\"symbol\":\"f2\"}");
  assert_describes("#define f(a, b) (f2)\n#define g(a, b) f2(a, b)\nint f2(int, int);",
                   "\"symbols\":{\"f2\":{\"args\":[\"i\",\"i\"],\"returns\":\"i\"},"
                   "\"g\":{\"args\":[\"i\",\"i\"],\"returns\":\"i\",\"symbol\":\"f2\"}}");
  assert_describes("#define f(a, b) f2(b, a)\n#define g(a) f2(a, 0)\n#define h(a, b) (f2(a, b) + 1)\nint f2(int, int);",
                   "\"symbols\":{\"f2\":{\"args\":[\"i\",\"i\"],\"returns\":\"i\"}}");
  assert_describes("#define f(...) (f3(__VA_ARGS__))\n#define f3(a, r...) f2(a, r)\nint f2(int, ...);",
                   "\"f\":{\"args\":");
  assert_describes("#define v v2\nextern int v2 __asm__(\"x\");", "\"v\":{\"type\":\"i\",\"symbol\":\"x\"}");
  assert_describes("#define f f2\n#define f2 f3\nint f3(void);",
                   "\"f\":{\"args\":[],\"returns\":\"i\",\"symbol\":\"f3\"}");
  /* What is declared under its own name stays what it is. */
  assert_describes("int f(void), f2(int);\n#define f f2\n", "\"f\":{\"args\":[],\"returns\":\"i\"}");
  assert_describes("#define f g\n#define g f\nint h(void);", "\"symbols\":{\"h\":");
}

static void should_read_constants_of_type_float_in_any_locale(void **state) {
  (void)state;
  if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8")) skip(); /* none is installed */
  assert_describes("#define PI 3.14159265358979323846f\n", "\"PI\":3.1415927410125732");
  setlocale(LC_NUMERIC, "C");
}

static void should_make_constants_of_macros_of_any_length(void **state) {
  (void)state;
  char *text = repeated("#define PI 3.", "1", 400, "\n");
  assert_describes(text, "\"PI\":3.111111111111111}");
  free(text);
  text = repeated("#define S \"", "a/", 400, "\"\n");
  char *expected = repeated("\"S\":\"", "a/", 400, "\"}");
  assert_describes(text, expected);
  free(expected);
  free(text);
}

static void should_say_why_a_macro_is_no_constant(void **state) {
  (void)state;
  static const struct {
    const char *text, *reason;
  } macros[] = {
      {"#define A", "it is defined as nothing"},
      {"#define A(x) 1", "it is a macro with parameters"},
      {"#define A Y", "'Y' is not declared"},
      {"#define A foo(Y, 1) + 1", "it calls 'foo'"},
      {"int v;\n#define A v + 1", "'v' is a variable"},
      {"static const int v = 3;\n#define A v", "'v' is static"},
      {"int f(void);\n#define A f + 1", "'f' is a function"},
      {"#define A int", "it is a type"},
      {"typedef struct s *t;\n#define A t", "it is a type"},
      {"#define A {1}", "it is no expression: expected a constant, got '{'"},
      {"#define A 1 +", "it is no expression: expected a constant, got the end of the line"},
      {"#define A 1 2", "it is no expression: expected the end, got '2'"},
      {"#define A \"\\", "this string does not end"},
      {"#define A 1 / 0", "this divides by zero"},
      {"#define A 1 % 0", "this divides by zero"},
      {"#define A 1 << 64", "this shifts by more bits than there are"},
      {"#define A 99999999999999999999", "this number is larger than any type"},
      {"#define A __LINE__", "'__LINE__' depends on the place where it is used"},
      {"#define A (struct { int a; }){1}", "it is no expression: it defines a type"},
      {"#define A sizeof(enum { X })", "it is no expression: it defines a type"},
      {"#define A (int[]){1}", "a value in braces is no constant"},
      {"#define A ({ 1; })", "it has statements"},
      {"#define A *(int *)8", "it reads memory or calls a function"},
      {"int v;\n#define A &v", "it is no expression: the address of an object is no constant"},
      {"#define A (1 ? 2 : Y)", "'Y' is not declared"}, /* its type decides about that of the result */
      {"#define A sizeof Y", "'Y' is not declared"},
      {"#define F(x) x\n#define A F", "'F' is a macro with parameters"},
      {"#define F(x) x\n#define A F(1", "the arguments of 'F' do not end"},
      {"#define F(x) x\n#define A F(1, 2)", "'F' takes 1 arguments, got 2"},
      {"#define F(x, y) x ## y\n#define A F(+, /)", "## makes no token of '+/'"},
      {"#define F(x) # y\n#define A F(1)", "# is not followed by a parameter"},
      {"#define F(1) 1\n#define A F(1)", "expected a name, got '1'"},
  };
  for (size_t i = 0; i < COUNT_OF(macros); i++) {
    char text[256], expected[256];
    snprintf(text, sizeof text, "%s\n", macros[i].text);
    snprintf(expected, sizeof expected, "\"A\":\"%s\"", macros[i].reason);
    assert_describes(text, expected);
  }
}

static void should_ignore_other_macros(void **state) {
  (void)state;
  assert_describes(
      "#define A\n#define B(x) 1\n#define C foo(\n#define D int\n#define E 1 +\n#define F \"\\\n#define int x\nint g;",
      "\"g\":{\"type\":\"i\"}},\"parameters\":{},\"constants\":{}");
  assert_describes("enum { A = 1\n#define A A\n};\n#undef A\n", "\"constants\":{\"A\":1}");
  /* The output of `cc -E -dD` for a header that has both. */
  assert_describes("enum { A =\n#define A 0\n0, B =\n#define B 1\n1 };", "\"constants\":{\"A\":0,\"B\":1}");
  /* In C, the name of a macro means the macro. */
  assert_describes("enum { A = 7 };\n#define A \"x\"\n", "\"constants\":{\"A\":\"x\"}");
  assert_describes("enum { A = 7 };\n#define A(x) x\n", "\"constants\":{\"A\":7}");
}

static void should_refuse_directives_of_the_preprocessor(void **state) {
  (void)state;
  assert_refuses("#include <stdio.h>\n",
                 "line 1, column 2: #include is the preprocessor's: run the text through `cc -E` first");
  assert_refuses("int a;\n # ifdef X\n",
                 "line 2, column 4: #ifdef is the preprocessor's: run the text through `cc -E` first");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_evaluate_as_the_compiler_does),
      cmocka_unit_test(should_know_sizes_and_casts),
      cmocka_unit_test(should_know_the_types_of_enumeration_constants),
      cmocka_unit_test(should_know_sizes_of_expressions),
      cmocka_unit_test(should_know_characters),
      cmocka_unit_test(should_refuse_expressions_without_a_value),
      cmocka_unit_test(should_not_evaluate_operands_that_are_not_needed),
      cmocka_unit_test(should_know_the_types_of_operands_that_are_not_evaluated),
      cmocka_unit_test(should_calculate_with_floating_point_numbers),
      cmocka_unit_test(should_wrap_integers),
      cmocka_unit_test(should_know_decimal_constants_that_need_a_sign_and_64_bits),
      cmocka_unit_test(should_refuse_what_compilers_refuse),
      cmocka_unit_test(should_make_constants_of_macros),
      cmocka_unit_test(should_evaluate_macros_after_the_text),
      cmocka_unit_test(should_expand_macros),
      cmocka_unit_test(should_make_floating_point_constants),
      cmocka_unit_test(should_not_make_numbers_of_long_doubles_that_do_not_fit),
      cmocka_unit_test(should_make_texts_of_strings),
      cmocka_unit_test(should_know_addresses),
      cmocka_unit_test(should_make_symbols_of_renaming_macros),
      cmocka_unit_test(should_read_constants_of_type_float_in_any_locale),
      cmocka_unit_test(should_make_constants_of_macros_of_any_length),
      cmocka_unit_test(should_say_why_a_macro_is_no_constant),
      cmocka_unit_test(should_ignore_other_macros),
      cmocka_unit_test(should_refuse_directives_of_the_preprocessor),
  };
  return cmocka_run_group_tests_name("cdef constants", tests, NULL, NULL);
}
