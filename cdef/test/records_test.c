/* Structs, unions and enums: their members, and their layouts, compared with the compiler. */
#include "measure.h"

static void should_measure_structs_as_the_compiler_does(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct plain, struct plain {
        char a;
        double b;
        short c;
      });
  ASSERT_AS_COMPILED(
      struct nested, struct nested {
        char a;
        struct {
          long b;
          char c[5];
        } d[3];
        union {
          float e;
          void *f;
        };
      });
  ASSERT_AS_COMPILED(
      union choice, union choice {
        char a[9];
        int b;
      });
  ASSERT_AS_COMPILED(
      struct flexible, struct flexible {
        char a;
        long b[];
      });
  ASSERT_AS_COMPILED(
      struct self, struct self {
        struct self *next;
        int (*call)(struct self *, ...);
        enum { ONE, TWO } which;
      });
}

static void should_measure_long_doubles_as_the_compiler_does(void **state) {
  (void)state;
  needs_own_compiler();
  ASSERT_AS_COMPILED(
      struct wide, struct wide {
        char a;
        long double b;
      });
  ASSERT_AS_COMPILED(
      struct lower_wide, typedef long double low_wide __attribute__((aligned(4))); struct lower_wide {
        char a;
        low_wide b;
        char c[];
      });
}

static void should_measure_packed_and_aligned_structs_as_the_compiler_does(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct packed, struct packed {
        char a;
        int b;
        double c;
      } __attribute__((packed)));
  ASSERT_AS_COMPILED(
      struct before, struct __attribute__((__packed__, aligned(4))) before {
        char a;
        int b;
      });
  ASSERT_AS_COMPILED(
      struct aligned, struct aligned { char a; } __attribute__((aligned(32))));
  ASSERT_AS_COMPILED(
      struct most, struct most { char a; } __attribute__((aligned)));
  ASSERT_AS_COMPILED(
      struct members, struct members {
        char a;
        int b __attribute__((packed));
        char c __attribute__((aligned(8)));
        _Alignas(16) char d;
        __attribute__((aligned(4))) char e;
      });
  ASSERT_AS_COMPILED(
      struct loose, typedef int loose_int __attribute__((aligned(16))); struct loose {
        char a;
        loose_int b;
        char c;
      });
}

static void should_measure_members_of_typedefs_with_an_alignment_of_their_own(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct lower, typedef int low_int __attribute__((aligned(1))); struct lower {
        char a;
        low_int b;
        low_int c[3];
      });
  ASSERT_AS_COMPILED(
      struct tight_loose, typedef int loose2_int __attribute__((aligned(16))); struct tight_loose {
        char a;
        loose2_int b;
        loose2_int c __attribute__((aligned(2)));
      } __attribute__((packed)));
}

static void should_measure_bit_fields_that_are_packed_or_aligned_themselves(void **state) {
  (void)state;
  needs_own_compiler();
  ASSERT_AS_COMPILED(
      struct tight, struct tight {
        char a : 3;
        int b : 30;
        long long c : 50;
      } __attribute__((packed)));
  ASSERT_AS_COMPILED(
      struct own_bits, struct own_bits {
        unsigned a : 3, b : 30 __attribute__((packed)), c : 4 __attribute__((aligned(2)));
        char d : 2 __attribute__((aligned(8)));
      });
}

static void should_measure_bit_fields_as_the_compiler_does(void **state) {
  (void)state;
  ASSERT_AS_COMPILED(
      struct bits, struct bits {
        unsigned a : 3, b : 7;
        unsigned c : 25;
        int d : 5;
      });
  ASSERT_AS_COMPILED(
      struct mixed, struct mixed {
        char a;
        long long b : 40;
        short c : 9;
        _Bool d : 1;
        int : 0;
        char e : 2;
      });
  ASSERT_AS_COMPILED(
      struct gaps, struct gaps {
        int a : 3;
        int : 10;
        short : 0;
        char b;
      });
}

static void should_follow_pragma_pack(void **state) {
  (void)state;
#pragma pack(push, 2)
  struct two {
    char a;
    double b;
    struct {
      long c;
    } d;
  };
#pragma pack(1)
  struct one {
    char a;
    double b;
  };
#pragma pack(pop)
  struct none {
    char a;
    double b;
  };
  const char *text = "#pragma pack(push, 2)\n"
                     "struct two { char a; double b; struct { long c; } d; };\n"
                     "#pragma pack(1)\n"
                     "struct one { char a; double b; };\n"
                     "#pragma pack(pop)\n"
                     "struct none { char a; double b; };\n";
  assert_measure(text, "struct two", sizeof(struct two), alignof(struct two));
  assert_measure(text, "struct one", sizeof(struct one), alignof(struct one));
  assert_measure(text, "struct none", sizeof(struct none), alignof(struct none));
#pragma pack(push, 8)
  struct eight {
    char a : 3;
    int b : 30, c : 10;
    long d;
  };
#pragma pack(pop)
  assert_measure("#pragma pack(8)\nstruct eight { char a : 3; int b : 30, c : 10; long d; };", "struct eight",
                 sizeof(struct eight), alignof(struct eight));
  assert_measure("#pragma pack(8)\n#pragma pack()\nstruct all { char a; double b; };", "struct all", 16, 8);
  assert_refuses("#pragma pack(3)\nint a;", "line 1, column 15: #pragma pack takes 1, 2, 4, 8 or 16");
}

static void should_describe_members(void **state) {
  (void)state;
  assert_describes(
      "struct s { int a; const char *b; signed char c[4]; struct s *d; double e[2][3]; };",
      "\"fields\":[[\"a\",\"i\"],[\"b\",\"s\"],[\"c\",[\"c\",4]],[\"d\",\"p\",{\"to\":0}],[\"e\",[[\"d\",3],2]]]");
  assert_describes("struct s { unsigned a : 3, : 2; int : 0; };",
                   "\"fields\":[[\"a\",\"I\",{\"bits\":3}],[null,\"I\",{\"bits\":2}],[null,\"i\",{\"bits\":0}]]");
  assert_describes("struct s { int a; union { int b; float c; }; };", "\"fields\":[[\"a\",\"i\"],[null,1]]");
  assert_describes("struct s { int n; double a[]; };", "\"fields\":[[\"n\",\"i\"],[\"a\",[\"d\",0]]]");
  assert_describes("struct s { struct t { int a; } b; struct t c; };", "\"fields\":[[\"b\",1],[\"c\",1]]");
  /* A type with a name declares no member, except to compilers for Windows. */
  bool is_member = ARKFFI_MS_BIT_FIELDS;
  assert_describes("struct s { struct t { int a; }; int b; };",
                   is_member ? "\"fields\":[[null,1],[\"b\",\"i\"]]" : "\"fields\":[[\"b\",\"i\"]]");
  assert_describes("typedef struct { int a; } t; struct s { t; int b; };",
                   is_member ? "\"fields\":[[null,0],[\"b\",\"i\"]]" : "\"fields\":[[\"b\",\"i\"]]");
  assert_describes("struct s { int (*f)(int), *g, h; };", "\"fields\":[[\"f\",\"k\"],[\"g\",\"p\"],[\"h\",\"i\"]]");
}

static void should_describe_the_layout_of_members(void **state) {
  (void)state;
  assert_describes("struct s { signed char a; _Alignas(8) signed char b; };",
                   "\"fields\":[[\"a\",\"c\"],[\"b\",\"c\",{\"align\":8}]]");
  assert_describes("struct s { int a __attribute__((packed, aligned(2))), b __attribute__((packed)); };",
                   "\"fields\":[[\"a\",\"i\",{\"align\":2,\"packed\":true}],[\"b\",\"i\",{\"packed\":true}]]");
  assert_describes("struct s { int a : 3 __attribute__((aligned(8))), b : 4 __attribute__((packed)); };",
                   "[[\"a\",\"i\",{\"bits\":3,\"align\":8}],[\"b\",\"i\",{\"bits\":4,\"packed\":true}]]");
  assert_describes("struct s { signed char a; _Alignas(16) union { int b; }; };", "[null,1,{\"align\":16}]]");
}

static void should_describe_the_layout_of_members_of_aligned_typedefs(void **state) {
  (void)state;
  assert_describes("typedef int wide __attribute__((aligned(16))); struct s { wide a; };",
                   "[[\"a\",\"i\",{\"align\":16}]]");
  assert_describes("typedef int low __attribute__((aligned(2))); struct s { low a; };",
                   "[[\"a\",\"i\",{\"align\":2,\"packed\":true}]]");
}

static void should_describe_how_structs_are_packed(void **state) {
  (void)state;
  assert_describes("struct s { double b; } __attribute__((packed));", "\"packed\":true,\"fields\":[[\"b\",\"d\"]]");
  assert_describes("#pragma pack(2)\nstruct s { double b; };", "\"packed\":2,\"fields\":[[\"b\",\"d\"]]");
  assert_describes("#pragma pack(2)\nstruct s { double b; } __attribute__((packed));",
                   "\"packed\":2,\"fields\":[[\"b\",\"d\",{\"packed\":true}]]");
  assert_does_not_describe("#pragma pack(2)\n#pragma pack()\nstruct s { double b; };", "packed");
}

static void should_refuse_too_many_members(void **state) {
  (void)state;
  char text[8192], *at = text;
  at += sprintf(at, "struct s0 { char a; };");
  for (int i = 1; i <= 40; i++) at += sprintf(at, "struct s%d { struct s%d a, b[1]; };", i, i - 1);
  assert_describes(
      text, "\"name\":\"struct s17\",\"tag\":\"s17\",\"unusable\":\"member 'b': there are too many members in it\"");
  assert_does_not_describe(text, "\"tag\":\"s16\",\"unusable\"");
}

static void should_name_structs_by_tag_and_by_typedef(void **state) {
  (void)state;
  assert_describes("typedef struct { int a; } t;",
                   "\"typedefs\":{\"t\":0},\"pointers\":{},\"types\":[{\"kind\":\"struct\",\"name\":\"t\",\"size\"");
  assert_describes("typedef struct { int a; } __t; typedef __t t, *u; t f(u);", "\"kind\":\"struct\",\"name\":\"t\"");
  assert_describes("typedef union u { int a; } t;", "\"kind\":\"union\",\"name\":\"union u\",\"tag\":\"u\"");
  assert_describes("typedef struct s s; struct s { s *next; }; s f(s);", "\"f\":{\"args\":[0],\"returns\":0}");
  assert_describes("struct s; int f(struct s *);",
                   "\"types\":[{\"kind\":\"struct\",\"name\":\"struct s\",\"tag\":\"s\"}]");
}

static void should_keep_names_of_any_length(void **state) {
  (void)state;
  static const size_t lengths[] = {199, 200, 201, 255, 256, 5000};
  for (size_t i = 0; i < COUNT_OF(lengths); i++) {
    char *text = repeated("typedef struct { int a; } ", "T", lengths[i], ";");
    char *expected = repeated("\"kind\":\"struct\",\"name\":\"", "T", lengths[i], "\",\"size\":4");
    assert_describes(text, expected);
    free(expected);
    free(text);
    text = repeated("struct ", "S", lengths[i], " { int a; };");
    expected = repeated("\"kind\":\"struct\",\"name\":\"struct ", "S", lengths[i], "\",\"tag\"");
    assert_describes(text, expected);
    free(expected);
    free(text);
  }
}

static void should_type_enums_as_the_compiler_does(void **state) {
  (void)state;
  assert_describes("enum e { A, B = 4, C }; enum e v;", "\"constants\":{\"A\":0,\"B\":4,\"C\":5}");
  assert_describes("enum e { A, B = 4 }; enum e v;", "\"v\":{\"type\":\"I\"}");
  assert_describes("enum e { A = -1 }; enum e v;", "\"v\":{\"type\":\"i\"}");
  assert_describes("enum e { A = 1ll << 40 }; enum e v;", "\"v\":{\"type\":\"L\"}");
  assert_describes("enum e { A = -1, B = 0xffffffff }; enum e v;", "\"v\":{\"type\":\"l\"}");
  assert_describes("enum __attribute__((packed)) e { A = 200 }; enum e v;", "\"v\":{\"type\":\"C\"}");
  assert_describes("enum e : short { A, }; enum e v;", "\"v\":{\"type\":\"h\"}");
  assert_describes("enum e { A = 0x7fffffffffffffff, B };",
                   "\"large\":{\"A\":\"9223372036854775807\",\"B\":\"9223372036854775808\"}");
  assert_describes("enum e { A = -0x7fffffffffffffff - 1 };", "\"large\":{\"A\":\"-9223372036854775808\"}");
}

static void should_refuse_invalid_records(void **state) {
  (void)state;
  assert_refuses("struct s { int a; int a; };", "line 1, column 10: struct s has two members called 'a'");
  assert_refuses("struct s { int a; struct { int a; }; };", "line 1, column 10: struct s has two members called 'a'");
  assert_refuses("struct s { struct s a; };", "line 1, column 21: this member's type has no size yet");
  assert_refuses("struct s { void a; };", "line 1, column 17: this member's type has no size yet");
  assert_refuses("struct s { int a(void); };", "line 1, column 16: a function cannot be a member");
  assert_refuses("struct s { int a; }; struct s { int b; };", "line 1, column 22: struct s has members already");
  assert_refuses("struct s { int a; }; union s *f(void);",
                 "line 1, column 22: struct s is declared as something else as well");
  assert_refuses("enum e { A }; enum e { B };", "line 1, column 15: this enum has values already");
  assert_refuses("struct s { int a : 33; };", "line 1, column 20: a bit-field of this type has 0 to 32 bits");
  assert_refuses("struct s { int a : 0; };", "line 1, column 20: a bit-field of 0 bits has no name");
  assert_refuses("struct s { float a : 3; };", "line 1, column 22: only integers can be bit-fields");
  assert_refuses("struct s { int; };struct { int a };;int",
                 "line 1, column 40: expected a name, got the end of the text");
  assert_refuses("struct s { char a[1ull << 62], b[1ull << 62]; };",
                 "line 1, column 10: struct s is larger than memory");
  assert_refuses("struct s { char a __attribute__((aligned(3))); };",
                 "line 1, column 41: an alignment must be a power of two, got 3");
  assert_refuses("struct s { _Alignas(6) char a; };", "line 1, column 21: an alignment must be a power of two, got 6");
  assert_refuses("struct s { _Alignas(1ll << 40) char a; };",
                 "line 1, column 21: an alignment must be at most 268435456, got 1099511627776");
  assert_refuses("struct s { char a; } __attribute__((aligned(1 << 29)));",
                 "line 1, column 44: an alignment must be at most 268435456, got 536870912");
  assert_refuses("typedef char v __attribute__((vector_size(3)));",
                 "line 1, column 42: the size of a vector must be a power of two, got 3");
  assert_refuses("struct;", "line 1, column 7: expected '{' or a tag, got ';'");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_measure_structs_as_the_compiler_does),
      cmocka_unit_test(should_measure_long_doubles_as_the_compiler_does),
      cmocka_unit_test(should_measure_packed_and_aligned_structs_as_the_compiler_does),
      cmocka_unit_test(should_measure_members_of_typedefs_with_an_alignment_of_their_own),
      cmocka_unit_test(should_measure_bit_fields_that_are_packed_or_aligned_themselves),
      cmocka_unit_test(should_measure_bit_fields_as_the_compiler_does),
      cmocka_unit_test(should_follow_pragma_pack),
      cmocka_unit_test(should_describe_members),
      cmocka_unit_test(should_describe_the_layout_of_members),
      cmocka_unit_test(should_describe_the_layout_of_members_of_aligned_typedefs),
      cmocka_unit_test(should_describe_how_structs_are_packed),
      cmocka_unit_test(should_refuse_too_many_members),
      cmocka_unit_test(should_name_structs_by_tag_and_by_typedef),
      cmocka_unit_test(should_keep_names_of_any_length),
      cmocka_unit_test(should_type_enums_as_the_compiler_does),
      cmocka_unit_test(should_refuse_invalid_records),
  };
  return cmocka_run_group_tests_name("cdef records", tests, NULL, NULL);
}
