#include "support.h"
#include "arkffi/batch.h"
#include <stdio.h>

/* The suffix of the fixture's functions for each type that has columns. */
static const struct {
  char code;
  const char *name;
} named[] = {
    {'b', "bool"}, {'c', "i8"},  {'C', "u8"},     {'h', "i16"},    {'H', "u16"}, {'i', "i32"}, {'I', "u32"},
    {'l', "i64"},  {'L', "u64"}, {'q', "bigi64"}, {'Q', "bigu64"}, {'f', "f32"}, {'d', "f64"}, {'p', "pointer"},
};

enum { ROWS = 50 };

/* Not aligned, because a column need not be. */
typedef struct values {
  char unaligned, bytes[ROWS * sizeof(ark_value)];
} values;

static ark_column random_column(const ark_type *type, values *column) {
  for (size_t i = 0; i < ROWS; i++) {
    ark_value value = random_value(type);
    memcpy(column->bytes + i * type->size, &value, type->size);
  }
  return (ark_column){column->bytes, type->size};
}

/* Runs a batch that is not stopped. */
static void run(const bound *it, ark_c_function function, const ark_column *columns, void *results, size_t rows) {
  static const ark_flag never = false;
  ark_value last;
  const ark_batch batch = {it->signature, it->plan, function, columns, results, rows, &never, &last};
  assert_int_equal(ark_batch_run(&batch, 0), rows);
}

/* The result of each row must be its argument `index`. */
static void assert_passes(const char *function, const char *args, size_t index) {
  const ark_type *type = ark_type_of_code(args[0]);
  bound it = bind(args, (char[]){type->code, '\0'});
  values inputs[3], results;
  ark_column columns[3];
  for (size_t i = 0; i < it.signature->count; i++) columns[i] = random_column(type, &inputs[i]);
  run(&it, fixture("%s", function), columns, results.bytes, ROWS);
  assert_memory_equal(results.bytes, inputs[index].bytes, ROWS * type->size);
  columns[index].stride = 0;
  run(&it, fixture("%s", function), columns, results.bytes, ROWS);
  for (size_t i = 0; i < ROWS; i++)
    assert_memory_equal(results.bytes + i * type->size, inputs[index].bytes, type->size);
  unbind(it);
}

static void should_call_for_each_row_of_each_type(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(named); i++) {
    char name[32], code = named[i].code;
    snprintf(name, sizeof name, "echo_%s", named[i].name);
    assert_passes(name, (char[]){code, '\0'}, 0);
    snprintf(name, sizeof name, "second_%s", named[i].name);
    assert_passes(name, (char[]){code, code, code, '\0'}, 1);
  }
}

static void should_say_which_types_have_columns(void **state) {
  (void)state;
  size_t count = 0;
  for (size_t i = 0; i < ARK_TYPE_COUNT; i++) count += ark_type_has_column(ark_type_of_id((ark_type_id)i));
  assert_int_equal(count, COUNT_OF(named));
  for (size_t i = 0; i < COUNT_OF(named); i++) assert_true(ark_type_has_column(ark_type_of_code(named[i].code)));
}

static void should_call_functions_of_mixed_types(void **state) {
  (void)state;
  bound it = bind("cdHflb", "d");
  static const int8_t a[] = {-1, 2};
  static const double b[] = {0.5, 1.5}, sums[] = {0.5 - 1 + 65535 + 0.25 + 7 + 1, 1.5 + 2 + 0 + 0.25 - 7 + 0};
  static const uint16_t c[] = {65535, 0};
  static const float d = 0.25f;
  static const int64_t e[] = {7, -7};
  static const bool f[] = {true, false};
  const ark_column columns[] = {{a, 1}, {b, 8}, {c, 2}, {&d, 0}, {e, 8}, {f, 1}};
  double results[2];
  run(&it, fixture("batch_mixed"), columns, results, 2);
  assert_memory_equal(results, sums, sizeof sums);
  unbind(it);
}

static void should_call_without_arguments_and_without_results(void **state) {
  (void)state;
  bound counting = bind("", "i"), setting = bind("i", "v");
  static const int32_t counts[] = {3, 10};
  const ark_column column = {counts, sizeof counts[0]};
  int32_t results[3];
  run(&setting, fixture("batch_set_count"), &column, NULL, 2);
  run(&counting, fixture("batch_count"), NULL, results, 3);
  assert_memory_equal(results, ((int32_t[]){11, 12, 13}), sizeof results);
  unbind(counting);
  unbind(setting);
}

static ark_flag stop;

/* Both functions stop the batch at a negative number. */
static double half(double value) {
  stop = value < 0;
  return value / 2;
}

static int32_t rounded(double value) {
  stop = value < 0;
  return (int32_t)value;
}

static void should_stop_and_go_on(void **state) {
  (void)state;
  static const double values[] = {2, 4, -6, 8};
  static const struct {
    const char *result;
    ark_c_function function;
  } ways[] = {{"d", (ark_c_function)half}, {"i", (ark_c_function)rounded}};
  for (size_t i = 0; i < COUNT_OF(ways); i++) {
    bound it = bind("d", ways[i].result);
    const ark_column column = {values, sizeof values[0]};
    char results[4 * sizeof(double)] = {0}, untouched[sizeof(double)] = {0};
    size_t size = it.signature->result->size;
    ark_value last = {0};
    const ark_batch batch = {it.signature, it.plan, ways[i].function, &column, results, 4, &stop, &last};
    assert_int_equal(ark_batch_run(&batch, 0), 3);
    assert_memory_equal(results + 2 * size, untouched, size);
    assert_true(i ? (int32_t)last.bits == -6 : last.f64 == -3);
    assert_int_equal(ark_batch_run(&batch, 3), 4);
    double number = 4;
    int32_t integer = 8;
    assert_memory_equal(results + 3 * size, i ? (void *)&integer : (void *)&number, size);
    unbind(it);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(should_call_for_each_row_of_each_type),
      cmocka_unit_test(should_say_which_types_have_columns),
      cmocka_unit_test(should_call_functions_of_mixed_types),
      cmocka_unit_test(should_call_without_arguments_and_without_results),
      cmocka_unit_test(should_stop_and_go_on),
  };
  return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
