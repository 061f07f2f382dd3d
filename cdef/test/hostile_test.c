/* Errors and their locations, hostile text, and lack of memory. */
#include "cdef_support.h"
#include "arkffi/alloc.h"
#include "arkffi/suggest.h"
#include <dirent.h>
#include <stdio.h>

static void should_name_the_location_and_what_was_expected(void **state) {
  (void)state;
  assert_refuses("int add(int a, int b;", "line 1, column 21: expected ')', got ';'");
  assert_refuses("int a;\nint b;\n  int c(", "line 3, column 9: expected a type, got the end of the text");
  assert_refuses("int a\nint b;", "line 2, column 1: expected ';', got 'int'");
  assert_refuses("// é\n/* ü\n ä */ int é, ;", "line 3, column 14: expected a name, got ';'");
  assert_refuses("duoble f(void);", "line 1, column 1: 'duoble' is no known type; did you mean 'double'?");
  assert_refuses("typedef int my_integer; my_intger f(void);",
                 "line 1, column 25: 'my_intger' is no known type; did you mean 'my_integer'?");
  assert_refuses("int f(foo);", "line 1, column 7: 'foo' is no known type");
  assert_refuses("EXPORT(int) f(int);", "line 1, column 1: 'EXPORT' is no known type; if it is a macro, cc -E writes "
                                        "the header without it");
  assert_refuses("#define api\napi int f(int);", "line 2, column 1: 'api' is no known type; if it is a macro, cc -E "
                                                 "writes the header without it");
  assert_refuses("int MYAPI f(int);", "line 1, column 11: expected ';', got 'f'; if 'MYAPI' is a macro, cc -E writes "
                                      "the header without it");
  assert_refuses("int f(int) NOEXCEPT;", "line 1, column 12: expected ';', got 'NOEXCEPT'; if 'NOEXCEPT' is a macro, "
                                         "cc -E writes the header without it");
  assert_refuses("int f(int) noexcept;", "line 1, column 12: expected ';', got 'noexcept'");
  /* Never a type of another width, sign or kind. */
  assert_refuses("uint f(void);", "line 1, column 1: 'uint' is no known type; did you mean 'unsigned int'?");
  assert_refuses("int f(iunt32_t);", "line 1, column 7: 'iunt32_t' is no known type; did you mean 'uint32_t'?");
  assert_refuses("int f(insigned);", "line 1, column 7: 'insigned' is no known type");
  assert_refuses("typedef int my_int; void f(my_iunt);", "line 1, column 28: 'my_iunt' is no known type");
  assert_refuses("float64 f(void);", "line 1, column 1: 'float64' is no known type; did you mean 'double'?");
  assert_refuses("int128 f(void);", "line 1, column 1: 'int128' is no known type");
  assert_refuses("MY_API int f(void);",
                 "line 1, column 1: 'MY_API' is no known type; if it is a macro, cc -E writes the header without it");
  assert_refuses("extern \"C\" int f(void);",
                 "line 1, column 8: extern with a text is C++; cc -E, with a C compiler, writes the header without it");
  assert_refuses("int f(void) {", "line 1, column 13: nothing closes this '{'");
  assert_refuses("/* never", "line 1, column 1: this comment does not end");
  assert_refuses("int a = \"x;\n\"", "line 1, column 9: this string does not end");
  assert_refuses("int \x01;", "line 1, column 5: unexpected character \\x01");
  assert_refuses("int a\\u0041;", "line 1, column 5: this name has a \\u or \\U that no character of a name has");
  assert_refuses("int \\UFFFFFFFF;", "line 1, column 5: this name has a \\u or \\U that no character of a name has");
  assert_refuses("int \\ud800;", "line 1, column 5: this name has a \\u or \\U that no character of a name has");
  assert_refuses("int \\u00d;", "line 1, column 5: expected a name, got '\\'");
  assert_refuses("extern \"C\" { int f(void); }",
                 "line 1, column 8: extern with a text is C++; cc -E, with a C compiler, writes the header without it");
  assert_refuses("int f(int, void);", "line 1, column 16: void cannot be a parameter");
  assert_refuses("int f(void)(void);", "line 1, column 5: a function cannot return a function");
  assert_refuses("int f(void)[3];", "line 1, column 5: a function cannot return an array");
  assert_refuses("void a[3];", "line 1, column 6: there are no arrays of void");
  assert_refuses("void a;", "line 1, column 6: a variable cannot be void");
}

/* A message stays valid UTF-8 when it quotes only part of a name. */
static void should_cut_quotes_between_characters(void **state) {
  (void)state;
  char *text = repeated("int a b", "é", 100, ";"), *quote = repeated("b", "é", 19, "");
  char message[256];
  snprintf(message, sizeof message, "line 1, column 7: expected ';', got '%s…'", quote);
  assert_refuses(text, message);
  free(quote);
  free(text);
  text = repeated("b", "é", 100, " a;");
  quote = repeated("b", "é", (ARK_SUGGEST_LENGTH - 1) / 2, "");
  snprintf(message, sizeof message, "line 1, column 1: '%s' is no known type", quote);
  assert_refuses(text, message);
  free(quote);
  free(text);
}

/* Each function that takes an unusable type repeats the reason, so reasons stay short however the types nest. */
static void should_give_short_reasons(void **state) {
  (void)state;
  char text[100 * 400], *at = text;
  at += sprintf(at, "struct s0 { _Decimal64 a; };");
  for (int i = 1; i < 100; i++) {
    at += sprintf(at, "struct s%d { struct s%d ", i, i - 1);
    for (int j = 0; j < 45; j++) at += sprintf(at, "ü");
    at += sprintf(at, "; };");
  }
  sprintf(at, "int f(struct s99);");
  char *json = description_of(text);
  char *reason = strstr(json, "\"unusable\":\"argument 1: member '");
  assert_non_null(reason);
  assert_null(strstr(json, "ufffd"));
  assert_in_range(strcspn(reason, "}"), 100, 320);
  ark_free(json);
}

static void should_count_lines_from_line_markers(void **state) {
  (void)state;
  assert_refuses("# 1 \"a.c\"\nint a;\n# 70 \"/x/b.h\" 1 3\n\nint b",
                 "/x/b.h, line 71, column 6: expected ';', got the end of the text");
  assert_refuses("#line 5\n;;int", "line 5, column 6: expected a name, got the end of the text");
  assert_describes("# 1 \"a.c\"\nint a;", "\"header\":true");
  assert_describes("int a;", "\"header\":false");
  assert_describes("int a;", "{\"arkffi\":1,\"platform\":\"");
}

static void should_describe_a_text_without_declarations(void **state) {
  (void)state;
  const char *nothing = "\"header\":false,\"symbols\":{},\"parameters\":{},\"constants\":{},\"large\":{},"
                        "\"special\":{},\"reasons\":{},\"inline\":[],"
                        "\"enums\":{\"types\":[],\"symbols\":{},\"fields\":{},\"typedefs\":{}},"
                        "\"typedefs\":{},\"pointers\":{},\"types\":[]}";
  assert_describes("", nothing);
  assert_describes(" ;; /* */ // \n\r\n\\\n ; _Static_assert(1, \"x\"); __asm__(\"nop\");", nothing);
}

static void assert_nesting_ends(const char *before, const char *piece, const char *after) {
  ark_error error;
  char *json = NULL, *text = repeated(before, piece, 100000, after);
  assert_fails(ARK_BAD_SIGNATURE, cdef_describe(text, &json, &error));
  assert_contains(error.message, "nests deeper than 200 levels");
  free(text);
}

static void should_refuse_text_that_nests_too_deep(void **state) {
  (void)state;
  assert_nesting_ends("int ", "(", "a;");
  assert_nesting_ends("int a", "[1]", ";");
  assert_nesting_ends("enum { A = ", "(", "1 };");
  assert_nesting_ends("enum { A = ", "- ", "1 };");
  assert_nesting_ends("enum { A = ", "1 ? ", "1 };");
  assert_nesting_ends("", "struct { ", "int a; ");
  assert_nesting_ends("int f(", "int (*)(", ");");
  assert_nesting_ends("", "typeof(", "int");
  assert_nesting_ends("", "_Atomic(", "int");
  assert_nesting_ends("", "_Alignas(", "int");
  assert_nesting_ends("int a __attribute__((aligned(", "_Alignof(int __attribute__((aligned(", "");
}

/* Pointers are read without recursion. */
static void should_accept_any_number_of_pointers(void **state) {
  (void)state;
  char *text = repeated("int ", "*", 100000, "a;");
  assert_describes(text, "\"a\":{\"type\":\"p\"}");
  free(text);
}

/* Asserts that a chain of declarations is refused as too deep. `format` makes each one, which uses the one before. */
static void assert_chain_ends(const char *first, const char *format) {
  char *text = malloc(1000 * 64), *at = text;
  assert_non_null(text);
  at += sprintf(at, "%s", first);
  for (int i = 1; i < 1000; i++) at += sprintf(at, format, i, i - 1);
  ark_error error;
  char *json;
  assert_fails(ARK_BAD_SIGNATURE, cdef_describe(text, &json, &error));
  assert_contains(error.message, "nests deeper than 200 levels");
  free(text);
}

static void should_refuse_types_that_nest_too_deep(void **state) {
  (void)state;
  assert_chain_ends("struct s0 { int a; };", "struct s%d { struct s%d a; };");
  assert_chain_ends("union u0 { int a; };", "union u%d { struct { union u%d a; } b[1]; };");
}

/* One typedef can declare many functions with many parameters. */
static void should_describe_no_more_parameters_than_needed(void **state) {
  (void)state;
  char *type = repeated("typedef int t(int", ",int", 2000, "); "), *text = repeated(type, "t f; extern ", 2000, "t g;");
  char *json = description_of(text);
  assert_true(strlen(json) < 4096);
  assert_contains(json, "\"g\":{\"args\":[\"i\",");
  ark_free(json);
  free(text);
  free(type);
}

/* Each of these texts took time that grew with the square of its length. The test has a time limit. */
static void should_read_in_proportion_to_the_text(void **state) {
  (void)state;
  char *spaces = repeated("int f(void) {\n", " ", 300000, "x"), *marks = repeated(spaces, " #", 300000, "\n}");
  char *pointers = repeated("typedef int t(int); typedef t ", "*", 100000, "p; ");
  char *conventions = repeated(pointers, "extern p __attribute__((ms_abi)) a; ", 10000, "");
  const char *texts[] = {marks, conventions};
  for (size_t i = 0; i < COUNT_OF(texts); i++) ark_free(description_of(texts[i]));
  free(conventions);
  free(pointers);
  free(marks);
  free(spaces);
}

/* The size of the description stays proportional to the size of the text. */
static void should_describe_in_proportion_to_the_text(void **state) {
  (void)state;
  char *text = repeated("typedef int (*f0)(int); typedef int (*f1)(f0, f0); typedef int (*f2)(f1, f1); int g(f2",
                        ", f2", 5000, ");");
  char *json = description_of(text);
  assert_true(strlen(json) < 4 * strlen(text));
  ark_free(json);
  free(text);
}

/* Each of 40 macros is twice the next one, so that most of them expand to more tokens than a macro may. */
static char *endless_macros(const char *after) {
  size_t size = 40 * 64 + strlen(after) + 64, length = 0;
  char *text = malloc(size);
  assert_non_null(text);
  for (int i = 0; i < 40; i++)
    length += (size_t)snprintf(text + length, size - length, "#define E%d E%d + E%d\n", i, i + 1, i + 1);
  snprintf(text + length, size - length, "#define E40 1\n%s", after);
  return text;
}

static void should_read_macros_beside_those_that_expand_without_end(void **state) {
  (void)state;
  char *long_macro = repeated("#define LONG 1", " + 1", 600, "\n#define F(x, y) (x ## y + 1)\n#define A F(1, 2) * 2\n");
  char *text = endless_macros(long_macro), *json = description_of(text);
  assert_non_null(strstr(json, "\"LONG\":601"));
  assert_non_null(strstr(json, "\"A\":26"));
  assert_non_null(strstr(json, "\"E40\":1"));
  assert_non_null(strstr(json, "\"E30\":1024"));
  assert_non_null(strstr(json, "\"E0\":\"it expands to more than 65536 tokens"));
  ark_free(json);
  free(text);
  free(long_macro);
}

/* The macros before use up what all have together. What each has of its own must be little. The test has a time
 * limit. */
static void should_end_quickly_where_every_macro_expands_without_end(void **state) {
  (void)state;
  size_t size = 64 * 20000, length = 0;
  char *many = malloc(size);
  assert_non_null(many);
  for (int i = 0; i < 20000; i++)
    length += (size_t)snprintf(many + length, size - length, "#define U%d E0\n#define V%d P(a%d)\n", i, i, i);
  char *pastes = repeated("#define P(x) ", "x##1 x##2 x##3 ", 50, "\n#define LAST (1 << 4)\n");
  char *tail = repeated(many, "", 1, pastes), *text = endless_macros(tail), *json = description_of(text);
  assert_non_null(strstr(json, "\"LAST\":16"));
  ark_free(json);
  free(text);
  free(tail);
  free(pastes);
  free(many);
}

static ark_status describe(const char *text, char **json) {
  ark_error error = {"x"};
  return cdef_describe(text, json, &error);
}

static void should_free_everything_when_memory_runs_out(void **state) {
  (void)state;
  const char *texts[] = {
      "#define S \"text\"\n#define F 1.5\n#define E (1 + )\n struct s { int a : 3; union { int b; }; } v; "
      "int f(const char *, int (*)(struct s), ...) __asm__(\"g\"); typedef enum { A, B = 1ull << 63 } e; typeof(f) h;",
      "struct s { struct { int a[3][4]",
      "#define F(x, y...) x ## 1 + sizeof #y + G(x)\n#define G(z) (1 ? z : 2.5f)\n#define A F(1, 2, 3)\n#define B "
      "L\"x\" \"y\"\n"
      "int gr\\u00fc\\U000000df(int);\n"
      "#define f f2\n#pragma push_macro(\"A\")\n#define X (typeof(1))3 + (char)Y\nint f2(int), b[sizeof(A) + F(1, 2) "
      "&& 1];\n#pragma "
      "pop_macro(\"A\")\n",
  };
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    allocations_start();
    ark_status wanted = i == 1 ? ARK_BAD_SIGNATURE : ARK_OK;
    for (size_t nth = 1;; nth++) {
      char *json = NULL;
      allocations_fail(nth);
      ark_status status = describe(texts[i], &json);
      bool failed = allocations_failed();
      allocations_fail(0);
      assert_int_equal(status, failed ? ARK_NO_MEMORY : wanted);
      if (!status) ark_free(json);
      assert_int_equal(allocations_alive(), 0);
      if (!failed) break;
    }
    allocations_stop();
  }
}

/* Any single byte of a text may change, also to NUL, which cuts the text: the result may be anything but a crash. */
static void should_survive_any_change_of_one_byte(void **state) {
  (void)state;
  const char *text =
      "# 1 \"x.h\"\n#pragma pack(push, 1)\n#define N (1 << 3)\n#define S \"a\" \"b\"\n"
      "#define F(x, y...) x ## y + sizeof #x ? __VA_OPT__(1.5f) : N\n#define G F(1, 2) + F(N) + L'a'\n#define fo(a) "
      "foo(a)\n"
      "typedef struct tag { const char *name; unsigned flag : 3, : 0; union { int a; float b[N]; }; void "
      "(*f)(int, ...); } __attribute__((packed, aligned(8))) tag_t;\n"
      "[[gnu::unused]] extern int table[sizeof(tag_t) * 2 + N ? 3 : 'x']; static inline int foo(void) { return 1; }\n"
      "int open64(const char *, int, ...) __asm__(\"open\") __attribute__((nonnull(1)));\n"
      "enum mode { A = -1, B = ~0U, C = 1ULL << 40 } __attribute__((packed)); typeof(int *) g(size_t n);"
      "int gr\\u00fc\\U000000df(void);";
  static const char changes[] = "(){}[];,*=:\"'#0a \n\\";
  size_t length = strlen(text);
  char *copy = malloc(length + 1);
  assert_non_null(copy);
  for (size_t i = 0; i < length; i++) {
    for (size_t j = 0; j < sizeof changes; j++) {
      memcpy(copy, text, length + 1);
      copy[i] = changes[j];
      char *json;
      if (!describe(copy, &json)) ark_free(json);
    }
  }
  free(copy);
}

/* Texts that the fuzzer has found, and those it starts from. */
static void should_survive_the_corpus(void **state) {
  (void)state;
  DIR *folder = opendir(CORPUS);
  assert_non_null(folder);
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    char path[1024], text[64 * 1024];
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", CORPUS, entry->d_name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    char *json;
    if (!describe(text, &json)) ark_free(json);
    count++;
  }
  closedir(folder);
  assert_true(count > 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_name_the_location_and_what_was_expected),
      cmocka_unit_test(should_cut_quotes_between_characters),
      cmocka_unit_test(should_give_short_reasons),
      cmocka_unit_test(should_count_lines_from_line_markers),
      cmocka_unit_test(should_describe_a_text_without_declarations),
      cmocka_unit_test(should_refuse_text_that_nests_too_deep),
      cmocka_unit_test(should_accept_any_number_of_pointers),
      cmocka_unit_test(should_refuse_types_that_nest_too_deep),
      cmocka_unit_test(should_describe_no_more_parameters_than_needed),
      cmocka_unit_test(should_read_in_proportion_to_the_text),
      cmocka_unit_test(should_describe_in_proportion_to_the_text),
      cmocka_unit_test(should_read_macros_beside_those_that_expand_without_end),
      cmocka_unit_test(should_end_quickly_where_every_macro_expands_without_end),
      cmocka_unit_test(should_free_everything_when_memory_runs_out),
      cmocka_unit_test(should_survive_any_change_of_one_byte),
      cmocka_unit_test(should_survive_the_corpus),
  };
  return cmocka_run_group_tests_name("cdef hostile", tests, NULL, NULL);
}
