/* Attributes and pragmas: those that change a layout do it as the compiler does, or what has them is refused by name.
 */
#include "arkffi/ms_struct.h"
#include "measure.h"

static void should_place_members_by_attributes_among_the_specifiers(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct first, struct first {
        char a;
        __attribute__((packed)) int b, c;
        char d;
        int __attribute__((packed)) e;
        int f;
      });
  ASSERT_AS_COMPILED(
      struct inside, struct inside {
        char a;
        __attribute__((packed)) struct {
          char b;
          int c;
        } d;
      });
  assert_describes("struct s { char a; [[gnu::packed]] int b; };", "\"size\":5,\"align\":1,");
}

static void should_place_pointers_by_the_attributes_of_the_last_one(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct pointers, struct pointers {
        char a;
        int *__attribute__((aligned(16))) b;
        char c;
        int *__attribute__((aligned(16))) * d;
      });
  /* GCC gives the attribute to the function, Clang to the pointer. */
  assert_describes("struct s { void (__attribute__((aligned(16))) *a)(void); };",
                   "\"unusable\":\"member 'a': compilers disagree about an attribute that stands here");
}

static void should_keep_the_alignment_of_a_typedef_in_typeof(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct low, typedef double low_double __attribute__((aligned(4))); struct low {
        char a;
        __typeof__(low_double) b;
      });
}

static void should_apply_machine_modes_to_all_scalars(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct small_enums, typedef enum { A1, B1 } __attribute__((mode(QI))) byte_enum;
      typedef enum __attribute__((mode(HI))){A2, B2 = -1} short_enum;
      typedef enum {A3} later_enum __attribute__((mode(DI))); struct small_enums {
        byte_enum a;
        char b;
        short_enum c;
        later_enum d;
      });
  ASSERT_AS_COMPILED(
      struct floats, struct floats {
        char a;
        float b __attribute__((mode(DF)));
        double c __attribute__((__mode__(__SF__)));
        int d __attribute__((mode(unwind_word)));
      });
  assert_describes("typedef enum { A } __attribute__((mode(QI))) e; extern e v;", "\"v\":{\"type\":\"C\"}");
  assert_describes("typedef enum { A = -1 } __attribute__((mode(QI))) e; extern e v;", "\"v\":{\"type\":\"c\"}");
  assert_describes("typedef float t __attribute__((mode(DF))); extern t v;", "\"v\":{\"type\":\"d\"}");
  assert_describes("typedef _Complex float t __attribute__((mode(DC))); t f(void);", "\"returns\":\"{dd}\"}");
  assert_describes("typedef int t __attribute__((mode(TI))); t f(void);", "\"returns\":\"x\"}");
  assert_describes("typedef float t __attribute__((mode(TF))); t f(void);",
                   ark_long_double_digits() == 113 ? "\"returns\":\"D\"}"
                                                   : "result: a type of the mode TF has no type here");
  assert_describes("typedef int t __attribute__((mode(V4SI))); t f(void);",
                   "\"unusable\":\"result: the machine mode V4SI is not known\"");
  assert_describes("typedef int t __attribute__((mode(SF))); t f(void);",
                   "\"unusable\":\"result: this type does not have the mode SF\"");
  assert_describes("enum e { A } __attribute__((mode(TI))); enum e f(void);",
                   "\"unusable\":\"result: an enum does not have this machine mode\"");
}

static void should_ignore_attributes_of_c23_after_a_struct(void **state) {
  (void)state;
  assert_describes("struct s { char a; int b; } [[gnu::packed]] *p;", "\"size\":8,\"align\":4,");
}

static void should_say_which_alignment_a_typedef_gives_a_struct(void **state) {
  (void)state;
  assert_describes("typedef struct s { char a; } t __attribute__((aligned(64)));",
                   "\"size\":1,\"align\":1,\"memory\":64,");
  assert_describes("typedef struct s t __attribute__((aligned(64))); struct s { char a; };",
                   "\"size\":1,\"align\":1,\"memory\":64,");
  assert_describes("typedef struct s { int a; } t __attribute__((aligned(2)));", "\"size\":4,\"align\":4,\"fields\"");
}

static void should_place_bit_fields_as_microsofts_compilers_do(void **state) {
  (void)state;
  const char *text = "struct __attribute__((ms_struct)) s { char a; int b : 3; };";
  if (!ark_compilers_know_ms_struct()) {
    assert_describes(text, "\"unusable\":\"compilers disagree about the attribute ms_struct on this processor\"");
    return;
  }
  const char *part = "\"size\":8,\"align\":4,\"bitFields\":\"ms\",";
  assert_describes(text, part);
  assert_describes("struct s { char a; int b : 3; } __attribute__((__ms_struct__));", part);
  assert_describes("struct [[gnu::ms_struct]] s { char a; int b : 3; };", part);
  assert_describes("#pragma ms_struct on\nstruct s { char a; int b : 3; };\n#pragma ms_struct off\n", part);
  assert_describes("#pragma ms_struct on\nstruct __attribute__((gcc_struct)) s { char a; int b : 3; };",
                   "\"size\":4,\"align\":4,\"bitFields\":\"gcc\",");
  assert_does_not_describe("#pragma ms_struct on\n#pragma ms_struct reset\nstruct s { char a; };", "bitFields");
  assert_describes("struct __attribute__((ms_struct, gcc_struct)) s { int a; };",
                   "\"unusable\":\"the attributes ms_struct and gcc_struct contradict each other\"");
}

static void should_describe_the_order_of_bytes(void **state) {
  (void)state;
  const char *part = "\"size\":16,\"align\":8,\"endian\":\"big\",\"fields\"";
  assert_describes("struct __attribute__((scalar_storage_order(\"big-endian\"))) s { int a, *b; };", part);
  assert_describes("struct s { int a, *b; } __attribute__((scalar_storage_order(\"big-endian\")));", part);
  assert_describes("#pragma scalar_storage_order big-endian\nstruct s { int a, *b; };", part);
  assert_does_not_describe("#pragma scalar_storage_order big-endian\n"
                           "struct __attribute__((scalar_storage_order(\"little-endian\"))) s { int a; };",
                           "\"endian\"");
}

static void should_refuse_structs_whose_layout_is_another_one(void **state) {
  (void)state;
  static const char *const texts[][2] = {
      {"struct __attribute__((scalar_storage_order(\"big-endian\"))) s { int a : 3; };",
       "member 'a': a bit-field of the byte order big-endian is not supported"},
      {"struct __attribute__((scalar_storage_order(\"big-endian\"))) s { double _Complex a[2]; };",
       "member 'a': this type is not supported in the byte order big-endian"},
      {"struct __attribute__((scalar_storage_order(\"odd\"))) s { int a; };",
       "the attribute scalar_storage_order names no order of bytes"},
      {"struct s { int a __attribute__((scalar_storage_order(\"big-endian\"))); };",
       "member 'a': the attribute scalar_storage_order is for structs and unions"},
      {"struct __attribute__((frobnicate, scalar_storage_order(\"big-endian\"))) s { int a; };",
       "the attribute frobnicate is not known"},
      {"struct s { int a; } __attribute__((randomize_layout));", "the attribute randomize_layout is not supported"},
      {"struct s { int a; } __attribute__((frobnicate(1, 2)));", "the attribute frobnicate is not known"},
      {"struct [[vendor::frobnicate]] s { int a; };", "the attribute frobnicate is not known"},
      {"struct s { int a __attribute__((frobnicate)); };", "member 'a': the attribute frobnicate is not known"},
      {"struct s { __attribute__((frobnicate)) int a : 3; };", "member 'a': the attribute frobnicate is not known"},
      {"struct s { int a : 3 __attribute__((frobnicate)); };", "member 'a': the attribute frobnicate is not known"},
      {"struct s { int a[2] __attribute__((frobnicate)); };", "member 'a': the attribute frobnicate is not known"},
      {"struct s { int *__attribute__((frobnicate)) a; };", "member 'a': the attribute frobnicate is not known"},
      {"struct s { __attribute__((frobnicate)) struct { int a; }; };", "the attribute frobnicate is not known"},
      {"struct s { __attribute__((aligned(16))) struct { int a; }; };",
       "compilers disagree about the alignment of a member without a name"},
      {"enum e { A } __attribute__((aligned(8))); struct s { enum e a; };",
       "member 'a': compilers disagree about an enum with an alignment of its own"},
      {"typedef int t __attribute__((hardbool)); struct s { t a; };",
       "member 'a': the attribute hardbool is not supported"},
      {"typedef float t __attribute__((ext_vector_type(3))); struct s { t a[4]; };",
       "member 'a': the attribute ext_vector_type is not supported"},
      {"#pragma options align=packed\nstruct s { int a; };", "#pragma align is not supported"},
      {"#pragma align=mac68k\nstruct s { int a; };", "#pragma align is not supported"},
      {"#pragma clang attribute push(__attribute__((packed)), apply_to = record)\nstruct s { int a; };",
       "#pragma clang attribute is not supported"},
  };
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    char part[256];
    snprintf(part, sizeof part, "\"tag\":\"s\",\"unusable\":\"%s\"", texts[i][1]);
    assert_describes(texts[i][0], part);
  }
}

static void should_refuse_only_what_has_the_attribute(void **state) {
  (void)state;
  static const char *const texts[] = {
      "struct __attribute__((randomize_layout)) t { char a; }; struct s { struct t *a; };",
      "struct __attribute__((gcc_struct)) s { char a; };",
      "struct __attribute__((scalar_storage_order(\"little-endian\"))) s { char a; };",
      "#pragma scalar_storage_order big-endian\n#pragma scalar_storage_order default\nstruct s { char a; };",
      "#pragma options align=packed\n#pragma options align=reset\nstruct s { char a; };",
      "#pragma clang attribute push(__attribute__((packed)), apply_to = record)\n#pragma clang attribute pop\n"
      "struct s { char a; };",
      "#pragma clang attribute push(__attribute__((availability(x, introduced = 1.2))), apply_to = any(function))\n"
      "struct s { char a; };",
      "enum e { A __attribute__((frobnicate)) }; struct s { enum e a; };",
  };
  for (size_t i = 0; i < COUNT_OF(texts); i++) assert_does_not_describe(texts[i], "\"tag\":\"s\",\"unusable\"");
}

static void should_refuse_functions_and_variables_with_unknown_attributes(void **state) {
  (void)state;
  static const char *const texts[] = {
      "int f(int) __attribute__((frobnicate));",
      "__attribute__((frobnicate)) int f(int);",
      "[[vendor::frobnicate]] int f(int);",
      "int f(int a __attribute__((frobnicate)));",
      "int f(int [[frobnicate]] a);",
      "int f(int a[3] __attribute__((frobnicate)));",
      "typedef int t __attribute__((frobnicate)); t f(void);",
      "typedef enum { A } __attribute__((frobnicate)) t; int f(t);",
      "extern int f __attribute__((frobnicate));",
      "extern int f[3] __attribute__((frobnicate));",
      "typedef int t __attribute__((frobnicate)); extern t f;",
  };
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    assert_describes(texts[i], "the attribute frobnicate is not known\"}");
    assert_describes(texts[i], "\"f\":{");
  }
  static const char *const conventions[] = {"vectorcall",         "preserve_none",   "regcall",       "swiftcall",
                                            "aarch64_vector_pcs", "aarch64_sve_pcs", "pcs(\"aapcs\")"};
  for (size_t i = 0; i < COUNT_OF(conventions); i++) {
    char text[128];
    snprintf(text, sizeof text, "int f(int) __attribute__((%s));", conventions[i]);
    assert_describes(text, "\"unusable\":\"the calling convention ");
  }
  assert_describes("int f(void *p __attribute__((pass_object_size(0))));",
                   "argument 1: the attribute pass_object_size is not supported");
}

static void should_have_no_size_for_what_is_refused(void **state) {
  (void)state;
  const char *text = "struct __attribute__((randomize_layout)) s { char a; int b : 3; }; struct t { struct s a[2]; };\n"
                     "#define S sizeof(struct s)\n#define T sizeof(struct t)\n#define P sizeof(struct s *)\n"
                     "#define O offsetof(struct t, a)\n#define A _Alignof(struct s[2])\n";
  assert_describes(text, "\"constants\":{\"P\":8}");
}

static void should_skip_attributes_that_change_nothing(void **state) {
  (void)state;
  assert_describes(
      "int f(const char *, ...) __attribute__((format(printf, 1, 2), , __nonnull__(1), access(read_only, 1)))"
      "__attribute__(()) __attribute__((__deprecated__(\"x\")));",
      "\"f\":{\"args\":[\"s\",\"...\"],\"returns\":\"i\"}");
  assert_describes("int f(int) __attribute__((stdcall)) __attribute__((regparm(3)));", "\"returns\":\"i\"}");
  assert_refuses("int f(int) __attribute__((3));", "line 1, column 27: expected an attribute, got '3'");
}

static void should_take_the_name_of_a_symbol_from_a_pragma(void **state) {
  (void)state;
  assert_describes("#pragma redefine_extname open open64\nint open(void);",
                   "\"open\":{\"args\":[],\"returns\":\"i\",\"symbol\":\"open64\"}");
}

static void should_list_attributes_in_the_order_that_they_are_searched_in(void **state) {
  (void)state;
  static const char *const names[] = {
#define CDEF_ATTRIBUTE(name, effect) name,
#include "../src/grammar/attributes.def"
#undef CDEF_ATTRIBUTE
  };
  for (size_t i = 1; i < COUNT_OF(names); i++) assert_true(strcmp(names[i - 1], names[i]) < 0);
}

static void should_give_an_address_for_characters_with_a_length(void **state) {
  (void)state;
  /* In a function that C calls: an integer that follows may be the length. */
  assert_describes("typedef int (*t)(const char *data, size_t n, void *user);", "{\"args\":[\"p\",\"L\",\"p\"]");
  assert_describes("typedef int (*t)(void *, const char *s, int len);", "{\"args\":[\"p\",\"p\",\"i\"]");
  assert_describes("void f(void (*)(char *s, unsigned short));", "{\"args\":[\"p\",\"H\"]");
  assert_describes("void f(void (*)(const char16_t *s, int));", "{\"args\":[\"p\",\"i\"]");
  assert_describes("typedef void (*t)(int level, const char *text);", "{\"args\":[\"i\",\"s\"]");
  assert_describes("typedef void (*t)(const char *text, double, _Bool);", "{\"args\":[\"s\",\"d\",\"b\"]");
  assert_describes("typedef enum { A } e; typedef void (*t)(const char *text, e which);", "{\"args\":[\"s\",\"I\"]");
  assert_describes("typedef void (*t)(const char *text, char c);", "{\"args\":[\"s\",\"");
  /* A function that JavaScript calls gets a string that ends with NUL. */
  assert_describes("int f(const char *data, size_t n);", "\"f\":{\"args\":[\"s\",\"L\"]");
  /* But C may read as many characters as an array has. */
  assert_describes("int f(const char a[], const char b[restrict], const char c[16], const char d[static 2]);",
                   "\"f\":{\"args\":[\"s\",\"s\",\"p\",\"p\"]");
  assert_describes("int f(int n, const char a[n], const char b[*]);", "\"f\":{\"args\":[\"i\",\"p\",\"p\"]");
}

static void should_give_an_address_for_members_with_a_length(void **state) {
  (void)state;
  assert_describes("struct s { const char *data; size_t n; };", "[[\"data\",\"p\"],[\"n\",\"L\"]]");
  assert_describes("struct s { const char *data; int length; };", "[[\"data\",\"p\"],[\"length\",\"i\"]]");
  assert_describes("struct s { char *buf; unsigned BufSize; };", "[[\"buf\",\"p\"],[\"BufSize\",\"I\"]]");
  assert_describes("struct s { const char *buf; unsigned n : 8; };", "[[\"buf\",\"p\"],[\"n\",\"I\",{\"bits\":8}]]");
  assert_describes("struct option { const char *name; int has_arg; };", "[[\"name\",\"s\"],[\"has_arg\",\"i\"]]");
  assert_describes("struct s { const char *name; const char *value; };", "[[\"name\",\"s\"],[\"value\",\"s\"]]");
  assert_describes("struct s { const char *p __attribute__((nonstring)); char c; };", "[[\"p\",\"p\"],");
  assert_describes("struct s { int len; const char *p __attribute__((counted_by(len))); };", "[\"p\",\"p\"]]");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_place_members_by_attributes_among_the_specifiers),
      cmocka_unit_test(should_place_pointers_by_the_attributes_of_the_last_one),
      cmocka_unit_test(should_keep_the_alignment_of_a_typedef_in_typeof),
      cmocka_unit_test(should_apply_machine_modes_to_all_scalars),
      cmocka_unit_test(should_ignore_attributes_of_c23_after_a_struct),
      cmocka_unit_test(should_say_which_alignment_a_typedef_gives_a_struct),
      cmocka_unit_test(should_place_bit_fields_as_microsofts_compilers_do),
      cmocka_unit_test(should_describe_the_order_of_bytes),
      cmocka_unit_test(should_refuse_structs_whose_layout_is_another_one),
      cmocka_unit_test(should_refuse_only_what_has_the_attribute),
      cmocka_unit_test(should_refuse_functions_and_variables_with_unknown_attributes),
      cmocka_unit_test(should_have_no_size_for_what_is_refused),
      cmocka_unit_test(should_skip_attributes_that_change_nothing),
      cmocka_unit_test(should_take_the_name_of_a_symbol_from_a_pragma),
      cmocka_unit_test(should_list_attributes_in_the_order_that_they_are_searched_in),
      cmocka_unit_test(should_give_an_address_for_characters_with_a_length),
      cmocka_unit_test(should_give_an_address_for_members_with_a_length),
  };
  return cmocka_run_group_tests_name("attributes", tests, NULL, NULL);
}
