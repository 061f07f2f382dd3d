#include "batch.h"
#include "arkffi/batch.h"
#include "call.h"
#include "v8/fast.h"
#include <stdio.h>
#include <string.h>

/* The typed arrays by Node-API's numbers. */
static const char *const array_names[] = {
    [napi_int8_array] = "Int8Array",
    [napi_uint8_array] = "Uint8Array",
    [napi_uint8_clamped_array] = "Uint8ClampedArray",
    [napi_int16_array] = "Int16Array",
    [napi_uint16_array] = "Uint16Array",
    [napi_int32_array] = "Int32Array",
    [napi_uint32_array] = "Uint32Array",
    [napi_float32_array] = "Float32Array",
    [napi_float64_array] = "Float64Array",
    [napi_bigint64_array] = "BigInt64Array",
    [napi_biguint64_array] = "BigUint64Array",
};

/* One typed array of a batch, as it was when it was first looked at. */
typedef struct array {
  napi_value value; /* NULL for a scalar */
  void *data;
  size_t size; /* bytes */
} array;

typedef struct batched {
  arkjs_function *function;
  arkjs_site site; /* what messages say; its arena has all that is below */
  array *arrays;   /* one for each argument, and one for the results */
  ark_column *columns;
  ark_value *scalars;
  size_t rows;
  size_t rows_of; /* the argument that has them, counted from 1; 0 where the results do */
} batched;

/* The array that a type is a column in. */
static napi_typedarray_type array_type(const ark_type *type) {
  bool is_signed = type->kind == ARK_KIND_SIGNED;
  if (type->kind == ARK_KIND_FLOAT) return type->size == sizeof(float) ? napi_float32_array : napi_float64_array;
  switch (type->size) {
  case 1: return is_signed ? napi_int8_array : napi_uint8_array;
  case 2: return is_signed ? napi_int16_array : napi_uint16_array;
  case 4: return is_signed ? napi_int32_array : napi_uint32_array;
  default: return is_signed ? napi_bigint64_array : napi_biguint64_array;
  }
}

static bool can_be(const ark_type *type, napi_typedarray_type got) {
  return got == array_type(type) || (type->id == ARK_TYPE_UINT8 && got == napi_uint8_clamped_array);
}

/* What may stand in the place of that array, in words. */
static const char *or_scalar(const ark_type *type) {
  if (type->kind == ARK_KIND_BOOL) return " or boolean";
  if (type->kind == ARK_KIND_POINTER) return " or an address";
  return type->size == 8 && type->kind != ARK_KIND_FLOAT ? ", number or bigint" : " or number";
}

static bool is_scalar(const batched *batch, const ark_type *type, napi_value value) {
  napi_valuetype got = napi_undefined;
  napi_typeof(batch->function->env->napi, value, &got);
  return got == napi_number || got == napi_bigint || (got == napi_boolean && type->kind == ARK_KIND_BOOL) ||
         (got == napi_null && type->kind == ARK_KIND_POINTER);
}

/* Failures of one typed array: argument N, or `out`. */

static void print_place(const batched *batch, size_t index, char *out, size_t size) {
  if (index == batch->function->signature->count) {
    snprintf(out, size, "out");
  } else {
    snprintf(out, size, "argument %zu", index + 1);
  }
}

static ark_status fail(const batched *batch, size_t index, ark_status status, const char *what) {
  char place[32];
  print_place(batch, index, place, sizeof place);
  return ark_fail(batch->site.error, status, "%s: %s: %s", batch->site.function, place, what);
}

/* `got` is the kind of the typed array that came, or NULL for anything else. */
static ark_status fail_type(const batched *batch, size_t index, const ark_type *type, napi_value value,
                            const char *got) {
  char expected[64];
  bool is_out = index == batch->function->signature->count;
  snprintf(expected, sizeof expected, "%s%s", array_names[array_type(type)], is_out ? "" : or_scalar(type));
  if (!got) got = arkjs_kind_name(batch->function->env, value);
  char what[128];
  snprintf(what, sizeof what, "expected %s, got %s", expected, got);
  return fail(batch, index, ARK_INVALID_ARG_TYPE, what);
}

static ark_status fail_rows(const batched *batch, size_t index, size_t rows) {
  char place[32], other[32];
  print_place(batch, index, place, sizeof place);
  print_place(batch, batch->rows_of - 1, other, sizeof other);
  return ark_fail(batch->site.error, ARK_OUT_OF_RANGE, "%s: %s has %zu rows where %s has %zu", batch->site.function,
                  place, rows, other, batch->rows);
}

/* Taking the columns. From here on no JavaScript runs until C does. */

static bool find(const batched *batch, napi_value value, array *out, napi_value *buffer) {
  out->value = value;
  return arkjs_find_bytes(batch->function->env, value, buffer, &out->data, &out->size);
}

/* The first typed array says how many rows there are. */
static ark_status take_array(batched *batch, size_t index, const ark_type *type, napi_value value) {
  napi_env napi = batch->function->env->napi;
  napi_typedarray_type got;
  napi_value buffer;
  bool is_plain = false, is_detached = false;
  napi_get_typedarray_info(napi, value, &got, NULL, NULL, NULL, NULL);
  if (!can_be(type, got)) {
    bool is_known = (size_t)got < sizeof array_names / sizeof array_names[0];
    return fail_type(batch, index, type, value, is_known ? array_names[got] : "another typed array");
  }
  if (!find(batch, value, &batch->arrays[index], &buffer)) return fail_type(batch, index, type, value, NULL);
  napi_is_arraybuffer(napi, buffer, &is_plain);
  if (!is_plain) return fail(batch, index, ARK_INVALID_ARG_TYPE, "other threads could change its SharedArrayBuffer");
  size_t rows = batch->arrays[index].size / type->size;
  if (!rows) {
    napi_is_detached_arraybuffer(napi, buffer, &is_detached);
    return is_detached ? fail(batch, index, ARK_INVALID_ARG_TYPE, "the buffer is detached")
                       : fail(batch, index, ARK_OUT_OF_RANGE, "it has no rows");
  }
  if (batch->rows && rows != batch->rows) return fail_rows(batch, index, rows);
  if (!batch->rows) {
    batch->rows = rows;
    batch->rows_of = index + 1;
  }
  return ARK_OK;
}

static ark_status take_column(batched *batch, size_t index, napi_value value) {
  const ark_type *type = batch->function->signature->parameters[index].type;
  bool is_array = false;
  napi_is_typedarray(batch->function->env->napi, value, &is_array);
  if (is_array) {
    ark_status status = take_array(batch, index, type, value);
    batch->columns[index] = (ark_column){batch->arrays[index].data, type->size};
    return status;
  }
  if (!is_scalar(batch, type, value)) return fail_type(batch, index, type, value, NULL);
  batch->arrays[index].value = NULL;
  batch->columns[index] = (ark_column){&batch->scalars[index], 0};
  batch->site.argument = index + 1;
  return arkjs_to_c(&batch->site, type, value, &batch->scalars[index]);
}

static ark_status create_results(batched *batch, const ark_type *type, napi_value *out) {
  arkjs_env *env = batch->function->env;
  napi_value buffer;
  void *data;
  ark_status status =
      arkjs_create_buffer(env, batch->site.function, batch->rows * type->size, &data, &buffer, batch->site.error);
  if (status) return status;
  napi_status host = napi_create_typedarray(env->napi, array_type(type), batch->rows, buffer, 0, out);
  return arkjs_host_status(env, host, batch->site.error);
}

/* *result is `out` on the way in. */
static ark_status take_results(batched *batch, napi_value *result) {
  size_t index = batch->function->signature->count;
  const ark_type *type = batch->function->signature->result;
  napi_value buffer;
  napi_valuetype got = napi_undefined;
  bool is_array = false;
  napi_typeof(batch->function->env->napi, *result, &got);
  batch->arrays[index].value = NULL;
  if (type->kind == ARK_KIND_VOID && got != napi_undefined) {
    return fail(batch, index, ARK_INVALID_ARG_TYPE, "the function returns nothing");
  }
  if (got != napi_undefined) {
    napi_is_typedarray(batch->function->env->napi, *result, &is_array);
    return is_array ? take_array(batch, index, type, *result) : fail_type(batch, index, type, *result, NULL);
  }
  if (!batch->rows) {
    return ark_fail(
        batch->site.error, ARK_INVALID_ARG_TYPE,
        "%s: expected a typed array among the columns, or as out: else nothing says how many rows there are",
        batch->site.function);
  }
  if (type->kind == ARK_KIND_VOID) return ARK_OK;
  ark_status status = create_results(batch, type, result);
  if (!status) find(batch, *result, &batch->arrays[index], &buffer);
  return status;
}

/* The calls. */

/* After a callback: what C was given is still there, and may still be called. */
static ark_status check_again(const batched *batch) {
  ark_status status = arkjs_function_check(batch->function, batch->site.error);
  for (size_t i = 0; i <= batch->function->signature->count && !status; i++) {
    const array *before = &batch->arrays[i];
    array now;
    napi_value buffer;
    if (!before->value) continue;
    if (find(batch, before->value, &now, &buffer) && now.data == before->data && now.size == before->size) continue;
    status = fail(batch, i, ARK_INVALID_ARG_TYPE, "a callback has detached or resized the buffer");
  }
  return status;
}

static ark_status run(const batched *batch, arkjs_frame *frame) {
  const arkjs_function *function = batch->function;
  size_t size = function->signature->result->size, row = 0;
  char *results = batch->arrays[function->signature->count].data;
  ark_value last = {0};
  const ark_batch core = {function->signature, function->plan, function->entry, batch->columns, results, batch->rows,
                          &frame->has_run_js,  &last};
  while (row < batch->rows) {
    row = ark_batch_run(&core, row);
    if (!frame->has_run_js) continue;
    frame->has_run_js = false;
    ark_status status = arkjs_frame_throw(function, frame);
    if (!status) status = check_again(batch);
    if (status) return status;
    if (size) memcpy(results + (row - 1) * size, &last, size);
  }
  return ARK_OK;
}

/* As arkjs_enter_c does. */
static ark_status enter(const batched *batch) {
  arkjs_function *function = batch->function;
  arkjs_env *env = function->env;
  arkjs_frame frame;
  bool is_foreign = !function->library && function->image;
  if (is_foreign && !ark_image_hold(function->image)) return arkjs_function_fail_closed(function, batch->site.error);
  if (env->v8) arkjs_v8_leave(env);
  arkjs_frame_enter(env, &frame, function);
  ark_status status = run(batch, &frame);
  arkjs_frame_leave(env);
  if (is_foreign) ark_image_drop(function->image);
  return status;
}

/* The way in. */

static ark_status check_types(const batched *batch) {
  const arkjs_function *function = batch->function;
  const ark_signature *signature = function->signature;
  const char *name = batch->site.function;
  ark_error *error = batch->site.error;
  if (function->style & ARKJS_PUMPED) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: functions with callbacks: 'pump' are called one by one", name);
  }
  if (signature->is_variadic) return ark_fail(error, ARK_BAD_SIGNATURE, "%s: not of variadic functions", name);
  for (size_t i = 0; i < signature->count; i++) {
    const ark_type *type = signature->parameters[i].type;
    if (ark_type_has_column(type)) continue;
    return ark_fail(error, ARK_BAD_SIGNATURE, "%s: argument %zu: '%c' (%s) has no columns", name, i + 1, type->code,
                    type->c_name);
  }
  const ark_type *type = signature->result;
  if (type->kind == ARK_KIND_VOID || ark_type_has_column(type)) return ARK_OK;
  return ark_fail(error, ARK_BAD_SIGNATURE, "%s: result: '%c' (%s) has no columns", name, type->code, type->c_name);
}

/* Reading an element may run a getter; nothing has been looked at yet. */
static ark_status read_list(const batched *batch, napi_value list, napi_value *out) {
  arkjs_env *env = batch->function->env;
  ark_error *error = batch->site.error;
  size_t count = batch->function->signature->count;
  uint32_t length;
  bool is_list = false;
  napi_is_array(env->napi, list, &is_list);
  if (!is_list) {
    return ark_fail(error, ARK_INVALID_ARG_TYPE, "%s: expected an array with a column for each argument",
                    batch->site.function);
  }
  ark_status status = arkjs_host_status(env, napi_get_array_length(env->napi, list, &length), error);
  if (!status && length != count) {
    return ark_fail(error, ARK_ARG_COUNT, "%s: expected %zu column%s, got %u", batch->site.function, count,
                    count == 1 ? "" : "s", length);
  }
  for (uint32_t i = 0; i < count && !status; i++) {
    status = arkjs_host_status(env, napi_get_element(env->napi, list, i, &out[i]), error);
  }
  return status;
}

static ark_status call_batch(batched *batch, napi_value list, napi_value *result) {
  napi_value values[ARK_MAX_ARGS];
  ark_status status = check_types(batch);
  if (!status) status = read_list(batch, list, values);
  if (!status) status = arkjs_function_check(batch->function, batch->site.error);
  for (size_t i = 0; i < batch->function->signature->count && !status; i++) status = take_column(batch, i, values[i]);
  if (!status) status = take_results(batch, result);
  return status ? status : enter(batch);
}

static bool take_room(batched *batch, ark_arena *arena) {
  static const char suffix[] = ": batch";
  const arkjs_function *function = batch->function;
  size_t count = function->signature->count, length = strlen(function->name) + sizeof suffix;
  char *name = ark_arena_take(arena, length);
  batch->arrays = ark_arena_take(arena, (count + 1) * sizeof batch->arrays[0]);
  batch->columns = ark_arena_take(arena, (count + 1) * sizeof batch->columns[0]);
  batch->scalars = ark_arena_take(arena, (count + 1) * sizeof batch->scalars[0]);
  if (!name || !batch->arrays || !batch->columns || !batch->scalars) return false;
  snprintf(name, length, "%s%s", function->name, suffix);
  batch->site.function = name;
  return true;
}

ark_status arkjs_batch(arkjs_function *function, napi_value columns, napi_value out, napi_value *result,
                       ark_error *error) {
  ark_scratch scratch;
  ark_arena arena;
  batched batch = {.function = function, .site = {function->env, &arena, NULL, 0, error}};
  ark_arena_init(&arena, &scratch);
  /* C may close the function, and end it. */
  arkjs_function_refer(function);
  *result = out;
  ark_status status = take_room(&batch, &arena) ? call_batch(&batch, columns, result) : ark_fail_memory(error);
  ark_arena_clear(&arena);
  arkjs_function_release(function);
  return status;
}
