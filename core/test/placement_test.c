/* Which register or word of the stack each part of a struct goes to: all conventions, on any machine. */
#include "support.h"
#include "cpu/placement.h"
#include "cpu/placement_steps.h"
#include <stdio.h>

typedef bool (*convention)(const ark_signature *signature, ark__placement *out);

/* "i0" and "f0" are registers, "s0" a word of the stack, "x8" the one for a result in memory, "c0" a word of copies. */
static char *print_word(char *out, const ark__placement *placement, size_t word) {
  if (word < ARK__FLOAT_WORDS) return out + sprintf(out, "i%zu", word);
  if (word < ARK__INDIRECT_WORD) return out + sprintf(out, "f%zu", word - ARK__FLOAT_WORDS);
  if (word == ARK__INDIRECT_WORD) return out + sprintf(out, "x8");
  size_t at = word - ARK__STACK_WORDS;
  if (at < placement->stack) return out + sprintf(out, "s%zu", at);
  return out + sprintf(out, "c%zu", at - placement->stack);
}

/* One word for each move, in the order of the arguments: "i0", "4-8>i1" for bytes 4 to 7, "c0&i1" for the
 * address of a copy; and then the result: "=x8", or its pieces as "=0-8>i,8-12>f". */
static void print(char *out, const ark__placement *placement) {
  for (size_t i = 0; i < placement->move_count; i++) {
    const ark__move *move = &placement->moves[i];
    if (i) *out++ = ' ';
    if (move->kind == ARK__MOVE_BYTES) out += sprintf(out, "%zu-%zu>", move->offset, move->offset + move->size);
    if (move->kind == ARK__MOVE_REFERENCE) {
      out = print_word(out, placement, move->copy);
      *out++ = '&';
    }
    out = print_word(out, placement, move->word);
  }
  if (placement->result_word < ARK__MAX_WORDS) {
    *out++ = '=';
    out = print_word(out, placement, placement->result_word);
  }
  for (size_t i = 0; i < placement->piece_count; i++) {
    const ark__piece *piece = &placement->pieces[i];
    out += sprintf(out, "%c%zu-%zu>%c", i ? ',' : '=', piece->offset, piece->offset + piece->size,
                   piece->is_float ? 'f' : 'i');
  }
  *out = '\0';
}

static bool place(convention by, const char *args, const char *result, char *out) {
  ark_signature *signature = signature_of(args, result);
  ark__placement *placement =
      calloc(1, sizeof *placement + ARK__MAX_PIECES * signature->count * sizeof placement->moves[0]);
  bool fits = by(signature, placement);
  if (fits) print(out, placement);
  free(placement);
  ark_signature_free(signature);
  return fits;
}

typedef struct expected {
  const char *args, *result, *places;
} expected;

static void assert_places(convention by, const expected *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char places[500];
    assert_true(place(by, cases[i].args, cases[i].result, places));
    if (strcmp(places, cases[i].places) == 0) continue;
    fail_msg("(%s)%s: %s instead of %s", cases[i].args, cases[i].result, places, cases[i].places);
  }
}

static void should_go_by_eightbytes_on_system_v(void **state) {
  (void)state;
  static const expected cases[] = {
      {"{dd}", "v", "0-8>f0 8-16>f1"},
      {"{ff}", "v", "0-8>f0"},
      {"{fff}", "v", "0-8>f0 8-12>f1"},
      {"{fi}", "v", "0-8>i0"},
      {"{ccc}", "v", "0-3>i0"},
      {"{ld}", "v", "0-8>i0 8-16>f0"},
      {"{dl}", "v", "0-8>f0 8-16>i0"},
      {"{ffi}", "v", "0-8>f0 8-12>i0"},
      {"{d{f[1i]}}", "v", "0-8>f0 8-16>i0"},
      {"{|di}", "v", "0-8>i0"},
      {"{|d[2f]}", "v", "0-8>f0"},
      {"i{lll}d", "v", "i0 0-24>s0 f0"},
      {"{!cl}l", "v", "0-9>s0 i0"},
      {"{!lc}", "v", "0-8>i0 8-9>i1"},
      {"{=!fI:3}", "v", "0-5>i0"},
      {"{=dI:3}", "v", "0-8>f0 8-16>i0"},
      {"{@16:l}", "v", "0-8>i0"},
      /* A struct that does not fit leaves the last register to later arguments. */
      {"lllll{ll}ll", "v", "i0 i1 i2 i3 i4 0-16>s0 i5 s2"},
      {"lllllddddddd{ld}{dd}d", "v", "i0 i1 i2 i3 i4 f0 f1 f2 f3 f4 f5 f6 0-8>i5 8-16>f7 0-16>s0 s2"},
      {"{@32:[5l]}c{@64:[9l]}c{lll}", "v", "0-64>s0 i0 0-128>s8 i1 0-24>s24"},
      {"c", "{dd}", "i0=0-8>f,8-16>f"},
      {"c", "{ld}", "i0=0-8>i,8-16>f"},
      {"c", "{cc}", "i0=0-2>i"},
      {"c", "{@16:l}", "i0=0-8>i"},
      {"cd", "{lll}", "i1 f0=i0"},
      {"{ll}", "{!cl}", "0-8>i1 8-16>i2=i0"},
  };
  assert_places(ark__place_system_v, cases, COUNT_OF(cases));
}

/* GCC takes some bit-fields for integers that must be aligned; to Clang, structs must be aligned. */
static void should_send_bit_fields_to_memory_where_the_compiler_does(void **state) {
  (void)state;
  static const expected cases[] = {
      {"{=I{|=!L:56}b:1}", "v", ARK__LIKE_CLANG ? "0-8>i0 8-12>i1" : "0-12>s0"},
      {"{=I{|=!I:24}b:1}", "v", "0-8>i0"},
      {"{=!c{=H:16}}", "v", "0-3>s0"},
      {"{=!cH:16}", "v", "0-3>i0"},
      {"{=!c{=!H:16}}", "v", "0-3>i0"},
      {"{=!c{=H:15}}", "v", ARK__LIKE_CLANG ? "0-3>s0" : "0-3>i0"},
      {"{=!c{=C:8}}", "v", "0-2>i0"},
  };
  assert_places(ark__place_system_v, cases, COUNT_OF(cases));
}

static void should_go_by_kind_and_size_on_aapcs64(void **state) {
  (void)state;
  static const expected cases[] = {
      {"{dd}", "v", "0-8>f0 8-16>f1"},
      {"{ffff}", "v", "0-4>f0 4-8>f1 8-12>f2 12-16>f3"},
      {"{d[2d]{d}}", "v", "0-8>f0 8-16>f1 16-24>f2 24-32>f3"},
      {"{|f[3f]}", "v", "0-4>f0 4-8>f1 8-12>f2"},
      {"{|{@8:f}[2f]}", "v", "0-8>i0"},
      {"{_C:3}i", "v", ARK__LIKE_CLANG ? "i0" : "0-1>i0 i1"},
      {"{!ff}", "v", "0-4>f0 4-8>f1"},
      {"{fC:0}", "v", "0-4>f0"},
      {"{|fC:0}", "v", ARK__LIKE_CLANG ? "0-4>f0" : "0-4>i0"},
      {"{fd}", "v", "0-16>i0"},
      {"{fi}", "v", "0-8>i0"},
      {"{@16:d}", "v", "0-16>i0"},
      {"{ccc}", "v", "0-3>i0"},
      {"{ddddd}", "v", "c0&i0"},
      {"{lll}i{!ll[2c]}", "v", "c0&i0 i1 c3&i2"},
      {"{c[39c]}", "v", "c0&i0"},
      {"{ll}{!lc}", "v", "0-16>i0 0-9>i2"},
      /* An aggregate that does not fit ends the use of registers of its class. */
      {"lllllll{ll}ll", "v", "i0 i1 i2 i3 i4 i5 i6 0-16>s0 s2 s3"},
      {"dddddd{fff}dl", "v", "f0 f1 f2 f3 f4 f5 0-12>s0 s2 i0"},
      {"llllllll{lll}", "v", "i0 i1 i2 i3 i4 i5 i6 i7 c0&s0"},
      /* A struct with a member aligned to 16 begins at an even register; one that is aligned as a whole need not. */
      {"l{{@16:l}}", "v", "i0 0-16>i2"},
      {"l{@16:l}", "v", "i0 0-16>i1"},
      {"llllllllc{{@16:l}}", "v", "i0 i1 i2 i3 i4 i5 i6 i7 s0 0-16>s2"},
      {"l{@64:[9l]}", "v", "i0 c6&i1"},
      {"c", "{dd}", "i0=0-8>f,8-16>f"},
      {"c", "{fff}", "i0=0-4>f,4-8>f,8-12>f"},
      {"c", "{fd}", "i0=0-8>i,8-16>i"},
      {"c", "{[11c]}", "i0=0-8>i,8-11>i"},
      {"cd", "{lll}", "i0 f0=x8"},
      {"{ll}", "{!cl}", "0-16>i0=0-8>i,8-9>i"},
  };
  assert_places(ark__place_aapcs64, cases, COUNT_OF(cases));
}

static void should_go_by_position_under_microsofts_convention(void **state) {
  (void)state;
  static const expected cases[] = {
      {"idlfid", "v", "i0 f1 i2 f3 s0 s1"},
      /* 1, 2, 4 or 8 bytes are an integer, whatever they consist of; all else is copied. */
      {"{c}{h}{f}{d}", "v", "0-1>i0 0-2>i1 0-4>i2 0-8>i3"},
      {"{ff}{[8c]}{|df}{I:3}", "v", "0-8>i0 0-8>i1 0-8>i2 0-4>i3"},
      {"llll{ff}{h}{c}d", "v", "i0 i1 i2 i3 0-8>s0 0-2>s1 0-1>s2 s3"},
      {"{ccc}{[5c]}{[6c]}{[7c]}", "v", "c0&i0 c2&i1 c4&i2 c6&i3"},
      {"{dd}{ddd}{!cl}", "v", "c0&i0 c2&i1 c6&i2"},
      {"lll{dd}{ll}i", "v", "i0 i1 i2 c0&i3 c2&s0 s1"},
      {"l{@64:l}", "v", "i0 c6&i1"},
      {"{@32:l}", "v", "c2&i0"},
      {"idid", "{c}", "i0 f1 i2 f3=0-1>i"},
      {"", "{d}", "=0-8>i"},
      {"", "{ff}", "=0-8>i"},
      {"", "{|fc}", "=0-4>i"},
      {"idid", "{ccc}", "i1 f2 i3 s0=i0"},
      {"d{d}", "{ll}", "f1 0-8>i2=i0"},
      {"id", "d", "i0 f1"},
      /* A float of a variadic function goes to both registers of its position. */
      {"sd.iddd", "i", "i0 f1 i1 i2 f3 i3 s0 s1"},
      {"f.d", "{ccc}", "f1 i1 f2 i2=i0"},
      {"i.{d}{dd}f", "v", "i0 0-8>i1 c0&i2 f3 i3"},
      /* An integer of 128 bits is copied, too, but it is returned in a float register; a struct of one is in memory. */
      {"ixXdxi", "v", "i0 c0&i1 c2&i2 f3 c4&s0 s1"},
      {"ix", "x", "i0 c0&i1=0-16>f"},
      {"i.x", "X", "i0 c0&i1=0-16>f"},
      {"{x}", "{x}", "c0&i1=i0"},
  };
  assert_places(ark__place_ms, cases, COUNT_OF(cases));
}

static void should_go_word_by_word_into_variadic_functions_of_windows_on_arm(void **state) {
  (void)state;
  static const expected cases[] = {
      {"id.fd", "d", "i0 i1 i2 i3"},
      {"{ff}{dd}.{ffff}", "{ff}", "0-8>i0 0-8>i1 8-16>i2 0-8>i3 8-16>i4=0-4>f,4-8>f"},
      {"l.{ddd}{lll}", "{lll}", "i0 c0&i1 c3&i2=x8"},
      /* A struct may begin in the last register: that is where va_arg of Microsoft's compiler and of Clang looks. */
      {"lllllll.{ll}l", "v", "i0 i1 i2 i3 i4 i5 i6 0-8>i7 8-16>s0 s1"},
      {"lllllll.{[12c]}d", "v", "i0 i1 i2 i3 i4 i5 i6 0-8>i7 8-12>s0 s1"},
      {"llllllll.{ll}{lll}", "v", "i0 i1 i2 i3 i4 i5 i6 i7 0-8>s0 8-16>s1 c0&s2"},
      /* One that is aligned to 16 bytes begins at an even word. */
      {"l.{@16:ll}l", "v", "i0 0-8>i2 8-16>i3 i4"},
      {"lllllll.{@16:ll}l", "v", "i0 i1 i2 i3 i4 i5 i6 0-8>s0 8-16>s1 s2"},
      /* Functions that are not variadic follow AAPCS64, except for that alignment. */
      {"id{ff}{ddd}{ll}", "v", "i0 f0 0-4>f1 4-8>f2 0-8>f3 8-16>f4 16-24>f5 0-16>i1"},
      {"l{@16:ll}", "v", "i0 0-16>i2"},
      /* An integer of 128 bits begins at an even word, too, in all functions. */
      {"lxl", "x", "i0 0-16>i2 i4=0-8>i,8-16>i"},
      {"lllllllxl", "v", "i0 i1 i2 i3 i4 i5 i6 0-16>s0 s2"},
      {"l.xl", "v", "i0 0-8>i2 8-16>i3 i4"},
      {"lllllll.xl", "v", "i0 i1 i2 i3 i4 i5 i6 0-8>s0 8-16>s1 s2"},
  };
  assert_places(ark__place_windows_arm, cases, COUNT_OF(cases));
}

static void should_refuse_what_takes_too_much_stack_or_alignment(void **state) {
  (void)state;
  char places[100];
  static const convention all[] = {ark__place_system_v, ark__place_aapcs64, ark__place_ms, ark__place_windows_arm};
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    assert_true(place(all[i], "{[16240c]}", "v", places));
    assert_false(place(all[i], "{[16241c]}", "v", places));
    assert_false(place(all[i], "{[8120c]}{[8121c]}", "v", places));
    assert_false(place(all[i], "{[9223372036854775807c]}", "v", places));
    assert_true(place(all[i], "{@64:[20c]}", "v", places));
    assert_false(place(all[i], "{@128:[20c]}", "v", places));
    assert_true(place(all[i], "", "{[1000000c]}", places));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_go_by_eightbytes_on_system_v),
      cmocka_unit_test(should_send_bit_fields_to_memory_where_the_compiler_does),
      cmocka_unit_test(should_go_by_kind_and_size_on_aapcs64),
      cmocka_unit_test(should_go_by_position_under_microsofts_convention),
      cmocka_unit_test(should_go_word_by_word_into_variadic_functions_of_windows_on_arm),
      cmocka_unit_test(should_refuse_what_takes_too_much_stack_or_alignment),
  };
  return cmocka_run_group_tests_name("placement", tests, NULL, NULL);
}
