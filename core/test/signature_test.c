#include "support.h"
#include <stdio.h>

static void should_parse_every_type_as_argument_and_as_result(void **state) {
  (void)state;
  for (int id = ARK_TYPE_VOID + 1; id < ARK_TYPE_COUNT; id++) {
    const ark_type *type = ark_type_of_id((ark_type_id)id);
    const char code[] = {type->code, '\0'};
    ark_signature *signature = signature_of(code, code);
    assert_ptr_equal(signature->result, type);
    assert_int_equal(signature->count, 1);
    assert_ptr_equal(signature->parameters[0].type, type);
    assert_null(signature->parameters[0].callback);
    ark_signature_free(signature);
  }
}

static void should_parse_no_arguments_and_no_result(void **state) {
  (void)state;
  ark_signature *signature = signature_of("", "v");
  assert_int_equal(signature->count, 0);
  assert_int_equal(signature->result->id, ARK_TYPE_VOID);
  ark_signature_free(signature);
}

static void should_keep_the_order_of_arguments(void **state) {
  (void)state;
  ark_signature *signature = signature_of("ids", "d");
  assert_int_equal(signature->count, 3);
  assert_int_equal(signature->parameters[0].type->id, ARK_TYPE_INT32);
  assert_int_equal(signature->parameters[1].type->id, ARK_TYPE_DOUBLE);
  assert_int_equal(signature->parameters[2].type->id, ARK_TYPE_STRING);
  assert_int_equal(signature->result->id, ARK_TYPE_DOUBLE);
  ark_signature_free(signature);
}

static void should_parse_the_signature_of_a_callback(void **state) {
  (void)state;
  ark_signature *signature = signature_of("pLLk(pp)i", "v");
  assert_int_equal(signature->count, 4);
  for (size_t i = 0; i < 3; i++) assert_null(signature->parameters[i].callback);
  const ark_signature *callback = signature->parameters[3].callback;
  assert_non_null(callback);
  assert_int_equal(callback->count, 2);
  assert_int_equal(callback->parameters[0].type->id, ARK_TYPE_POINTER);
  assert_int_equal(callback->parameters[1].type->id, ARK_TYPE_POINTER);
  assert_int_equal(callback->result->id, ARK_TYPE_INT32);
  ark_signature_free(signature);
}

static void should_parse_arguments_after_a_callback_and_callbacks_side_by_side(void **state) {
  (void)state;
  ark_signature *signature = signature_of("k()vdk(k(i)l)fkb", "k");
  assert_int_equal(signature->count, 5);
  assert_int_equal(signature->parameters[0].callback->count, 0);
  assert_int_equal(signature->parameters[0].callback->result->id, ARK_TYPE_VOID);
  assert_int_equal(signature->parameters[1].type->id, ARK_TYPE_DOUBLE);
  const ark_signature *outer = signature->parameters[2].callback;
  assert_int_equal(outer->count, 1);
  assert_int_equal(outer->result->id, ARK_TYPE_FLOAT);
  assert_int_equal(outer->parameters[0].callback->result->id, ARK_TYPE_INT64);
  assert_int_equal(signature->parameters[3].type->id, ARK_TYPE_CALLBACK);
  assert_null(signature->parameters[3].callback);
  assert_int_equal(signature->parameters[4].type->id, ARK_TYPE_BOOL);
  ark_signature_free(signature);
}

static void should_parse_structs_among_arguments_and_as_results(void **state) {
  (void)state;
  ark_signature *signature = signature_of("i{i{dd}[3h]}k({|id}){c}d", "{!cd}");
  assert_int_equal(signature->count, 4);
  const ark_aggregate *second = ark_aggregate_of(signature->parameters[1].type);
  assert_non_null(second);
  assert_int_equal(second->count, 3);
  assert_int_equal(second->type.size, 32);
  assert_null(ark_aggregate_of(signature->parameters[0].type));
  const ark_signature *callback = signature->parameters[2].callback;
  assert_int_equal(ark_aggregate_of(callback->parameters[0].type)->form, ARK_UNION);
  assert_int_equal(callback->result->size, 1);
  assert_int_equal(signature->result->size, 9);
  ark_signature_free(signature);
}

static void should_take_127_arguments_and_no_more(void **state) {
  (void)state;
  char args[ARK_MAX_ARGS + 2] = {0};
  memset(args, 'i', ARK_MAX_ARGS);
  ark_signature *signature = signature_of(args, "v");
  assert_int_equal(signature->count, 127);
  for (size_t i = 0; i < 127; i++) assert_int_equal(signature->parameters[i].type->id, ARK_TYPE_INT32);
  ark_signature_free(signature);

  args[ARK_MAX_ARGS] = 'd';
  ark_error error;
  assert_fails(ARK_BAD_SIGNATURE, ark_signature_parse(args, "v", &signature, &error));
}

static void should_count_the_arguments_of_a_callback_apart(void **state) {
  (void)state;
  /* 127 arguments, the last of them a callback of 127. */
  char args[2 * ARK_MAX_ARGS + 4] = {0};
  memset(args, 'i', sizeof args - 1);
  args[ARK_MAX_ARGS - 1] = 'k';
  args[ARK_MAX_ARGS] = '(';
  args[2 * ARK_MAX_ARGS + 1] = ')';
  ark_signature *signature = signature_of(args, "v");
  assert_int_equal(signature->count, 127);
  assert_int_equal(signature->parameters[126].callback->count, 127);
  ark_signature_free(signature);
}

/* "k(k(…)v)v" with `depth` nested callbacks. The text is static. */
static const char *nested(size_t depth) {
  static char text[8 * ARK_MAX_NESTING];
  char *at = text;
  for (size_t i = 0; i < depth; i++) at += sprintf(at, "k(");
  for (size_t i = 0; i < depth; i++) at += sprintf(at, ")v");
  return text;
}

static void should_nest_callbacks_12_deep_and_no_deeper(void **state) {
  (void)state;
  ark_signature *signature = signature_of(nested(ARK_MAX_NESTING), "v");
  size_t depth = 0;
  for (const ark_signature *at = signature; at->count; at = at->parameters[0].callback) depth++;
  assert_int_equal(depth, 12);
  ark_signature_free(signature);

  ark_error error;
  assert_fails(ARK_BAD_SIGNATURE, ark_signature_parse(nested(ARK_MAX_NESTING + 1), "v", &signature, &error));
}

static void should_refuse_invalid_signatures(void **state) {
  (void)state;
  static const struct {
    const char *args, *result, *shown;
  } cases[] = {
      {"ids?", "v", "?"},
      {"?", "v", "?"},
      {"i i", "v", "i i"},
      {"v", "v", "v"},
      {"iv", "v", "iv"},
      {"k(v)v", "v", "v"},
      {"", "", ""},
      {"", "?", "?"},
      {"", "ii", "ii"},
      {"", "k(i)i", "k(i)i"},
      {"k(", "v", "k("},
      {"k(i", "v", "k(i"},
      {"k()", "v", "k()"},
      {"k(i)", "v", "k(i)"},
      {"k(i)?", "v", "?"},
      {"k(?)v", "v", "?"},
      {"k(k(i)v", "v", "k(k(i)v"},
      {"k(k(i))v", "v", "k(k(i))v"},
      {"()v", "v", "("},
      {"(i)v", "v", "("},
      {"i(i)v", "v", "("},
      {")", "v", ")"},
      {"i)i", "v", ")"},
      {"k(i)i)", "v", ")"},
      {"k((i)i)i", "v", "("},
      {"i\x01", "v", ""},
      {"\xC3\xA9", "v", ""},
      {"i...", "i", "i..."},
      {"{", "v", "{"},
      {"{i", "v", "{i"},
      {"{i}}", "v", "}"},
      {"{}", "v", "{}"},
      {"{v}", "v", "{v}"},
      {"[3i]", "v", "array"},
      {"", "[3i]", "array"},
      {"", "{i}i", "{i}i"},
      {"", "{i", "{i"},
      {"k({i)v", "v", "k({i)v"},
      {"k(i){", "v", "k(i){"},
      {"k(.)v", "v", "an argument before the '.'"},
      {"k(i.i)v", "v", "a callback takes no arguments after the '.'"},
      {"k(i..)v", "v", "a callback takes no arguments after the '.'"},
      {"k(i.", "v", "k(i."},
      {"i:3", "v", ":"},
      {"<", "v", "neither <ms> nor <sysv>"},
      {"<>i", "v", "at position 1 of '<>i'"},
      {"<msi", "v", "neither"},
      {"<MS>i", "v", "neither"},
      {"<ms><ms>i", "v", "comes before the arguments, not at position 5"},
      {"i<ms>", "v", "comes before the arguments, not at position 2"},
      {"k<ms>(i)i", "v", "comes before the arguments"},
      {"k(<win>i)i", "v", "neither"},
      {"i", "<ms>i", "comes before the arguments"},
  };
  allocations_start();
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    ark_error error;
    ark_signature *signature;
    assert_fails(ARK_BAD_SIGNATURE, ark_signature_parse(cases[i].args, cases[i].result, &signature, &error));
    assert_contains(error.message, cases[i].shown);
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_stop();
}

/* Every text is either rejected or printed as it was. */
static void should_survive_any_text(void **state) {
  (void)state;
  static const char letters[] = "bcChHiIlLqQfdsSpkk(())v?{{}}";
  size_t parsed = 0;
  allocations_start();
  for (int round = 0; round < 200000; round++) {
    char args[12] = {0}, result[] = {letters[random_below(sizeof letters - 1)], '\0'};
    size_t length = random_below(sizeof args);
    for (size_t i = 0; i < length; i++) args[i] = letters[random_below(sizeof letters - 1)];

    ark_error error;
    ark_signature *signature;
    ark_status status = ark_signature_parse(args, result, &signature, &error);
    if (status) {
      assert_int_equal(status, ARK_BAD_SIGNATURE);
      continue;
    }
    parsed++;
    char printed[64], expected[64];
    ark_signature_print(signature, printed, sizeof printed);
    snprintf(expected, sizeof expected, "(%s)%s", args, result);
    assert_string_equal(printed, expected);
    ark_signature_free(signature);
  }
  assert_int_equal(allocations_alive(), 0);
  allocations_stop();
  /* The letters make thousands of the texts valid signatures, some of them with callbacks. */
  assert_true(parsed > 10000);
}

static void should_parse_print_copy_and_compare_calling_conventions(void **state) {
  (void)state;
  static const char *const texts[] = {"ik(i)i", "<ms>ik(i)i", "<sysv>ik(i)i", "ik(<ms>i)i", "<ms>ik(<sysv>i)i"};
  static const ark_abi abis[] = {ARK_ABI_PLATFORM, ARK_ABI_MS, ARK_ABI_SYSTEM_V, ARK_ABI_PLATFORM, ARK_ABI_MS};
  ark_error error;
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    char expected[64], printed[64];
    ark_signature *copy, *signature = signature_of(texts[i], "v");
    assert_int_equal(signature->abi, abis[i]);
    assert_int_equal(signature->count, 2);
    assert_ok(ark_signature_copy(signature, &copy, &error));
    snprintf(expected, sizeof expected, "(%s)v", texts[i]);
    ark_signature_print(copy, printed, sizeof printed);
    assert_string_equal(printed, expected);
    for (size_t j = 0; j < COUNT_OF(texts); j++) {
      ark_signature *other = signature_of(texts[j], "v");
      assert_int_equal(ark_signature_equal(copy, other), i == j);
      ark_signature_free(other);
    }
    ark_signature_free(copy);
    ark_signature_free(signature);
  }
  ark_signature *empty = signature_of("<ms>", "v");
  assert_int_equal(empty->count, 0);
  ark_signature_free(empty);
}

static void should_compare_signatures_with_those_of_their_callbacks(void **state) {
  (void)state;
  static const char *const different[][2] = {
      {"", "v"},      {"", "i"},       {"i", "v"},     {"ii", "v"},     {"id", "v"},         {"di", "v"},
      {"l", "v"},     {"q", "v"},      {"p", "v"},     {"k", "v"},      {"k()v", "v"},       {"k()i", "v"},
      {"k(i)v", "v"}, {"k(ii)v", "v"}, {"k(k)v", "v"}, {"ki", "v"},     {"k(k(i)i)v", "v"},  {"k(k(d)i)v", "v"},
      {"s", "s"},     {"s", "S"},      {"S", "s"},     {"k(i)vi", "v"}, {"k(i)vk(d)v", "v"}, {"k(d)vk(i)v", "v"},
      {"{i}", "v"},   {"{d}", "v"},    {"{|i}", "v"},  {"{ii}", "v"},   {"", "{i}"},         {"k({i})v", "v"},
  };
  for (size_t i = 0; i < COUNT_OF(different); i++) {
    for (size_t j = 0; j < COUNT_OF(different); j++) {
      ark_signature *left = signature_of(different[i][0], different[i][1]);
      ark_signature *right = signature_of(different[j][0], different[j][1]);
      assert_int_equal(ark_signature_equal(left, right), i == j);
      ark_signature_free(left);
      ark_signature_free(right);
    }
  }
}

static void should_copy_a_whole_signature(void **state) {
  (void)state;
  allocations_start();
  static const char *const texts[] = {"", "ids", "k(pp)iLLk(k(i)k)v", "{i{dd}}k({|id}){c}"};
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    ark_error error;
    ark_signature *signature = signature_of(texts[i], "l"), *copy = NULL;
    assert_ok(ark_signature_copy(signature, &copy, &error));
    assert_ptr_not_equal(signature, copy);
    assert_true(ark_signature_equal(signature, copy));
    /* The copy does not need the original. */
    ark_signature_free(signature);
    char printed[64], expected[64];
    ark_signature_print(copy, printed, sizeof printed);
    snprintf(expected, sizeof expected, "(%s)l", texts[i]);
    assert_string_equal(printed, expected);
    ark_signature_free(copy);
    assert_int_equal(allocations_alive(), 0);
  }
  allocations_stop();
}

static void should_print_as_much_as_there_is_room_for(void **state) {
  (void)state;
  static const char whole[] = "(dk(i{!cd})sb){f}";
  ark_signature *signature = signature_of("dk(i{!cd})sb", "{f}");
  for (size_t size = 1; size <= sizeof whole + 1; size++) {
    char out[sizeof whole + 2];
    memset(out, '#', sizeof out);
    ark_signature_print(signature, out, size);
    char expected[sizeof whole];
    snprintf(expected, size < sizeof expected ? size : sizeof expected, "%s", whole);
    assert_string_equal(out, expected);
    for (size_t i = size; i < sizeof out; i++) assert_int_equal(out[i], '#');
  }
  char untouched = '#';
  ark_signature_print(signature, &untouched, 0);
  assert_int_equal(untouched, '#');
  ark_signature_free(signature);
}

static void should_parse_what_comes_after_a_dot_as_variadic(void **state) {
  (void)state;
  static const struct {
    const char *args;
    size_t fixed, count;
    bool is_variadic;
  } cases[] = {{"s.", 1, 1, true},
               {"s.id", 1, 3, true},
               {"pLs.k(i)vf", 3, 5, true},
               {"sk(is.)v", 2, 2, false},
               {"k(i.)v.k(k(l.)d.)v", 1, 2, true},
               {"sid", 3, 3, false}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    ark_signature *signature = signature_of(cases[i].args, "i"), *copy;
    ark_error error;
    assert_int_equal(signature->fixed, cases[i].fixed);
    assert_int_equal(signature->count, cases[i].count);
    assert_int_equal(signature->is_variadic, cases[i].is_variadic);
    char printed[64], expected[64];
    snprintf(expected, sizeof expected, "(%s)i", cases[i].args);
    assert_ok(ark_signature_copy(signature, &copy, &error));
    ark_signature_print(copy, printed, sizeof printed);
    assert_string_equal(printed, expected);
    assert_true(ark_signature_equal(signature, copy));
    ark_signature_free(copy);
    ark_signature_free(signature);
  }
}

static void should_distinguish_variadic_signatures_from_others(void **state) {
  (void)state;
  static const char *const texts[] = {"sid", "sid.", "si.d", "s.id", "sk(i.)v", "sk(i)v"};
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    for (size_t j = 0; j < COUNT_OF(texts); j++) {
      ark_signature *left = signature_of(texts[i], "i"), *right = signature_of(texts[j], "i");
      assert_int_equal(ark_signature_equal(left, right), i == j);
      ark_signature_free(left);
      ark_signature_free(right);
    }
  }
}

static void should_ignore_a_null_signature(void **state) {
  (void)state;
  ark_signature_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_parse_every_type_as_argument_and_as_result),
      cmocka_unit_test(should_parse_no_arguments_and_no_result),
      cmocka_unit_test(should_keep_the_order_of_arguments),
      cmocka_unit_test(should_parse_the_signature_of_a_callback),
      cmocka_unit_test(should_parse_arguments_after_a_callback_and_callbacks_side_by_side),
      cmocka_unit_test(should_parse_structs_among_arguments_and_as_results),
      cmocka_unit_test(should_take_127_arguments_and_no_more),
      cmocka_unit_test(should_count_the_arguments_of_a_callback_apart),
      cmocka_unit_test(should_nest_callbacks_12_deep_and_no_deeper),
      cmocka_unit_test(should_refuse_invalid_signatures),
      cmocka_unit_test(should_parse_print_copy_and_compare_calling_conventions),
      cmocka_unit_test(should_survive_any_text),
      cmocka_unit_test(should_compare_signatures_with_those_of_their_callbacks),
      cmocka_unit_test(should_copy_a_whole_signature),
      cmocka_unit_test(should_print_as_much_as_there_is_room_for),
      cmocka_unit_test(should_parse_what_comes_after_a_dot_as_variadic),
      cmocka_unit_test(should_distinguish_variadic_signatures_from_others),
      cmocka_unit_test(should_ignore_a_null_signature),
  };
  return cmocka_run_group_tests_name("signature", tests, NULL, NULL);
}
