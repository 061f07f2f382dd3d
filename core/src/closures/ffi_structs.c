#include "closures/ffi_structs.h"
#include "arkffi/alloc.h"
#include "cpu/direct_call.h"
#include <assert.h>
#include <string.h>

static_assert(sizeof(ffi_arg) == sizeof(uint64_t), "libffi's register holds a widened value");
static_assert(ARK__DIRECT_INTEGERS + ARK__DIRECT_FLOATS + 1 <= ARK__FFI_SHAPE_TYPES, "all registers and a word more");

void ark__ffi_set_result(const ark_type *type, ark_value value, void *result) {
  switch (type->id) {
  case ARK_TYPE_VOID: return;
  case ARK_TYPE_FLOAT: *(float *)result = value.f32; return;
  case ARK_TYPE_DOUBLE: *(double *)result = value.f64; return;
  default: *(ffi_arg *)result = (ffi_arg)value.bits;
  }
}

/* What one call of an entry point passes, and where structs that come in registers are put together. */
typedef struct arguments {
  const ark__placement *placement;
  void **args; /* libffi's */
  size_t parts_used;
  _Alignas(16) uint64_t parts[2 * (ARK__STACK_WORDS - 2)]; /* for each register, with as much padding */
} arguments;

/* The address of a word of the call's argument block. */
static void *struct_word(const arguments *in, size_t word) {
  const ark__placement *placement = in->placement;
  if (word < ARK__FLOAT_WORDS) return in->args[word];
  if (word < ARK__INDIRECT_WORD) return in->args[placement->integers + word - ARK__FLOAT_WORDS];
  return (uint64_t *)in->args[placement->integers + placement->floats] + (word - ARK__STACK_WORDS);
}

/* A whole struct on the stack, or the next part of one in registers. */
static void struct_take_bytes(arguments *in, const ark__move *move, size_t struct_size, ark_value *value) {
  if (move->word >= ARK__STACK_WORDS) {
    value->pointer = struct_word(in, move->word);
    return;
  }
  if (!value->pointer) {
    value->pointer = &in->parts[in->parts_used];
    in->parts_used += (struct_size + 15) / 16 * 2;
  }
  for (size_t done = 0; done < move->size; done += 8) {
    size_t size = move->size - done < 8 ? move->size - done : 8;
    memcpy((char *)value->pointer + move->offset + done, struct_word(in, move->word + done / 8), size);
  }
}

/* A struct whose members all have no name is not passed at all; the handler gets the address of this. */
static const uint64_t struct_nothing[2];

static void struct_take_args(arguments *in, const ark_signature *signature, ark_value *values) {
  for (size_t i = 0; i < signature->count; i++) values[i].bits = 0;
  for (size_t i = 0; i < in->placement->move_count; i++) {
    const ark__move *move = &in->placement->moves[i];
    const ark_type *type = signature->parameters[move->argument].type;
    ark_value *value = &values[move->argument];
    switch (move->kind) {
    case ARK__MOVE_SCALAR: *value = ark_value_load(type, struct_word(in, move->word)); break;
    case ARK__MOVE_BYTES: struct_take_bytes(in, move, type->size, value); break;
    case ARK__MOVE_REFERENCE: memcpy(&value->pointer, struct_word(in, move->word), sizeof value->pointer);
    }
  }
  for (size_t i = 0; i < signature->count; i++) {
    bool is_struct = signature->parameters[i].type->kind == ARK_KIND_AGGREGATE;
    if (is_struct && !values[i].pointer) values[i].pointer = (void *)struct_nothing;
  }
}

/* Copies the handler's struct to the registers of the result, which libffi loads from consecutive words. */
static void struct_give_pieces(const ark__placement *placement, const void *from, void *result) {
  for (size_t i = 0; i < placement->piece_count; i++) {
    const ark__piece *piece = &placement->pieces[i];
    memcpy((uint64_t *)result + i, (const char *)from + piece->offset, piece->size);
  }
}

/* Where C wants a struct that is returned in memory; NULL for one that is returned in registers. */
static void *struct_result_memory(const arguments *in, void *result) {
  void *memory = NULL;
  size_t word = in->placement->result_word;
  if (word == ARK__INDIRECT_WORD) return result;
  if (word < ARK__MAX_WORDS) memcpy(&memory, struct_word(in, word), sizeof memory);
  return memory;
}

static void struct_call_handler(const ark_closure *closure, arguments *in, void *result, ark_value *values) {
  const ark_type *type = closure->signature->result;
  _Alignas(16) uint64_t registers[ARK__MAX_PIECES] = {0};
  struct_take_args(in, closure->signature, values);
  if (type->kind != ARK_KIND_AGGREGATE) {
    ark_value value = {0};
    closure->handler(closure->context, values, &value);
    ark__ffi_set_result(type, value, result);
    return;
  }
  void *memory = struct_result_memory(in, result);
  ark_value value = {.pointer = memory ? memory : registers};
  memset(value.pointer, 0, type->size);
  closure->handler(closure->context, values, &value);
  if (!memory) {
    struct_give_pieces(in->placement, registers, result);
  } else if (memory != result) {
    *(ffi_arg *)result = (ffi_arg)(uintptr_t)memory;
  }
}

void ark__ffi_shape_call(const ark__ffi_shape *shape, const ark_closure *closure, void **args, void *result) {
  ark_value values[ARK_MAX_ARGS];
  arguments in = {.placement = shape->placement, .args = args};
  struct_call_handler(closure, &in, result, values);
}

static ffi_type *struct_result_type(ark__ffi_shape *shape) {
  const ark__placement *placement = shape->placement;
  size_t count = placement->piece_count;
  for (size_t i = 0; i < count; i++) {
    shape->pieces[i] = placement->pieces[i].is_float ? &ffi_type_double : &ffi_type_uint64;
  }
  if (placement->result_word == ARK__INDIRECT_WORD) {
    for (; count < 3; count++) shape->pieces[count] = &ffi_type_uint64; /* more than registers hold */
  } else if (placement->result_word < ARK__MAX_WORDS) {
    return &ffi_type_pointer;
  }
  shape->result = (ffi_type){.type = FFI_TYPE_STRUCT, .elements = shape->pieces};
  return count == 0 ? &ffi_type_void : count == 1 ? shape->pieces[0] : &shape->result;
}

ark_status ark__ffi_shape_create(const ark_signature *signature, ark__ffi_shape **out, ffi_type **types, size_t *count,
                                 ffi_type **result, ark_error *error) {
  ark__placement *placement = NULL;
  ark_status status = ark__place_structs(signature, &placement, error);
  if (status) return status;
  ark__ffi_shape *shape = ark_alloc(1, sizeof *shape);
  if (!shape) {
    ark_free(placement);
    return ark_fail_memory(error);
  }
  shape->placement = placement;
  if (placement->stack) {
    placement->integers = ARK__DIRECT_INTEGERS;
    placement->floats = ARK__DIRECT_FLOATS;
  }
  size_t used = 0;
  while (used < placement->integers) types[used++] = &ffi_type_uint64;
  while (used < placement->integers + placement->floats) types[used++] = &ffi_type_double;
  if (placement->stack) types[used++] = &ffi_type_uint64;
  *count = used;
  *result = signature->result->kind == ARK_KIND_AGGREGATE ? struct_result_type(shape) : signature->result->ffi;
  *out = shape;
  return ARK_OK;
}

void ark__ffi_shape_free(ark__ffi_shape *shape) {
  if (!shape) return;
  ark_free(shape->placement);
  ark_free(shape);
}
