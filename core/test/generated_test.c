/* Random structs, laid out and passed by value both by the C compiler and by arkffi.
 *
 *   ARKFFI_GENERATED         the number of signatures; by default 400, and 2,000 on Windows
 *   ARKFFI_SEED              another seed than 1
 *   ARKFFI_CC                the C compiler; by default one that lays structs out as arkffi was built to
 * (like_clang.cmake) ARKFFI_GENERATED_FOLDER  on Windows, where the compiled libraries are; `generated_test --write
 * FOLDER` writes their sources
 */
#include "arkffi/closure.h"
#include "arkffi/layout.h"
#include "listener.h"
#include "needs.h"
#include "written_types.h"
#include <stdio.h>
#include <unistd.h>

static random_signature *cases;
static size_t case_count;
static unsigned long seed;

/* ---- Layouts */

static void assert_layout(const char *text, size_t index, const char *name) {
  ark_error error;
  const ark_aggregate *whole;
  assert_ok(ark_layout_parse(text, &whole, &error));
  const size_t *expected = written_symbol(index, "layout_%s", name);
  if (whole->type.size != expected[0] || whole->type.align != expected[1]) {
    fail_msg("%s: size %zu, align %zu instead of %zu, %zu (seed %lu)", text, whole->type.size, whole->type.align,
             expected[0], expected[1], seed);
  }
  for (size_t i = 0; i < whole->count; i++) {
    const ark_member *member = &whole->members[i];
    if (!member->is_bit_field && member->offset != expected[2 + i]) {
      fail_msg("%s: member %zu at %zu instead of %zu (seed %lu)", text, i, member->offset, expected[2 + i], seed);
    }
    if (!member->is_bit_field || member->has_no_name) continue;
    _Alignas(64) uint8_t bytes[8192] = {0};
    ((void (*)(void *))(uintptr_t)written_symbol(index, "ones_%s_%zu", name, i))(bytes);
    for (size_t bit = 0; bit < 8 * whole->type.size; bit++) {
      size_t first = 8 * member->offset + member->bit;
      bool is_set = bytes[bit / 8] >> bit % 8 & 1, is_inside = bit >= first && bit < first + member->width;
      if (is_set != is_inside) fail_msg("%s: member %zu: bit %zu (seed %lu)", text, i, bit, seed);
    }
  }
  ark_type_release(&whole->type);
}

static void should_lay_structs_out_as_the_compiler_does(void **state) {
  (void)state;
  size_t structs = 0;
  for (size_t i = 0; i < case_count; i++) {
    char name[64];
    for (size_t k = 0; k < cases[i].count; k++) {
      if (*cases[i].args[k] != '{') continue;
      sprintf(name, "%zu_%zu", i, k);
      assert_layout(cases[i].args[k], i, name);
      structs++;
    }
    if (*cases[i].result != '{') continue;
    sprintf(name, "%zu_r", i);
    assert_layout(cases[i].result, i, name);
    structs++;
  }
  printf("%zu structs\n", structs);
  assert_true(structs >= case_count);
}

/* ---- Values */

/* The bits of a type that hold a value: all except padding. */
static void mark(const ark_type *type, size_t first, uint8_t *mask) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  bool is_scalar = !whole || whole->form == ARK_WIDE_SCALAR;
  size_t size = whole && whole->wide == ARK_WIDE_X87 ? 10 : type->size;
  for (size_t i = 0; is_scalar && i < 8 * size; i++) mask[(first + i) / 8] |= (uint8_t)(1 << (first + i) % 8);
  for (size_t i = 0; whole && i < whole->count; i++) {
    bool is_array = whole->form == ARK_ARRAY;
    const ark_member *member = &whole->members[is_array ? 0 : i];
    size_t at = first + 8 * (is_array ? i * member->type->size : member->offset) + member->bit;
    if (!member->is_bit_field) {
      mark(member->type, at, mask);
    } else if (!member->has_no_name) {
      for (size_t bit = at; bit < at + member->width; bit++) mask[bit / 8] |= (uint8_t)(1 << bit % 8);
    }
  }
}

/* Makes bools 0 or 1, as the compiler relies on it. They are written last, so that they are valid in unions too. */
static void set_bools(const ark_type *type, size_t first, uint8_t *bytes) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole && type->kind == ARK_KIND_BOOL) bytes[first] &= 1;
  for (size_t i = 0; whole && i < whole->count; i++) {
    bool is_array = whole->form == ARK_ARRAY;
    const ark_member *member = &whole->members[is_array ? 0 : i];
    if (!member->is_bit_field) {
      set_bools(member->type, first + (is_array ? i * member->type->size : member->offset), bytes);
    }
  }
}

/* A float that is a variable argument becomes a double, by which a signalling NaN becomes a quiet one: none is made. */
static void fill(const ark_type *type, void *out) {
  for (size_t i = 0; i < type->size; i++) ((uint8_t *)out)[i] = (uint8_t)random_bits();
  if (type->id == ARK_TYPE_FLOAT) ((uint8_t *)out)[2] |= 0x40; /* the first bit of the significand */
  set_bools(type, 0, out);
}

static void assert_same(const ark_type *type, const void *actual, const void *expected, const char *where,
                        size_t index) {
  uint8_t mask[ROOM_SIZE] = {0};
  mark(type, 0, mask);
  for (size_t i = 0; i < type->size; i++) {
    uint8_t a = ((const uint8_t *)actual)[i], b = ((const uint8_t *)expected)[i];
    if ((a & mask[i]) == (b & mask[i])) continue;
    char text[TEXT] = "";
    const random_signature *it = &cases[index];
    ark_type_print(type, text, sizeof text);
    fprintf(stderr, "(");
    for (size_t k = 0; k < it->count; k++) fprintf(stderr, "%s", it->args[k]);
    fprintf(stderr, ")%s\n", it->result);
    fail_msg("case %zu: %s: %s: byte %zu is %02x instead of %02x (seed %lu)", index, where, text, i, a, b, seed);
  }
}

static ark_value value_of(const ark_type *type, void *bytes) {
  return type->kind == ARK_KIND_AGGREGATE ? (ark_value){.pointer = bytes} : ark_value_load(type, bytes);
}

/* The signature of a case with `count` of its arguments: all of a call, or those before the dots for a callback. */
static ark_signature *signature_of_case(const random_signature *it, size_t count, const char *abi) {
  char args[MOST_ARGS * TEXT + 8] = "";
  if (*abi) strcat(args, "<ms>");
  for (size_t i = 0; i < count; i++) strcat(strcat(args, i && i == it->fixed ? "." : ""), it->args[i]);
  if (count < it->count) strcat(args, ".");
  return signature_of(args, it->result);
}

static void pass_structs_to_c(const char *abi) {
  static room given[MOST_ARGS], copies[MOST_ARGS], result;
  for (size_t index = 0; index < case_count; index++) {
    ark_error error;
    ark_plan *plan;
    ark_value args[MOST_ARGS], back = {.pointer = result.bytes};
    ark_signature *signature = signature_of_case(&cases[index], cases[index].count, abi);
    assert_ok(ark_plan_create(signature, &plan, &error));
    for (size_t i = 0; i < signature->count; i++) {
      fill(signature->parameters[i].type, given[i].bytes);
      copies[i] = given[i];
      args[i] = value_of(signature->parameters[i].type, given[i].bytes);
    }
    void *answer = written_symbol(index, "v_%zu_r", index);
    if (answer) fill(signature->result, answer);
    ark_plan_call(plan, (ark_c_function)(uintptr_t)written_symbol(index, "take_%zu%s", index, abi), args, &back);
    for (size_t i = 0; i < signature->count; i++) {
      assert_same(signature->parameters[i].type, written_symbol(index, "v_%zu_%zu", index, i), given[i].bytes,
                  "argument", index);
      assert_memory_equal(given[i].bytes, copies[i].bytes, sizeof copies[i].bytes);
    }
    if (signature->result->kind != ARK_KIND_AGGREGATE) memcpy(result.bytes, &back, sizeof back);
    if (answer) assert_same(signature->result, result.bytes, answer, "result", index);
    ark_plan_free(plan);
    ark_signature_free(signature);
  }
}

static void be_called_by_c(const char *abi) {
  static listener to;
  for (size_t index = 0; index < case_count; index++) {
    ark_error error;
    ark_closure *closure;
    ark_signature *signature = signature_of_case(&cases[index], cases[index].fixed, abi);
    to.signature = signature;
    to.calls = 0;
    assert_ok(ark_closure_create(signature, listener_hear, &to, listener_ignore_end, &closure, &error));
    fill(signature->result, to.answer.bytes);
    for (size_t i = 0; i < cases[index].count; i++) {
      const ark_type *type = random_type_of(cases[index].args[i]);
      fill(type, written_symbol(index, "v_%zu_%zu", index, i));
      ark_type_release(type);
    }
    ark_c_function caller = (ark_c_function)(uintptr_t)written_symbol(index, "call_%zu%s", index, abi);
    ((void (*)(ark_c_function))caller)(ark_closure_code(closure));
    assert_int_equal(to.calls, 1);
    for (size_t i = 0; i < signature->count; i++) {
      assert_same(signature->parameters[i].type, to.seen[i].bytes, written_symbol(index, "v_%zu_%zu", index, i),
                  "argument", index);
    }
    void *answer = written_symbol(index, "v_%zu_r", index);
    if (answer) assert_same(signature->result, answer, to.answer.bytes, "result", index);
    ark_closure_retire(closure);
    ark_signature_free(signature);
  }
}

static void should_pass_structs_to_c_and_take_them(void **state) {
  needs_structs();
  (void)state;
  pass_structs_to_c("");
}

static void should_be_called_by_c_with_structs_and_return_them(void **state) {
  needs_structs();
  (void)state;
  be_called_by_c("");
}

static void should_do_both_by_microsofts_convention(void **state) {
  (void)state;
  if (!WRITTEN_TWICE) skip(); /* the machine has only one convention */
  pass_structs_to_c("_ms");
  be_called_by_c("_ms");
}

#if defined(WINDOWS)
enum { SIGNATURES = 2000 };

/* Wine has no C compiler. CMakeLists.txt lets one of the machine compile what this program has written. */
static void compile(void) {
  const char *folder = getenv("ARKFFI_GENERATED_FOLDER");
  assert_non_null(folder);
  written_open(folder, case_count);
}
#else
enum { SIGNATURES = 400 };

static void compile(void) {
  char folder[200], command[256];
  const char *temporary = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/arkffi-XXXXXX", temporary ? temporary : P_tmpdir);
  assert_non_null(mkdtemp(folder));
  written_write(folder, cases, case_count);
  written_compile(folder, case_count);
  written_open(folder, case_count);
  snprintf(command, sizeof command, "rm -rf %s", folder);
  assert_int_equal(system(command), 0);
}
#endif

static void make_up(void) {
  const char *wanted = getenv("ARKFFI_GENERATED"), *given = getenv("ARKFFI_SEED");
  case_count = wanted ? strtoul(wanted, NULL, 10) : SIGNATURES;
  seed = given ? strtoul(given, NULL, 10) : 1;
  printf("%zu signatures, seed %lu\n", case_count, seed);
  random_seed(seed);
  cases = calloc(case_count, sizeof *cases);
  for (size_t i = 0; i < case_count; i++) random_case(&cases[i]);
}

static int generate(void **state) {
  (void)state;
  make_up();
  compile();
  return 0;
}

static int end(void **state) {
  (void)state;
  free(cases);
  return 0;
}

int main(int count, char **words) {
  if (count == 3 && strcmp(words[1], "--write") == 0) {
    make_up();
    written_write(words[2], cases, case_count);
    return end(NULL);
  }
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_lay_structs_out_as_the_compiler_does),
      cmocka_unit_test(should_pass_structs_to_c_and_take_them),
      cmocka_unit_test(should_be_called_by_c_with_structs_and_return_them),
      cmocka_unit_test(should_do_both_by_microsofts_convention),
  };
  return cmocka_run_group_tests_name("generated", tests, generate, end);
}
