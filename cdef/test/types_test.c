/* Functions and variables: every spelling of a type, and every kind of declarator. */
#include "cdef_support.h"
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <wchar.h>

/* Asserts that a text describes a function `f` with these arguments and this result. */
static void assert_function(const char *text, const char *args, const char *result) {
  char part[512];
  snprintf(part, sizeof part, "\"f\":{\"args\":[%s],\"returns\":%s}", args, result);
  assert_describes(text, part);
}

static void assert_type(const char *spelling, char letter) {
  char text[128], part[64];
  snprintf(text, sizeof text, "extern %s v;", spelling);
  snprintf(part, sizeof part, "\"v\":{\"type\":\"%c\"}", letter);
  assert_describes(text, part);
}

/* The letter of the integer type with that size, in bytes, and that sign. */
static char letter_of(size_t size, bool is_signed) {
  const char *letters = is_signed ? "c h   i       l" : "C H   I       L";
  return letters[size == 1 ? 0 : size == 2 ? 2 : size == 4 ? 6 : 14];
}
#define LETTER(type) letter_of(sizeof(type), (type)-1 < (type)1)

static void should_know_every_spelling_of_the_integer_types(void **state) {
  (void)state;
  assert_type("char", LETTER(char));
  assert_type("signed char", 'c');
  assert_type("char unsigned", 'C');
  assert_type("short", 'h');
  assert_type("short int", 'h');
  assert_type("int signed short", 'h');
  assert_type("unsigned short", 'H');
  assert_type("int", 'i');
  assert_type("signed", 'i');
  assert_type("__signed__ int", 'i');
  assert_type("unsigned", 'I');
  assert_type("int unsigned", 'I');
  assert_type("long", LETTER(long));
  assert_type("long int", LETTER(long));
  assert_type("unsigned long int", LETTER(unsigned long));
  assert_type("long long", 'l');
  assert_type("long long int", 'l');
  assert_type("long unsigned int long", 'L');
  assert_type("int long unsigned long", 'L');
  assert_type("unsigned long long int", 'L');
  assert_type("_Bool", 'b');
}

static void should_know_the_floats(void **state) {
  (void)state;
  assert_type("float", 'f');
  assert_type("double", 'd');
  assert_type("_Float32", 'f');
  assert_type("_Float64", 'd');
}

static void should_know_the_types_of_the_standard_headers(void **state) {
  (void)state;
  assert_type("uint8_t", 'C');
  assert_type("int16_t", 'h');
  assert_type("uint32_t", 'I');
  assert_type("int64_t", 'l');
  assert_type("size_t", LETTER(size_t));
  assert_type("ssize_t", 'l');
  assert_type("ptrdiff_t", LETTER(ptrdiff_t));
  assert_type("intptr_t", LETTER(intptr_t));
  assert_type("uintptr_t", LETTER(uintptr_t));
  assert_type("wchar_t", LETTER(wchar_t));
  assert_type("char32_t", 'I');
  assert_type("bool", 'b');
}

static void should_skip_qualifiers_and_storage_wherever_they_stand(void **state) {
  (void)state;
  assert_type("const int", 'i');
  assert_type("int const volatile", 'i');
  assert_type("_Atomic int", 'i');
  assert_type("_Atomic(short)", 'h');
  assert_type("_Thread_local unsigned", 'I');
  assert_type("__extension__ long const long", 'l');
  assert_function("extern _Noreturn void f(register int a, int *restrict b);", "\"i\",\"p\"", "\"v\"");
  assert_function("int const inline f(void);", "", "\"i\"");
  assert_function("__extension__ extern __inline int f(void);", "", "\"i\"");
}

static void should_read_attributes_of_c23(void **state) {
  (void)state;
  assert_function("[[nodiscard, gnu::pure]] int f([[maybe_unused]] int a, int b [[maybe_unused]]) [[gnu::const]];",
                  "\"i\",\"i\"", "\"i\"");
  assert_function("[[deprecated(\"why, ]] not\")]] extern int f(int [3]);", "\"p\"", "\"i\"");
  assert_describes("struct [[gnu::packed]] s { char a; int b [[gnu::aligned(2)]] [3]; };", "\"size\":14,\"align\":2");
  assert_describes("enum [[maybe_unused]] e { A [[deprecated]] = 2, B };", "\"A\":2,\"B\":3");
  assert_refuses("[[nodiscard int f(void);", "line 1, column 13: expected ']', got 'int'");
  assert_refuses("[[nodiscard", "line 1, column 12: expected ']', got the end of the text");
}

static void should_refuse_words_that_make_no_type(void **state) {
  (void)state;
  assert_refuses("long long long x;", "line 1, column 1: these words make no type");
  assert_refuses("signed unsigned x;", "line 1, column 1: these words make no type");
  assert_refuses("short double x;", "line 1, column 1: these words make no type");
  assert_refuses("unsigned float x;", "line 1, column 1: these words make no type");
  assert_refuses("void int x;", "line 1, column 1: these words make no type");
  assert_refuses("long char x;", "line 1, column 1: these words make no type");
}

static void should_distinguish_strings_from_other_pointers(void **state) {
  (void)state;
  assert_function("const char *f(char const *a, const char *const b);", "\"s\",\"s\"", "\"s\"");
  assert_function("char *f(char *a, char b[]);", "\"char *\",\"char *\"", "\"char *\"");
  assert_function("const unsigned char *f(const signed char *a, const void *b);", "\"p\",\"p\"", "\"p\"");
  assert_function("const char **f(const char *a[], const char *const *b);", "\"p\",\"p\"", "\"p\"");
  assert_function("const char16_t *f(char16_t *a, const char16_t *b, const uint16_t *c);", "\"p\",\"S\",\"p\"",
                  "\"S\"");
  assert_function("const wchar_t *f(wchar_t *a, const wchar_t *b);", "\"p\",\"w\"", "\"w\"");
  assert_function("typedef char text; const text *f(text *a);", "\"char *\"", "\"s\"");
  assert_function("_Atomic(const char) *f(const _Atomic(char) *a);", "\"s\"", "\"s\"");
  assert_function("typedef const char text; text *f(void);", "", "\"s\"");
}

static void should_adjust_parameters_as_C_does(void **state) {
  (void)state;
  assert_function("int f(int a[3], double b[][4], struct s c[]);", "\"p\",\"p\",\"p\"", "\"i\"");
  assert_function("int f(size_t n, int a[static n], int b[restrict const], int c[*]);", "\"L\",\"p\",\"p\",\"p\"",
                  "\"i\"");
  assert_describes("int f(int compare(const void *, const void *));", "\"f\":{\"args\":[0],\"returns\":\"i\"}");
  assert_function("typedef int row[4]; int f(row a, row *b);", "\"p\",\"p\"", "\"i\"");
}

static void should_read_declarators_inside_out(void **state) {
  (void)state;
  assert_describes("int *(*v)[3];", "\"v\":{\"type\":\"p\"}");
  assert_describes("int *v[3];", "\"v\":{\"type\":[\"p\",3]}");
  assert_describes("int v[2][3];", "\"v\":{\"type\":[[\"i\",3],2]}");
  assert_describes("int (*v[2])(void);", "\"v\":{\"type\":[\"k\",2]}");
  assert_describes("int (v);", "\"v\":{\"type\":\"i\"}");
  assert_function("int (f)(int (a));", "\"i\"", "\"i\"");
  assert_function("int (*f(int a))(double);", "\"i\"", "\"k\"");
  assert_function("void (*f(int a, void (*b)(int)))(int);", "\"i\",0", "\"k\"");
  assert_describes("int a, *b, c[2], d(void);",
                   "{\"a\":{\"type\":\"i\"},\"b\":{\"type\":\"p\"},\"c\":{\"type\":[\"i\",2]},"
                   "\"d\":{\"args\":[],\"returns\":\"i\"}}");
}

static void should_describe_function_pointers_by_their_own_types(void **state) {
  (void)state;
  const char *text = "void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));";
  assert_describes(text, "\"qsort\":{\"args\":[\"p\",\"L\",\"L\",0],\"returns\":\"v\"}");
  assert_describes(text, "\"types\":[{\"args\":[\"p\",\"p\"],\"returns\":\"i\"}]");
  /* Equal shapes are listed once; a function pointer among the parameters of a shape is an address. */
  assert_describes("typedef int fn(void *); int a(fn *x); int b(int (*x)(char **)); int c(int (*x)(fn *));",
                   "\"types\":[{\"args\":[\"p\"],\"returns\":\"i\"},{\"args\":[\"k\"],\"returns\":\"i\"}]");
  assert_describes("typedef int (*log)(const char *, ...); void set(log to);",
                   "\"types\":[{\"args\":[\"s\",\"...\"],\"returns\":\"i\"}]");
}

static void should_follow_typedefs(void **state) {
  (void)state;
  assert_function("typedef unsigned int u; typedef u v; typedef v w; w f(w a);", "\"I\"", "\"I\"");
  assert_function("typedef int fn(double); fn f;", "\"d\"", "\"i\"");
  assert_function("typedef void nothing; nothing f(nothing);", "", "\"v\"");
  /* After a type, the name of a typedef is an ordinary identifier. */
  assert_function("typedef int t; int f(t t, unsigned t2);", "\"i\",\"I\"", "\"i\"");
  assert_describes("typedef int t; struct s { unsigned t; t u; };", "\"fields\":[[\"t\",\"I\"],[\"u\",\"i\"]]");
  assert_describes("typedef int a, *b;", "\"typedefs\":{\"a\":\"i\",\"b\":\"p\"}");
  assert_describes("typedef int a; typedef int a;", "\"typedefs\":{\"a\":\"i\"}");
  assert_refuses("typedef int a;\ntypedef unsigned a;", "line 2, column 18: 'a' is declared otherwise in line 1");
}

static void should_let_text_redeclare_standard_names(void **state) {
  (void)state;
  assert_function("typedef unsigned int size_t; size_t f(void);", "", "\"I\"");
  assert_function("typedef unsigned short char16_t; int f(const char16_t *);", "\"S\"", "\"i\"");
  if (LETTER(wchar_t) == 'i') assert_function("typedef int wchar_t; int f(const wchar_t *);", "\"w\"", "\"i\"");
}

static void should_mark_variable_arguments(void **state) {
  (void)state;
  assert_function("int f(const char *format, ...);", "\"s\",\"...\"", "\"i\"");
}

static void should_describe_types_that_javascript_converts(void **state) {
  (void)state;
  assert_function("__int128 f(unsigned __int128, __uint128_t, __int128_t);", "\"X\",\"X\",\"x\"", "\"x\"");
  assert_function("double _Complex f(float _Complex, _Complex);", "\"{ff}\",\"{dd}\"", "\"{dd}\"");
  assert_function("_Complex _Float32 f(_Float64 _Complex);", "\"{dd}\"", "\"{ff}\"");
  assert_describes("struct s { __int128 a[2]; };", "[\"a\",[\"x\",2],{\"align\":16}]");
  assert_describes("void f(__int128 *p, double _Complex *z);", "\"0\":\"x\",\"1\":\"{dd}\"");
  bool is_one = ark_long_double_digits() != 106 && !ARKFFI_MS_BIT_FIELDS;
  if (is_one) assert_function("long double f(long double);", "\"D\"", "\"D\"");
}

static void should_read_constexpr(void **state) {
  (void)state;
  assert_describes("constexpr int A = 2 + 1, B = -A; static constexpr unsigned char C = 200;",
                   "\"constants\":{\"A\":3,\"B\":-3,\"C\":200}");
  assert_describes("constexpr double D = 1.5; constexpr int E = sizeof(f), F[] = {1, 2}; int f(int);",
                   "\"constants\":{}");
  assert_function("thread_local int x; void f(nullptr_t, char8_t);", "\"p\",\"C\"", "\"v\"");
  assert_refuses("enum { A };\nconstexpr int A = 1;", "line 2, column 15: 'A' is declared otherwise in line 1");
}

static void should_say_what_has_an_enum(void **state) {
  (void)state;
  assert_describes(
      "typedef enum { A, B = A + 2 } e; enum t; enum t { C }; enum { D }; struct s { int i; e m, n[2]; } v;"
      "e f(int, enum t, e *, e[3]); extern e x, *y; int g(int);",
      "\"enums\":{\"types\":[{\"name\":\"e\",\"constants\":[\"A\",\"B\"]},"
      "{\"name\":\"enum t\",\"constants\":[\"C\"]},{\"name\":\"enum\",\"constants\":[\"D\"]}],"
      "\"symbols\":{\"f\":{\"1\":1,\"returns\":0},\"x\":{\"type\":0}},"
      "\"fields\":{\"0\":{\"m\":0,\"n\":0}},\"typedefs\":{\"e\":0}}");
}

static void should_name_the_bits_of_a_bit_int(void **state) {
  (void)state;
  assert_describes("_BitInt(12) f(int);", "\"unusable\":\"result: _BitInt(12) has no type here\"}");
  assert_describes("int f(int unsigned, unsigned _BitInt(2 + 70));",
                   "\"unusable\":\"argument 2: unsigned _BitInt(72) has no type here\"}");
  assert_describes("typedef _BitInt(5) b; struct s { b a; }; struct s f(void); int g(b *, struct s *);",
                   "\"g\":{\"args\":[\"p\",\"p\"],\"returns\":\"i\"}");
  assert_describes("#define A sizeof(_BitInt(5))\nenum e : int { E }; struct t { signed _BitInt(64) v[2]; int b; };",
                   "\"unusable\":\"member 'v': _BitInt(64) has no type here\"");
  assert_refuses("_BitInt(0) f(void);", "line 1, column 9: a _BitInt has 1 to 8388608 bits");
  assert_refuses("_BitInt(1.5) f(void);", "line 1, column 9: this is no integer");
  assert_refuses("_BitInt f(void);", "line 1, column 9: expected '(', got 'f'");
  assert_refuses("int _BitInt(3) f(void);", "line 1, column 1: these words make no type");
}

/* C23 6.7.10. */
static void should_infer_the_types_of_constants(void **state) {
  (void)state;
  assert_describes("auto a = 5, b = 1.5; const auto c = 2.5f; extern int x; auto d = 7ull;",
                   "\"symbols\":{\"a\":{\"type\":\"i\"},\"b\":{\"type\":\"d\"},\"c\":{\"type\":\"f\"},"
                   "\"x\":{\"type\":\"i\"},\"d\":{\"type\":\"L\"}}");
  assert_describes("constexpr auto A = 6 * 7; static constexpr auto B = -A;", "\"constants\":{\"A\":42,\"B\":-42}");
  assert_describes("auto a = f(); __auto_type b = {1};",
                   "\"unusable\":\"the type of an expression has no type here\"},\"b\":{");
  assert_describes("auto int a; int auto b;", "\"symbols\":{\"a\":{\"type\":\"i\"},\"b\":{\"type\":\"i\"}}");
  assert_refuses("auto a;", "line 1, column 6: a variable with auto needs a value, which gives it its type");
  assert_refuses("auto f(void);", "line 1, column 6: a variable with auto needs a value, which gives it its type");
}

static void should_describe_why_a_function_cannot_be_called(void **state) {
  (void)state;
  assert_describes("long double _Complex f(int);", "\"unusable\":\"result: " NO_COMPLEX_LONG_DOUBLE "\"}");
  assert_describes("int f(int, _Decimal64);", "\"unusable\":\"argument 2: _Decimal64 has no type here\"}");
  assert_describes("int f(__fp16);", "\"unusable\":\"argument 1: __fp16 has no type here\"}");
  assert_describes("int f(_Complex const _Float128);",
                   "\"unusable\":\"argument 1: _Float128 _Complex has no type here\"}");
  assert_describes("struct s { int a; struct { _Decimal32 b; } c; }; int f(struct s);",
                   "\"unusable\":\"argument 1: member 'c': member 'b': _Decimal32 has no type here\"}");
  assert_describes("typedef float v4 __attribute__((vector_size(16))); v4 f(void);",
                   "\"unusable\":\"result: a vector has no type here\"}");
  /* Pointers to these types can be passed. */
  assert_function("int f(long double *, __int128 *, va_list *);", "\"p\",\"p\",\"p\"", "\"i\"");
}

static void should_describe_a_va_list_as_a_pointer_where_it_is_a_parameter(void **state) {
  (void)state;
  static const char *const texts[] = {
      "int f(const char *, va_list);",
      "int f(const char *, __builtin_va_list);",
      "int f(const char *, __gnuc_va_list);",
      "int f(const char *, __builtin_ms_va_list);",
      "typedef __builtin_va_list __gnuc_va_list; typedef __gnuc_va_list va_list; int f(const char *, va_list arg);",
      "typedef va_list args; int f(const char *, const args);",
      "int f(const char *, va_list list[2]);",
  };
  for (size_t i = 0; i < COUNT_OF(texts); i++) assert_function(texts[i], "\"s\",\"p\"", "\"i\"");
  assert_describes("typedef int (*f)(void *, const char *, va_list);",
                   "{\"args\":[\"p\",\"s\",\"p\"],\"returns\":\"i\"}");
  if (sizeof(va_list) == sizeof(void *)) {
    assert_describes("struct s { va_list list; };", "[\"list\",\"p\"]");
    return;
  }
  static const char reason[] = "va_list has a type only as a parameter, where it is a pointer\"";
  assert_describes("struct s { va_list list; };", reason);
  assert_describes("extern va_list list;", reason);
  assert_describes("va_list f(void);", reason);
  assert_describes("void f(va_list (*)[2], va_list *);", "\"p\",\"p\"");
}

static void should_find_a_calling_convention_wherever_it_stands(void **state) {
  (void)state;
  static const char *const texts[] = {
      "int f(int) __attribute__((ms_abi));",
      "int __attribute__((ms_abi)) f(int);",
      "__attribute__((ms_abi)) int f(int);",
      "[[gnu::ms_abi]] int f(int);",
      "int (__attribute__((ms_abi)) f)(int);",
      "int *__attribute__((ms_abi)) f(int);",
      "int *const __attribute__((__ms_abi__)) f(int);",
      "typedef int __attribute__((ms_abi)) t(int); t f;",
      "typedef int t(int); t __attribute__((ms_abi)) f;",
      "typedef int t(int) __attribute__((ms_abi)); t __attribute__((ms_abi)) f;",
      "typedef int (*t)(int); __attribute__((ms_abi)) t f(int);",
      "__attribute__((ms_abi)) int (*f(int))(int);",
      "void f(int (__attribute__((ms_abi)) *)(int));",
      "void f(int (*__attribute__((ms_abi)) g)(int));",
      "void f(int (*g)(int) __attribute__((ms_abi)));",
      "void f(int __attribute__((ms_abi)) (*g)(int));",
      "typedef int t(int); typedef t *p; void f(p __attribute__((ms_abi)) g);",
  };
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) assert_describes(texts[i], "\",\"abi\":\"ms\"}");
  assert_describes("int f(int) __attribute__((sysv_abi));",
                   "\"f\":{\"args\":[\"i\"],\"returns\":\"i\",\"abi\":\"sysv\"}");
  /* It does not apply to other functions with the same type, nor to what is no function. */
  assert_function("typedef int t(int); t __attribute__((ms_abi)) *other; t f;", "\"i\"", "\"i\"");
  assert_function("int f(int); int __attribute__((ms_abi)) g(int);", "\"i\"", "\"i\"");
  assert_function("struct s { int a; } __attribute__((ms_abi)); int f(int);", "\"i\"", "\"i\"");
  assert_describes("extern int v __attribute__((ms_abi));", "\"v\":{\"type\":\"i\"}");
  /* A callback's is not its function's, and the other way round. */
  assert_describes("void f(void (*g)(void) __attribute__((ms_abi)));", "\"f\":{\"args\":[0],\"returns\":\"v\"}},");
  assert_describes("void f(void (*g)(void)) __attribute__((ms_abi));", "\"types\":[{\"args\":[],\"returns\":\"v\"}]}");
}

static void should_refuse_calling_conventions_that_are_unknown_or_not_clear(void **state) {
  (void)state;
  static const char *const unclear[] = {
      "int (*__attribute__((ms_abi)) f(int))(int);",
      "int (__attribute__((ms_abi)) *f(int))(int);",
      "typedef int (*t)(int); t *__attribute__((ms_abi)) f(int);",
      "void f(int (*__attribute__((ms_abi)) (*g)(int))(int));",
  };
  for (size_t i = 0; i < sizeof unclear / sizeof unclear[0]; i++)
    assert_describes(unclear[i], "\"unusable\":\"it is not clear which function has the calling convention\"}");
  static const char *const contradictory[] = {
      "__attribute__((ms_abi)) int f(int) __attribute__((sysv_abi));",
      "int f(int) __attribute__((ms_abi, sysv_abi));",
      "int *__attribute__((ms_abi)) f(int) __attribute__((sysv_abi));",
      "typedef int t(int) __attribute__((ms_abi)); t f __attribute__((sysv_abi));",
  };
  for (size_t i = 0; i < sizeof contradictory / sizeof contradictory[0]; i++)
    assert_describes(contradictory[i], "\"unusable\":\"the attributes ms_abi and sysv_abi contradict each other\"}");
  assert_describes("int f(int) __attribute__((regcall));",
                   "\"unusable\":\"the calling convention regcall is not supported\"}");
  assert_describes("int *__attribute__((regcall)) f(int) __attribute__((ms_abi));",
                   "\"unusable\":\"the calling convention regcall is not supported\"}");
}

static void should_leave_out_what_no_library_exports(void **state) {
  (void)state;
  assert_describes("static inline int f(int a) { return a ? ')' : '}'; } int g(void);",
                   "\"symbols\":{\"g\":{\"args\":[],\"returns\":\"i\"}}");
  assert_describes("static int a = 3, b[] = { 1, 2 }; int c = 3;", "\"symbols\":{\"c\":{\"type\":\"i\"}}");
  assert_describes("extern inline int f(void) { return 1; } int g(void) { return 2; } int h;",
                   "\"symbols\":{\"g\":{\"args\":[],\"returns\":\"i\"},\"h\":{\"type\":\"i\"}}");
}

static void should_apply_some_attributes_and_skip_all_others(void **state) {
  (void)state;
  assert_function("__attribute__((visibility(\"default\"), format(printf, 1, 2))) int f(const char *) "
                  "__attribute__((nonnull (1))) __attribute__((__pure__));",
                  "\"s\"", "\"i\"");
  assert_describes("int f(int) __asm__(\"g\" \"64\") __attribute__((nothrow));", "\"symbol\":\"g64\"");
  assert_type("__attribute__((mode(QI))) unsigned", 'C');
  assert_describes("typedef int i64 __attribute__((__mode__(__DI__))); i64 v;", "\"v\":{\"type\":\"l\"}");
  assert_describes("typedef union { int *a; void *b; } any __attribute__((transparent_union)); int f(any);",
                   "\"f\":{\"args\":[\"p\"],\"returns\":\"i\"}");
}

static void should_read_asm_labels_of_any_length(void **state) {
  (void)state;
  char *whole = repeated("int f(void) __asm__(\"a", "b", 5000, "\");");
  char *pieces = repeated("int f(void) __asm__(\"a\"", " \"b\"", 5000, ");");
  char *expected = repeated("\"symbol\":\"a", "b", 5000, "\"}");
  assert_describes(whole, expected);
  assert_describes(pieces, expected);
  assert_describes("int f(void) __asm__(\"a\\x62\" \"\\143\");", "\"symbol\":\"abc\"}");
  assert_refuses("int f(void) __asm__(\"a\\0b\");", "line 1, column 21: a symbol cannot contain \\0");
  free(expected);
  free(pieces);
  free(whole);
}

static void should_read_typeof(void **state) {
  (void)state;
  assert_function("int g(double); extern __typeof(g) f;", "\"d\"", "\"i\"");
  assert_type("typeof(unsigned short)", 'H');
  assert_describes("typeof(1 + (2)) v; int w;", "\"w\":{\"type\":\"i\"}");
}

static void should_keep_the_most_complete_declaration(void **state) {
  (void)state;
  assert_function("int f(); int f(int); int f();", "\"i\"", "\"i\"");
  assert_describes("extern int v[]; int v[3]; extern int v[];", "\"v\":{\"type\":[\"i\",3]}");
  assert_describes("struct s; int f(struct s); struct s { long double a; }; int f(struct s);", "\"f\":{\"args\":[0]");
  assert_refuses("int f(int);\nint f(double);", "line 2, column 5: 'f' is declared otherwise in line 1");
  assert_refuses("int f(int);\nint f;", "line 2, column 5: 'f' is declared otherwise in line 1");
  assert_refuses("enum { A };\nint A;", "line 2, column 5: 'A' is declared otherwise in line 1");
}

static void should_say_the_names_and_targets_of_parameters(void **state) {
  (void)state;
  assert_describes("double frexp(double x, int *exp);",
                   "\"parameters\":{\"frexp\":{\"names\":[\"x\",\"exp\"],\"1\":\"i\"}}");
  assert_describes("char **f(int, const char *text, void *p, short **q);",
                   "\"f\":{\"names\":[null,\"text\",\"p\",\"q\"],\"3\":\"p\",\"returns\":\"p\"}");
  assert_describes("struct s { int x; }; struct t; void f(struct s *, struct t *, unsigned char *);",
                   "\"parameters\":{\"f\":{\"0\":0,\"1\":1,\"2\":\"C\"}}");
  assert_describes("int g(int a); \n#define f g\n", "\"f\":{\"names\":[\"a\"]}");
  assert_describes("int f(int, char *); extern int *v;", "\"parameters\":{}");
}

static void should_say_which_structs_pointers_point_to(void **state) {
  (void)state;
  const char *structs = "struct s { struct s *next; const struct t *all[2][3]; int *n, k; struct s **both; };";
  assert_describes(structs,
                   "[\"next\",\"p\",{\"to\":0}],[\"all\",[[\"p\",3],2],{\"to\":1}],[\"n\",\"p\"],[\"k\",\"i\"],"
                   "[\"both\",\"p\"]");
  assert_describes("struct s { char c; struct t *at __attribute__((packed)); };", "{\"packed\":true,\"to\":1}");
  assert_describes("extern struct t *v, *w[2], x; extern int *y;",
                   "\"v\":{\"type\":\"p\",\"to\":0},\"w\":{\"type\":[\"p\",2],\"to\":0},\"x\":{\"type\":0");
  assert_describes("typedef union t *first, t; typedef int *second; typedef struct u **third;",
                   "\"pointers\":{\"first\":0},\"types\":");
  assert_describes("typedef struct t *(*fn)(int, const struct u *, int *); fn v(fn);",
                   "{\"args\":[\"i\",\"p\",\"p\"],\"returns\":\"p\",\"to\":{\"1\":1,\"returns\":0}}");
  /* Function types that differ in what they point to are two. */
  assert_describes("int a(int (*)(struct t *)); int b(int (*)(struct u *)); int c(int (*)(void *));",
                   "\"a\":{\"args\":[1],\"returns\":\"i\"},\"b\":{\"args\":[3],\"returns\":\"i\"},\"c\":{\"args\":[4]");
}

static void should_list_functions_that_only_the_header_has(void **state) {
  (void)state;
  assert_describes("static inline int f(void) { return 1; } static int g(int); inline int h(void) { return 2; }",
                   "\"inline\":[\"h\",\"g\",\"f\"]");
  assert_describes("static int v; inline int f(void) { return 1; } int f(void); inline int g(void);", "\"inline\":[]");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_know_every_spelling_of_the_integer_types),
      cmocka_unit_test(should_know_the_floats),
      cmocka_unit_test(should_say_the_names_and_targets_of_parameters),
      cmocka_unit_test(should_say_which_structs_pointers_point_to),
      cmocka_unit_test(should_list_functions_that_only_the_header_has),
      cmocka_unit_test(should_know_the_types_of_the_standard_headers),
      cmocka_unit_test(should_skip_qualifiers_and_storage_wherever_they_stand),
      cmocka_unit_test(should_read_attributes_of_c23),
      cmocka_unit_test(should_refuse_words_that_make_no_type),
      cmocka_unit_test(should_distinguish_strings_from_other_pointers),
      cmocka_unit_test(should_adjust_parameters_as_C_does),
      cmocka_unit_test(should_read_declarators_inside_out),
      cmocka_unit_test(should_describe_function_pointers_by_their_own_types),
      cmocka_unit_test(should_follow_typedefs),
      cmocka_unit_test(should_let_text_redeclare_standard_names),
      cmocka_unit_test(should_mark_variable_arguments),
      cmocka_unit_test(should_describe_types_that_javascript_converts),
      cmocka_unit_test(should_read_constexpr),
      cmocka_unit_test(should_say_what_has_an_enum),
      cmocka_unit_test(should_name_the_bits_of_a_bit_int),
      cmocka_unit_test(should_infer_the_types_of_constants),
      cmocka_unit_test(should_describe_why_a_function_cannot_be_called),
      cmocka_unit_test(should_describe_a_va_list_as_a_pointer_where_it_is_a_parameter),
      cmocka_unit_test(should_find_a_calling_convention_wherever_it_stands),
      cmocka_unit_test(should_refuse_calling_conventions_that_are_unknown_or_not_clear),
      cmocka_unit_test(should_leave_out_what_no_library_exports),
      cmocka_unit_test(should_apply_some_attributes_and_skip_all_others),
      cmocka_unit_test(should_read_asm_labels_of_any_length),
      cmocka_unit_test(should_read_typeof),
      cmocka_unit_test(should_keep_the_most_complete_declaration),
  };
  return cmocka_run_group_tests_name("cdef types", tests, NULL, NULL);
}
