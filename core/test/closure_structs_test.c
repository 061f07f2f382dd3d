/* Callbacks with random structs by value, called by libffi. generated_test.c has the compiler call some, whose structs
 * have attributes and bit-fields as well. */
#include "arkffi/aggregate.h"
#include "arkffi/closure.h"
#include "calls/struct_placement.h"
#include "listener.h"
#include "needs.h"
#include "oracle.h"
#include <stdio.h>

/* The last integer register of x86-64, as a word of an argument block. */
enum { LAST_INTEGER = ARK__INTEGER_WORDS + 5 };

enum { ROUNDS = 3000, MOST_ARGS = 20, TEXT = 200 };

/* ---- Random signatures */

static char *add_struct(char *out, size_t depth) {
  static const char letters[] = "bcChHiIlLqQffffddddpsSwk";
  size_t members = 1 + random_below(depth ? 3 : 5);
  char same = random_below(3) ? '\0' : "fdfdil"[random_below(6)]; /* homogeneous floats are not to be rare */
  *out++ = '{';
  for (size_t i = 0; i < members; i++) {
    bool is_array = !same && random_below(8) == 0;
    if (is_array) out += sprintf(out, "[%zu", 1 + random_below(4));
    if (!same && depth < 2 && random_below(5) == 0) {
      out = add_struct(out, depth + 1);
    } else {
      *out++ = same ? same : letters[random_below(sizeof letters - 1)];
    }
    if (is_array) *out++ = ']';
  }
  *out++ = '}';
  return out;
}

static char *add_type(char *out) {
  static const char letters[] = "bcChHiIlLqQfffddddpsSwk";
  if (random_below(3) == 0) return add_struct(out, 0);
  *out++ = letters[random_below(sizeof letters - 1)];
  return out;
}

/* The calling convention of the signatures that are made up: "" or "<ms>". */
static const char *abi = "";

static ark_signature *make_up_signature(void) {
  char args[MOST_ARGS * TEXT] = "", result[TEXT] = "", *end = args + strlen(strcpy(args, abi));
  size_t count = random_below(4) ? random_below(6) : random_below(MOST_ARGS + 1);
  for (size_t i = 0; i < count; i++) end = add_type(end);
  *end = '\0';
  if (random_below(2)) {
    *add_struct(result, 0) = '\0';
  } else if (random_below(5)) {
    *add_type(result) = '\0';
  } else {
    strcpy(result, "v");
  }
  return signature_of(args, result);
}

/* ---- Values. C values of type bool are 0 or 1. */

static void fill(const ark_type *type, uint8_t *out) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  for (size_t i = 0; whole && i < whole->count; i++) {
    bool is_array = whole->form == ARK_ARRAY;
    const ark_member *member = &whole->members[is_array ? 0 : i];
    fill(member->type, out + (is_array ? i * member->type->size : member->offset));
  }
  for (size_t i = 0; !whole && i < type->size; i++) out[i] = (uint8_t)random_bits();
  if (type->kind == ARK_KIND_BOOL) *out &= 1;
}

/* Compares all bytes but padding. */
static bool is_same(const ark_type *type, const uint8_t *one, const uint8_t *other) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  bool same = whole || memcmp(one, other, type->size) == 0;
  for (size_t i = 0; whole && i < whole->count; i++) {
    bool is_array = whole->form == ARK_ARRAY;
    const ark_member *member = &whole->members[is_array ? 0 : i];
    size_t at = is_array ? i * member->type->size : member->offset;
    same = same && is_same(member->type, one + at, other + at);
  }
  return same;
}

static void fail_about(const ark_signature *signature, const char *what, size_t index) {
  char text[TEXT];
  for (size_t i = 0; i < signature->count; i++) {
    ark_type_print(signature->parameters[i].type, text, sizeof text);
    fprintf(stderr, "%s ", text);
  }
  ark_type_print(signature->result, text, sizeof text);
  fprintf(stderr, "-> %s\n", text);
  fail_msg("%s %zu is wrong", what, index);
}

static void call_by_libffi(const ark_signature *signature) {
  static room given[MOST_ARGS], result;
  static listener to;
  ark_error error;
  ark_closure *closure;
  ark_value args[MOST_ARGS];
  to.signature = signature;
  to.calls = 0;
  assert_ok(ark_closure_create(signature, listener_hear, &to, listener_ignore_end, &closure, &error));
  fill(signature->result, to.answer.bytes);
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    fill(type, given[i].bytes);
    args[i] = type->kind == ARK_KIND_AGGREGATE ? of_pointer(given[i].bytes) : ark_value_load(type, given[i].bytes);
  }
  oracle_call(signature, ark_closure_code(closure), args, result.bytes);
  assert_int_equal(to.calls, 1);
  for (size_t i = 0; i < signature->count; i++) {
    if (!is_same(signature->parameters[i].type, to.seen[i].bytes, given[i].bytes))
      fail_about(signature, "argument", i + 1);
  }
  if (!is_same(signature->result, result.bytes, to.answer.bytes)) fail_about(signature, "result", 0);
  ark_closure_retire(closure);
}

/* Whether libffi 3.4 itself passes wrong arguments on x86-64: it copies all of a struct to the last integer register,
 * also if its second half belongs into a float register, and so overwrites the first of those. */
static bool is_lost(const ark_signature *signature) {
  ark_error error;
  ark__placement *placement;
  bool is_wrong = false;
  if (!ark__passes_structs(signature) || signature->abi) return false;
  assert_ok(ark__place_structs(signature, &placement, &error));
  for (size_t i = 0; i < placement->move_count; i++) {
    const ark__move *move = &placement->moves[i];
    size_t size = signature->parameters[move->argument].type->size;
    is_wrong = is_wrong || (move->kind == ARK__MOVE_BYTES && move->word == LAST_INTEGER && move->size < size);
  }
  ark_free(placement);
  return is_wrong;
}

static void should_be_called_with_any_structs(void **state) {
  needs_structs();
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    ark_signature *signature = make_up_signature();
    if (!is_lost(signature)) call_by_libffi(signature);
    /* It is quarantined with its closure, which does not need it again. */
    ark_signature_free(signature);
  }
}

static void should_be_called_with_any_structs_by_microsofts_convention(void **state) {
  needs_ms();
  abi = "<ms>";
  should_be_called_with_any_structs(state);
  abi = "";
}

/* Registers that the call used up, and all of those that results are returned in. */
static void should_be_called_with_each_kind_of_result(void **state) {
  needs_structs();
  (void)state;
  static const char *const results[] = {
      "{c}",    "{l}",    "{d}",    "{f}",     "{ff}",     "{fff}",  "{ffff}", "{dd}",   "{ddd}",  "{dddd}",
      "{ld}",   "{dl}",   "{ll}",   "{lll}",   "{ccc}",    "{lc}",   "{dc}",   "{cd}",   "{fi}",   "{fif}",
      "{[3f]}", "{[2d]}", "{[9c]}", "{[17c]}", "{b}",      "{hhhh}", "{p}",    "{{f}f}", "{f{d}}", "{[4d]}",
      "v",      "f",      "d",      "l",       "{[200l]}", "i",      "c",      "{[5f]}"};
  static const char *const args[] = {"", "{dd}{ll}", "llllllllldddddddddd", "{ddd}{fff}{ccc}{lll}llllllll{d}{c}"};
  for (size_t i = 0; i < COUNT_OF(results); i++) {
    for (size_t j = 0; j < COUNT_OF(args); j++) {
      if (*results[i] != '{' && !strchr(args[j], '{')) continue;
      ark_signature *signature = signature_of(args[j], results[i]);
      call_by_libffi(signature);
      ark_signature_free(signature);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_be_called_with_each_kind_of_result),
      cmocka_unit_test(should_be_called_with_any_structs),
      cmocka_unit_test(should_be_called_with_any_structs_by_microsofts_convention),
  };
  return cmocka_run_group_tests_name("closure structs", tests, NULL, NULL);
}
