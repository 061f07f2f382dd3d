#include "calls/batch_columns.h"
#include <stdio.h>
#include <string.h>

/* The names of typed arrays by Node-API's numbers. */
static const char *const columns_array_names[] = {
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

/* The kind of typed array for a column of a type. */
static napi_typedarray_type columns_array_type(const ark_type *type) {
  bool is_signed = type->kind == ARK_KIND_SIGNED;
  if (type->kind == ARK_KIND_FLOAT) return type->size == sizeof(float) ? napi_float32_array : napi_float64_array;
  switch (type->size) {
  case 1: return is_signed ? napi_int8_array : napi_uint8_array;
  case 2: return is_signed ? napi_int16_array : napi_uint16_array;
  case 4: return is_signed ? napi_int32_array : napi_uint32_array;
  default: return is_signed ? napi_bigint64_array : napi_biguint64_array;
  }
}

static bool columns_can_be(const ark_type *type, napi_typedarray_type got) {
  return got == columns_array_type(type) || (type->id == ARK_TYPE_UINT8 && got == napi_uint8_clamped_array);
}

/* What is accepted instead of that array, for messages. */
static const char *columns_or_scalar(const ark_type *type) {
  if (type->kind == ARK_KIND_BOOL) return " or boolean";
  if (type->kind == ARK_KIND_POINTER) return " or an address";
  return type->size == 8 && type->kind != ARK_KIND_FLOAT ? ", number or bigint" : " or number";
}

static bool columns_is_scalar(const arkjs_columns *batch, const ark_type *type, napi_value value) {
  napi_valuetype got = napi_undefined;
  napi_typeof(batch->site.env->napi, value, &got);
  return got == napi_number || got == napi_bigint || (got == napi_boolean && type->kind == ARK_KIND_BOOL) ||
         (got == napi_null && type->kind == ARK_KIND_POINTER);
}

/* Failures that name one typed array: argument N, or `out`. */

static arkjs_site columns_site_of(const arkjs_columns *batch, size_t index) {
  arkjs_site site = batch->site;
  site.argument = index == batch->function->signature->count ? ARKJS_OUT : index + 1;
  return site;
}

ark_status arkjs_columns_fail(const arkjs_columns *batch, size_t index, ark_status status, const char *what) {
  arkjs_site site = columns_site_of(batch, index);
  return arkjs_fail_at(&site, status, "%s", what);
}

/* `got` is the name of the typed array that was passed, or NULL for any other value. */
static ark_status columns_fail_type(const arkjs_columns *batch, size_t index, const ark_type *type, napi_value value,
                                    const char *got) {
  char expected[64];
  bool is_out = index == batch->function->signature->count;
  snprintf(expected, sizeof expected, "%s%s", columns_array_names[columns_array_type(type)],
           is_out ? "" : columns_or_scalar(type));
  if (!got) got = arkjs_kind_name(batch->site.env, value);
  arkjs_site site = columns_site_of(batch, index);
  return arkjs_fail_at(&site, ARK_INVALID_ARG_TYPE, "expected %s, got %s", expected, got);
}

static ark_status columns_fail_rows(const arkjs_columns *batch, size_t index, size_t rows) {
  arkjs_site site = columns_site_of(batch, index);
  return arkjs_fail_at(&site, ARK_OUT_OF_RANGE, "it has %zu rows where argument %zu has %zu", rows, batch->rows_of,
                       batch->rows);
}

/* Taking the columns. From here until C is called, no JavaScript runs. */

static bool columns_find(const arkjs_columns *batch, napi_value value, arkjs_array *out, napi_value *buffer) {
  out->value = value;
  return arkjs_find_bytes(batch->site.env, value, buffer, &out->data, &out->size);
}

bool arkjs_columns_stand(const arkjs_columns *batch, size_t index) {
  const arkjs_array *before = &batch->arrays[index];
  arkjs_array now;
  napi_value buffer;
  return !before->value ||
         (columns_find(batch, before->value, &now, &buffer) && now.data == before->data && now.size == before->size);
}

/* The first typed array sets the number of rows. */
static ark_status columns_take_array(arkjs_columns *batch, size_t index, const ark_type *type, napi_value value) {
  napi_env napi = batch->site.env->napi;
  napi_typedarray_type got;
  napi_value buffer;
  bool is_detached = false;
  napi_get_typedarray_info(napi, value, &got, NULL, NULL, NULL, NULL);
  if (!columns_can_be(type, got)) {
    bool is_known = (size_t)got < sizeof columns_array_names / sizeof columns_array_names[0];
    return columns_fail_type(batch, index, type, value, is_known ? columns_array_names[got] : "another typed array");
  }
  if (!columns_find(batch, value, &batch->arrays[index], &buffer))
    return columns_fail_type(batch, index, type, value, NULL);
  size_t rows = batch->arrays[index].size / type->size;
  if (!rows) {
    napi_is_detached_arraybuffer(napi, buffer, &is_detached);
    return is_detached ? arkjs_columns_fail(batch, index, ARK_INVALID_ARG_TYPE, "the buffer is detached")
                       : arkjs_columns_fail(batch, index, ARK_OUT_OF_RANGE, "it has no rows");
  }
  if (batch->rows && rows != batch->rows) return columns_fail_rows(batch, index, rows);
  if (!batch->rows) {
    batch->rows = rows;
    batch->rows_of = index + 1;
  }
  return ARK_OK;
}

static ark_status columns_take_column(arkjs_columns *batch, size_t index, napi_value value) {
  const ark_type *type = batch->function->signature->parameters[index].type;
  bool is_array = false;
  napi_is_typedarray(batch->site.env->napi, value, &is_array);
  if (is_array) {
    ark_status status = columns_take_array(batch, index, type, value);
    batch->columns[index] = (ark_column){batch->arrays[index].data, type->size};
    return status;
  }
  if (!columns_is_scalar(batch, type, value)) return columns_fail_type(batch, index, type, value, NULL);
  batch->arrays[index].value = NULL;
  batch->columns[index] = (ark_column){&batch->scalars[index], 0};
  batch->site.argument = index + 1;
  return arkjs_to_c(&batch->site, type, value, &batch->scalars[index]);
}

static ark_status columns_create_results(arkjs_columns *batch, const ark_type *type, napi_value *out) {
  arkjs_env *env = batch->site.env;
  napi_value buffer;
  void *data;
  ark_status status =
      arkjs_create_buffer(env, batch->site.function, batch->rows * type->size, &data, &buffer, batch->site.error);
  if (status) return status;
  napi_status host = napi_create_typedarray(env->napi, columns_array_type(type), batch->rows, buffer, 0, out);
  return arkjs_host_status(env, host, batch->site.error);
}

/* *result is `out` when this is called. */
static ark_status columns_take_results(arkjs_columns *batch, napi_value *result) {
  size_t index = batch->function->signature->count;
  const ark_type *type = batch->function->signature->result;
  napi_value buffer;
  napi_valuetype got = napi_undefined;
  bool is_array = false;
  napi_typeof(batch->site.env->napi, *result, &got);
  batch->arrays[index].value = NULL;
  if (type->kind == ARK_KIND_VOID && got != napi_undefined) {
    return arkjs_columns_fail(batch, index, ARK_INVALID_ARG_TYPE, "the function returns nothing");
  }
  if (got != napi_undefined) {
    napi_is_typedarray(batch->site.env->napi, *result, &is_array);
    return is_array ? columns_take_array(batch, index, type, *result)
                    : columns_fail_type(batch, index, type, *result, NULL);
  }
  if (!batch->rows) {
    return ark_fail(
        batch->site.error, ARK_INVALID_ARG_TYPE,
        "%s: expected a typed array among the columns, or as out: else nothing says how many rows there are",
        batch->site.function);
  }
  if (type->kind == ARK_KIND_VOID) return ARK_OK;
  batch->are_results_new = true;
  ark_status status = columns_create_results(batch, type, result);
  if (!status) columns_find(batch, *result, &batch->arrays[index], &buffer);
  return status;
}

/* Checks before that. */

static ark_status columns_check_types(const arkjs_columns *batch) {
  const arkjs_function *function = batch->function;
  const ark_signature *signature = function->signature;
  const char *name = batch->site.function;
  ark_error *error = batch->site.error;
  if (function->flags & ARKJS_PUMPED) {
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

/* Reading an element may run a getter, so nothing has been converted yet. */
static ark_status columns_read_list(const arkjs_columns *batch, napi_value list, napi_value *out) {
  arkjs_env *env = batch->site.env;
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

static ark_status columns_take_room(arkjs_columns *batch) {
  static const char suffix[] = ": batch";
  const char *name = batch->function->name;
  size_t count = batch->function->signature->count, length = strlen(name) + sizeof suffix;
  char *place = ark_arena_take(batch->site.arena, length);
  batch->arrays = ark_arena_take(batch->site.arena, (count + 1) * sizeof batch->arrays[0]);
  batch->columns = ark_arena_take(batch->site.arena, (count + 1) * sizeof batch->columns[0]);
  batch->scalars = ark_arena_take(batch->site.arena, (count + 1) * sizeof batch->scalars[0]);
  if (!place || !batch->arrays || !batch->columns || !batch->scalars) return ark_fail_memory(batch->site.error);
  snprintf(place, length, "%s%s", name, suffix);
  batch->site.function = place;
  return ARK_OK;
}

ark_status arkjs_columns_take(arkjs_columns *batch, arkjs_function *function, ark_arena *arena, napi_value list,
                              napi_value *result, ark_error *error) {
  napi_value values[ARK_MAX_ARGS];
  *batch = (arkjs_columns){.function = function,
                           .site = {function->env, arena, function->name, 0, error, function->parameters}};
  ark_status status = columns_take_room(batch);
  if (!status) status = columns_check_types(batch);
  if (!status) status = columns_read_list(batch, list, values);
  if (!status) status = arkjs_function_check(function, error);
  for (size_t i = 0; i < function->signature->count && !status; i++) status = columns_take_column(batch, i, values[i]);
  return status ? status : columns_take_results(batch, result);
}
