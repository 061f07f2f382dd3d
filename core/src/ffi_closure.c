/* Entry points that libffi makes: where ours cannot be had, and for signatures with structs by value. */
#include "ffi_closure.h"
#include "arkffi/alloc.h"
#include "platform/direct.h"
#include "platform/platform.h"
#include "structs.h"
#include <ffi.h>
#include <string.h>

/* What only signatures with structs need. */
typedef struct struct_shape {
  ark__placement *placement;             /* owned */
  ffi_type result;                       /* for a struct that comes in several registers, or in memory */
  ffi_type *pieces[ARK__MAX_PIECES + 1]; /* its elements, and NULL */
} struct_shape;

/* The writable side of the entry point is live code from the first day to the last: given back to libffi, it would be
 * memory that C may still jump to. */
typedef struct ffi_form {
  ark_closure closure;
  ffi_closure *ffi;    /* what libffi allocated */
  struct_shape *shape; /* owned; NULL unless structs are passed by value */
  ffi_cif cif;
  ffi_type *types[]; /* what the cif points to */
} ffi_form;

/* A result narrower than a register must fill the whole of it: a widened value does. */
static void set_result(const ark_type *type, ark_value value, void *result) {
  switch (type->id) {
  case ARK_TYPE_VOID: return;
  case ARK_TYPE_FLOAT: *(float *)result = value.f32; return;
  case ARK_TYPE_DOUBLE: *(double *)result = value.f64; return;
  default: *(ffi_arg *)result = (ffi_arg)value.bits;
  }
}

static void call_handler(const ffi_form *form, void *result, void **args, ark_value *values) {
  const ark_closure *closure = &form->closure;
  for (size_t i = 0; i < closure->signature->count; i++) {
    values[i] = ark_value_load(closure->signature->parameters[i].type, args[i]);
  }
  ark_value value = {0};
  closure->handler(closure->context, values, &value);
  set_result(closure->signature->result, value, result);
}

/* libffi calls one of these for each call of an entry point. */
static void enter_with_few(ffi_cif *cif, void *result, void **args, void *form) {
  (void)cif;
  ark_value values[ARK__FEW_ARGS];
  call_handler(form, result, args, values);
}

static void enter_with_many(ffi_cif *cif, void *result, void **args, void *form) {
  (void)cif;
  ark_value values[ARK_MAX_ARGS];
  call_handler(form, result, args, values);
}

static ark_status prepare(ffi_form *form, size_t count, ffi_type *result, ark_error *error) {
  ffi_status prepared = ffi_prep_cif(&form->cif, FFI_DEFAULT_ABI, (unsigned)count, result, form->types);
  if (prepared == FFI_OK) return ARK_OK;
  return ark_fail(error, ARK_BAD_SIGNATURE, "the calling convention has no place for these types");
}

static ark_status prepare_plain(ffi_form *form, ark_error *error) {
  const ark_signature *signature = form->closure.signature;
  for (size_t i = 0; i < signature->count; i++) form->types[i] = signature->parameters[i].type->ffi;
  return prepare(form, signature->count, signature->result->ffi, error);
}

/* Structs by value. To libffi such a function takes what is in the registers that are used: integers, then floats; and
 * where arguments lie on the stack, all registers and one word more, whose address is where the stack begins. */

/* What an entry point finds, and where structs that come in registers are put together. */
typedef struct frame {
  const ark__placement *placement;
  void **args;
  size_t parts_used;
  _Alignas(16) uint64_t parts[2 * (ARK__STACK_WORDS - 2)]; /* a register each, and as much padding */
} frame;

/* Where a word of the image is. */
static void *word_of(const frame *at, size_t word) {
  const ark__placement *placement = at->placement;
  if (word < ARK__FLOAT_WORDS) return at->args[word];
  if (word < ARK__INDIRECT_WORD) return at->args[placement->integers + word - ARK__FLOAT_WORDS];
  return (uint64_t *)at->args[placement->integers + placement->floats] + (word - ARK__STACK_WORDS);
}

/* A struct, whole on the stack, or its next part from registers. */
static void take_bytes(frame *at, const ark__move *move, size_t struct_size, ark_value *value) {
  if (move->word >= ARK__STACK_WORDS) {
    value->pointer = word_of(at, move->word);
    return;
  }
  if (!value->pointer) {
    value->pointer = &at->parts[at->parts_used];
    at->parts_used += (struct_size + 15) / 16 * 2;
  }
  for (size_t done = 0; done < move->size; done += 8) {
    size_t size = move->size - done < 8 ? move->size - done : 8;
    memcpy((char *)value->pointer + move->offset + done, word_of(at, move->word + done / 8), size);
  }
}

/* A struct without any member that has a name comes nowhere. */
static const uint64_t nothing[2];

static void take_args(frame *at, const ark_signature *signature, ark_value *values) {
  for (size_t i = 0; i < signature->count; i++) values[i].bits = 0;
  for (size_t i = 0; i < at->placement->move_count; i++) {
    const ark__move *move = &at->placement->moves[i];
    const ark_type *type = signature->parameters[move->argument].type;
    ark_value *value = &values[move->argument];
    switch (move->kind) {
    case ARK__MOVE_SCALAR: *value = ark_value_load(type, word_of(at, move->word)); break;
    case ARK__MOVE_BYTES: take_bytes(at, move, type->size, value); break;
    case ARK__MOVE_REFERENCE: memcpy(&value->pointer, word_of(at, move->word), sizeof value->pointer);
    }
  }
  for (size_t i = 0; i < signature->count; i++) {
    bool is_struct = signature->parameters[i].type->kind == ARK_KIND_AGGREGATE;
    if (is_struct && !values[i].pointer) values[i].pointer = (void *)nothing;
  }
}

/* The handler's struct into the registers of the result, which libffi loads from consecutive words. */
static void give_pieces(const ark__placement *placement, const void *from, void *result) {
  for (size_t i = 0; i < placement->piece_count; i++) {
    const ark__piece *piece = &placement->pieces[i];
    memcpy((uint64_t *)result + i, (const char *)from + piece->offset, piece->size);
  }
}

/* Where C wants a struct that is returned in memory; NULL where it comes in registers. */
static void *result_memory(const frame *at, void *result) {
  void *memory = NULL;
  size_t word = at->placement->result_word;
  if (word == ARK__INDIRECT_WORD) return result;
  if (word < ARK__MAX_WORDS) memcpy(&memory, word_of(at, word), sizeof memory);
  return memory;
}

static void call_struct_handler(const ark_closure *closure, frame *at, void *result, ark_value *values) {
  const ark_type *type = closure->signature->result;
  _Alignas(16) uint64_t registers[ARK__MAX_PIECES] = {0};
  take_args(at, closure->signature, values);
  if (type->kind != ARK_KIND_AGGREGATE) {
    ark_value value = {0};
    closure->handler(closure->context, values, &value);
    set_result(type, value, result);
    return;
  }
  void *memory = result_memory(at, result);
  ark_value value = {.pointer = memory ? memory : registers};
  memset(value.pointer, 0, type->size);
  closure->handler(closure->context, values, &value);
  if (!memory) {
    give_pieces(at->placement, registers, result);
  } else if (memory != result) {
    *(ffi_arg *)result = (ffi_arg)(uintptr_t)memory;
  }
}

static void enter_with_structs(ffi_cif *cif, void *result, void **args, void *context) {
  (void)cif;
  const ffi_form *form = context;
  ark_value values[ARK_MAX_ARGS];
  frame at = {.placement = form->shape->placement, .args = args};
  call_struct_handler(&form->closure, &at, result, values);
}

static ffi_type *struct_result_type(struct_shape *shape) {
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

static ark_status prepare_with_structs(ffi_form *form, ark_error *error) {
  struct_shape *shape = form->shape = ark_alloc(1, sizeof *shape);
  if (!shape) return ark_fail_memory(error);
  ark_status status = ark__place_structs(form->closure.signature, &shape->placement, error);
  if (status) return status;
  ark__placement *placement = shape->placement;
  if (placement->stack) {
    placement->integers = ARK__DIRECT_INTEGERS;
    placement->floats = ARK__DIRECT_FLOATS;
  }
  size_t count = 0;
  while (count < placement->integers) form->types[count++] = &ffi_type_uint64;
  while (count < placement->integers + placement->floats) form->types[count++] = &ffi_type_double;
  if (placement->stack) form->types[count++] = &ffi_type_uint64;
  const ark_type *result = form->closure.signature->result;
  ffi_type *type = result->kind == ARK_KIND_AGGREGATE ? struct_result_type(shape) : result->ffi;
  return prepare(form, count, type, error);
}

static void free_form(ffi_form *form) {
  if (form->shape) ark_free(form->shape->placement);
  ark_free(form->shape);
  ark_free(form);
}

/* Of a closure that leaves quarantine, or a new one. False when there is none to be had. */
static bool take_entry(ark__quarantine *closed, ffi_form *form) {
  ark_closure *oldest = ark__quarantine_leave(closed);
  if (!oldest) {
    /* Under a lock, because libffi sets its allocator up at the first call, without a barrier for other threads. */
    ark__process_enter();
    form->ffi = ffi_closure_alloc(sizeof *form->ffi, &form->closure.entry);
    ark__process_leave();
    return form->ffi;
  }
  void (*freed)(void *context) = oldest->freed;
  void *context = oldest->context;
  form->ffi = ((ffi_form *)oldest)->ffi;
  form->closure.entry = oldest->entry;
  free_form((ffi_form *)oldest);
  freed(context);
  return true;
}

static ffi_status aim(ffi_form *form) {
  size_t count = form->closure.signature->count;
  void (*enter)(ffi_cif *, void *, void **, void *) = form->shape              ? enter_with_structs
                                                      : count <= ARK__FEW_ARGS ? enter_with_few
                                                                               : enter_with_many;
  return ffi_prep_closure_loc(form->ffi, &form->cif, enter, form, form->closure.entry);
}

ark_status ark__ffi_closure_create(const ark_closure *wanted, ark__quarantine *closed, ark_closure **out,
                                   ark_error *error) {
  bool has_structs = ark__passes_structs(wanted->signature);
  size_t room = has_structs ? ARK__STACK_WORDS : wanted->signature->count;
  ffi_form *form = ark_alloc(1, sizeof *form + room * sizeof form->types[0]);
  if (!form) return ark_fail_memory(error);
  form->closure = *wanted;
  form->closure.home = closed;
  ark_status status = (has_structs ? prepare_with_structs : prepare_plain)(form, error);
  if (!status && (!take_entry(closed, form) || aim(form) != FFI_OK)) {
    if (form->ffi) ffi_closure_free(form->ffi); /* nobody has been given its address */
    status = ark_fail(error, ARK_NO_MEMORY, "no executable memory for a callback");
  }
  if (status) {
    free_form(form);
    return status;
  }
  *out = &form->closure;
  return ARK_OK;
}
