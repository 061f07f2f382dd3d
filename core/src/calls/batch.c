#include "arkffi/batch.h"
#include "cpu/abi.h"
#include <stdatomic.h>
#include <string.h>

/* The most arguments that the typed loops below have; with more, the calls themselves take most of the time. */
enum { FEW_ARGS = 3 };

bool ark_type_has_column(const ark_type *type) {
  switch (type->kind) {
  case ARK_KIND_BOOL:
  case ARK_KIND_SIGNED:
  case ARK_KIND_UNSIGNED:
  case ARK_KIND_FLOAT: return true;
  case ARK_KIND_POINTER: return type->id != ARK_TYPE_CALLBACK;
  default: return false;
  }
}

static const char *batch_column_row(const ark_column *column, size_t row) {
  return (const char *)column->memory + row * column->stride;
}

/* A loop for functions whose arguments and result all have one type: the function is called by its own type, and
 * nothing is converted. For arguments that the function does not have, the first one is read and not passed. */
#define DEFINE_LOOP(type)                                                                                              \
  static size_t batch_run_##type(const ark_batch *batch, size_t row) {                                                 \
    const ark_column *columns = batch->columns;                                                                        \
    const size_t count = batch->signature->count;                                                                      \
    const ark_column *first = &columns[0], *second = &columns[count > 1 ? 1 : 0],                                      \
                     *third = &columns[count > 2 ? 2 : 0];                                                             \
    const char *a = batch_column_row(first, row), *b = batch_column_row(second, row),                                  \
               *c = batch_column_row(third, row);                                                                      \
    const size_t a_stride = first->stride, b_stride = second->stride, c_stride = third->stride;                        \
    const size_t rows = batch->rows;                                                                                   \
    const ark_flag *stop = batch->stop;                                                                                \
    const ark_c_function function = batch->function;                                                                   \
    char *out = (char *)batch->results + row * sizeof(type);                                                           \
    while (row < rows) {                                                                                               \
      type x, y, z, result;                                                                                            \
      memcpy(&x, a, sizeof x);                                                                                         \
      memcpy(&y, b, sizeof y);                                                                                         \
      memcpy(&z, c, sizeof z);                                                                                         \
      switch (count) {                                                                                                 \
      case 1: result = ((type(*)(type))function)(x); break;                                                            \
      case 2: result = ((type(*)(type, type))function)(x, y); break;                                                   \
      default: result = ((type(*)(type, type, type))function)(x, y, z); break;                                         \
      }                                                                                                                \
      row++;                                                                                                           \
      if (atomic_load_explicit(stop, memory_order_relaxed)) {                                                          \
        memcpy(batch->last, &result, sizeof result);                                                                   \
        break;                                                                                                         \
      }                                                                                                                \
      memcpy(out, &result, sizeof result);                                                                             \
      a += a_stride, b += b_stride, c += c_stride, out += sizeof result;                                               \
    }                                                                                                                  \
    return row;                                                                                                        \
  }

DEFINE_LOOP(double)
DEFINE_LOOP(float)
DEFINE_LOOP(int32_t)
DEFINE_LOOP(uint32_t)
DEFINE_LOOP(int64_t)
DEFINE_LOOP(uint64_t)

/* The loop for all other functions. */
static size_t batch_run_any(const ark_batch *batch, size_t row) {
  const ark_signature *signature = batch->signature;
  const size_t size = signature->result->size;
  ark_value args[ARK_MAX_ARGS], result;
  while (row < batch->rows) {
    for (size_t i = 0; i < signature->count; i++) {
      args[i] = ark_value_load(signature->parameters[i].type, batch_column_row(&batch->columns[i], row));
    }
    ark_plan_call(batch->plan, batch->function, args, &result);
    row++;
    if (atomic_load_explicit(batch->stop, memory_order_relaxed)) {
      *batch->last = result;
      break;
    }
    if (size) memcpy((char *)batch->results + (row - 1) * size, &result, size);
  }
  return row;
}

static bool batch_has_one_type(const ark_signature *signature) {
  if (signature->count < 1 || signature->count > FEW_ARGS) return false;
  for (size_t i = 0; i < signature->count; i++) {
    if (signature->parameters[i].type->id != signature->result->id) return false;
  }
  return true;
}

size_t ark_batch_run(const ark_batch *batch, size_t from) {
  if (!batch_has_one_type(batch->signature) || !ark__is_native(batch->signature)) return batch_run_any(batch, from);
  switch (batch->signature->result->id) {
  case ARK_TYPE_DOUBLE: return batch_run_double(batch, from);
  case ARK_TYPE_FLOAT: return batch_run_float(batch, from);
  case ARK_TYPE_INT32: return batch_run_int32_t(batch, from);
  case ARK_TYPE_UINT32: return batch_run_uint32_t(batch, from);
  case ARK_TYPE_INT64:
  case ARK_TYPE_BIGINT64: return batch_run_int64_t(batch, from);
  case ARK_TYPE_UINT64:
  case ARK_TYPE_BIGUINT64: return batch_run_uint64_t(batch, from);
  default: return batch_run_any(batch, from);
  }
}
