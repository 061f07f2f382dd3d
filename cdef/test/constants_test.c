/* Constant expressions, compared with the compiler, and constants from #define. */
#include "cdef_support.h"
#include <locale.h>
#include <stddef.h>
#include <stdio.h>

static void assert_constant(const char *expression, long long value) {
  char text[512], large[64];
  snprintf(text, sizeof text, "enum { ZERO, TEN = 10 }; struct s { char a; double b; }; enum { X = %s };", expression);
  snprintf(large, sizeof large, "\"X\":%lld}", value);
  assert_describes(text, large);
}
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
  assert_refuses("int a; enum { A = sizeof(a + 1) };", "line 1, column 19: this name is no constant integer");
  assert_refuses("int a[2]; enum { A = sizeof(a[0]) };", "line 1, column 30: expected ')', got '['");
  assert_refuses("enum { A = sizeof \"\\u00e9\" };", "line 1, column 12: only single bytes are understood here");
  assert_refuses("enum { A = sizeof(1 };", "line 1, column 21: expected ')', got '}'");
}

static void should_know_characters(void **state) {
  (void)state;
  ASSERT_AS_COMPILED('a');
  ASSERT_AS_COMPILED('\n' + '\\' + '\'' + '\0' + '\x7f' + '\177');
  ASSERT_AS_COMPILED('\xff');
}

static void should_refuse_expressions_without_a_value(void **state) {
  (void)state;
  assert_refuses("enum { A = 1 / 0 };", "line 1, column 12: this divides by zero");
  assert_refuses("enum { A = 1 << 32 };", "line 1, column 12: this shifts by more bits than there are");
  assert_refuses("enum { A = 1.5 };", "line 1, column 12: this is no integer");
  assert_refuses("enum { A = B };", "line 1, column 12: this name is no constant integer");
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

static void should_make_constants_of_macros(void **state) {
  (void)state;
  assert_describes("#define A 123\n#define B (A << 1)\n#define C 'x'\n", "\"A\":123,\"B\":246,\"C\":120");
  assert_describes("#define V \"1.\" \"2\"\n", "\"V\":\"1.2\"");
  assert_describes("#define PI 3.14\n#define E -.5e3f\n#define H 1.\n", "\"PI\":3.14,\"E\":-0.5e3,\"H\":1.0");
  assert_describes("#define A \\\n 5 /* five\n lines */\nint f(void);", "\"A\":5");
  assert_describes("#define A 1\n#undef A\n#define A 2\n", "\"constants\":{\"A\":2}");
  assert_describes("#define A 1\nint a[A];", "\"a\":{\"type\":[\"i\",1]}");
}

/* A float holds fewer digits than its text may have, and C calculates with those that it holds. */
static void should_make_constants_of_type_float_have_their_values_in_c(void **state) {
  (void)state;
  assert_describes("#define PI 3.14159265358979323846f\n", "\"PI\":3.1415927410125732e+00");
  assert_describes("#define A -9.80665F\n", "\"A\":-9.8066501617431641e+00");
  assert_describes("#define A 1.17549435e-38f\n#define B 3.40282347e+38f\n",
                   "\"A\":1.1754943508222875e-38,\"B\":3.4028234663852886e+38");
  assert_describes("#define A .25f\n#define B 016777217.f\n#define C 0.1\n", "\"A\":0.25,\"B\":1.6777216000000000e+07");
  assert_describes("#define A 1e39f\n#define B 1e999999999999999999f\n#define C 1e-99f\n",
                   "\"constants\":{\"C\":0.0000000000000000e+00}");
  char *text = repeated("#define A 0.", "1", 400, "f\n");
  assert_describes(text, "\"A\":1.1111111193895340e-01");
  free(text);
}

static void should_read_constants_of_type_float_in_any_locale(void **state) {
  (void)state;
  if (!setlocale(LC_NUMERIC, "de_DE.UTF-8") && !setlocale(LC_NUMERIC, "fr_FR.UTF-8")) skip(); /* none is installed */
  assert_describes("#define PI 3.14159265358979323846f\n", "\"PI\":3.1415927410125732e+00");
  setlocale(LC_NUMERIC, "C");
}

static void should_make_constants_of_macros_of_any_length(void **state) {
  (void)state;
  char *text = repeated("#define PI 3.", "1", 400, "\n"), *expected = repeated("\"PI\":3.", "1", 400, "}");
  assert_describes(text, expected);
  free(expected);
  free(text);
  text = repeated("#define S \"", "a\\n", 400, "\"\n");
  expected = repeated("\"S\":\"", "a\\n", 400, "\"}");
  assert_describes(text, expected);
  free(expected);
  free(text);
}

static void should_ignore_other_macros(void **state) {
  (void)state;
  assert_describes(
      "#define A\n#define B(x) 1\n#define C foo(\n#define D int\n#define E 1 +\n#define F \"\\\n#define int 3\nint g;",
      "\"g\":{\"type\":\"i\"}},\"constants\":{}");
  assert_describes("#define A \"\\x41\"\n#define B 0x1p3\n#define C {1}\n", "\"constants\":{}");
  assert_describes("enum { A = 1\n#define A A\n};", "\"constants\":{\"A\":1}");
  assert_describes("enum { A = 1\n#define A A\n};\n#undef A\n", "\"constants\":{\"A\":1}");
  assert_describes("#define A 99999999999999999999\n#define B 08\n#define C 08.5\n", "\"constants\":{\"C\":8.5}");
  /* The output of `cc -E -dD` for a header that has both. */
  assert_describes("enum { A =\n#define A 0\n0, B =\n#define B 1\n1 };", "\"constants\":{\"A\":0,\"B\":1}");
  assert_describes("#define f 3\nint f(void); enum { A = 7 };\n#define A \"x\"\n", "\"constants\":{\"A\":7}");
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
      cmocka_unit_test(should_make_constants_of_macros),
      cmocka_unit_test(should_make_constants_of_type_float_have_their_values_in_c),
      cmocka_unit_test(should_read_constants_of_type_float_in_any_locale),
      cmocka_unit_test(should_make_constants_of_macros_of_any_length),
      cmocka_unit_test(should_ignore_other_macros),
      cmocka_unit_test(should_refuse_directives_of_the_preprocessor),
  };
  return cmocka_run_group_tests_name("cdef constants", tests, NULL, NULL);
}
