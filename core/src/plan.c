#include "arkffi/plan.h"
#include "arkffi/alloc.h"
#include "platform/direct.h"
#include "platform/placement.h"
#include "structs.h"
#include <ffi.h>
#include <string.h>

/* The registers of a direct call, integers first. */
enum { REGISTERS = ARK__DIRECT_INTEGERS + ARK__DIRECT_FLOATS };

struct ark_plan {
  const ark_signature *signature;
  ark__placement *placement; /* owned; NULL unless structs are passed by value */
  bool direct, uses_floats;
  uint8_t sources[REGISTERS + 1]; /* the argument in each register, when direct; one more: C has no empty array */
  ffi_cif cif;
  ffi_type *types[]; /* what the cif points to */
};

/* Gives each argument the next register of its class; leaves `direct` false when they run out. Registers that are left
 * over have the first argument too, which is as good as any value. A variadic function may want to be told how many
 * there are (psABI x86-64 3.2.3, rax), and have its arguments elsewhere. */
static void place_in_registers(ark_plan *plan) {
  size_t integers = 0, floats = 0;
  if (plan->signature->is_variadic) return;
  for (size_t i = 0; i < plan->signature->count; i++) {
    bool is_float = plan->signature->parameters[i].type->kind == ARK_KIND_FLOAT;
    if (is_float ? floats == ARK__DIRECT_FLOATS : integers == ARK__DIRECT_INTEGERS) return;
    plan->sources[is_float ? ARK__DIRECT_INTEGERS + floats++ : integers++] = (uint8_t)i;
  }
  plan->uses_floats = floats > 0;
  plan->direct = true;
}

/* What becomes of an argument behind the "..." (C11 6.5.2.2, default argument promotions). */
static ffi_type *promoted_type(const ark_type *type) {
  if (type->id == ARK_TYPE_FLOAT) return &ffi_type_double;
  bool is_integer = type->kind == ARK_KIND_BOOL || type->kind == ARK_KIND_SIGNED || type->kind == ARK_KIND_UNSIGNED;
  return is_integer && type->size < sizeof(int) ? &ffi_type_sint : type->ffi;
}

/* Integers are held widened, which is what promotes them; a float becomes a double here. */
static ark_value promoted(const ark_signature *signature, size_t index, ark_value value) {
  bool is_float = index >= signature->fixed && signature->parameters[index].type->id == ARK_TYPE_FLOAT;
  return is_float ? (ark_value){.f64 = (double)value.f32} : value;
}

static ark_status prepare_libffi(ark_plan *plan, ark_error *error) {
  const ark_signature *signature = plan->signature;
  unsigned count = (unsigned)signature->count, fixed = (unsigned)signature->fixed;
  for (size_t i = 0; i < count; i++) {
    const ark_type *type = signature->parameters[i].type;
    plan->types[i] = i < fixed ? type->ffi : promoted_type(type);
  }
  ffi_type *result = signature->result->ffi;
  ffi_status prepared = signature->is_variadic
                            ? ffi_prep_cif_var(&plan->cif, FFI_DEFAULT_ABI, fixed, count, result, plan->types)
                            : ffi_prep_cif(&plan->cif, FFI_DEFAULT_ABI, count, result, plan->types);
  if (prepared == FFI_OK) return ARK_OK;
  return ark_fail(error, ARK_BAD_SIGNATURE, "the calling convention has no place for these types");
}

ark_status ark_plan_create(const ark_signature *signature, ark_plan **out, ark_error *error) {
  ark_plan *plan = ark_alloc(1, sizeof *plan + signature->count * sizeof plan->types[0]);
  if (!plan) return ark_fail_memory(error);
  plan->signature = signature;
  ark_status status;
  if (ark__passes_structs(signature)) {
    status = ark__place_structs(signature, &plan->placement, error);
  } else {
    place_in_registers(plan);
    status = prepare_libffi(plan, error);
  }
  if (status) {
    ark_plan_free(plan);
    return status;
  }
  *out = plan;
  return ARK_OK;
}

void ark_plan_free(ark_plan *plan) {
  if (!plan) return;
  ark_free(plan->placement);
  ark_free(plan);
}

bool ark_plan_is_direct(const ark_plan *plan) {
  return plan->direct;
}

static ark_value call_direct(const ark_plan *plan, ark_entry entry, const ark_value *args) {
  static const ark_value none = {0};
  const uint8_t *integers = plan->sources, *floats = plan->uses_floats ? integers + ARK__DIRECT_INTEGERS : NULL;
  if (!plan->signature->count) args = &none;

  switch (plan->signature->result->id) {
  case ARK_TYPE_FLOAT: return (ark_value){.f32 = ark__direct_float(entry, args, integers, floats)};
  case ARK_TYPE_DOUBLE: return (ark_value){.f64 = ark__direct_double(entry, args, integers, floats)};
  default: return (ark_value){.bits = ark__direct_uint64_t(entry, args, integers, floats)};
  }
}

/* libffi wants the address of each argument. Calls nest, so those with few take little stack. */
enum { FEW_ARGS = 16 };

static ark_value call_through_libffi(const ark_plan *plan, ark_entry entry, const ark_value *args, void **pointers) {
  for (size_t i = 0; i < plan->signature->count; i++) pointers[i] = (void *)&args[i];
  ark_value result = {0};
  ffi_call((ffi_cif *)&plan->cif, entry, &result, pointers);
  return result;
}

static ARK_NOINLINE ark_value call_with_few(const ark_plan *plan, ark_entry entry, const ark_value *args) {
  void *pointers[FEW_ARGS];
  return call_through_libffi(plan, entry, args, pointers);
}

static ARK_NOINLINE ark_value call_with_many(const ark_plan *plan, ark_entry entry, const ark_value *args) {
  void *pointers[ARK_MAX_ARGS];
  return call_through_libffi(plan, entry, args, pointers);
}

static ARK_NOINLINE ark_value call_variadic(const ark_plan *plan, ark_entry entry, const ark_value *args) {
  ark_value values[ARK_MAX_ARGS];
  void *pointers[ARK_MAX_ARGS];
  for (size_t i = 0; i < plan->signature->count; i++) values[i] = promoted(plan->signature, i, args[i]);
  return call_through_libffi(plan, entry, values, pointers);
}

/* Calls with structs. */

/* Most pieces of structs are whole words, which need no call. */
static void copy_piece(void *to, const void *from, size_t size) {
  if (size == sizeof(uint64_t)) {
    memcpy(to, from, sizeof(uint64_t));
  } else {
    memcpy(to, from, size);
  }
}

static void fill_image(const ark_plan *plan, const ark_value *args, uint64_t *image) {
  const ark__placement *placement = plan->placement;
  for (size_t i = 0; i < placement->words; i++) image[i] = 0;
  for (size_t i = 0; i < placement->move_count; i++) {
    const ark__move *move = &placement->moves[i];
    ark_value arg = promoted(plan->signature, move->argument, args[move->argument]);
    switch (move->kind) {
    case ARK__MOVE_SCALAR: image[move->word] = arg.bits; break;
    case ARK__MOVE_BYTES: copy_piece(&image[move->word], (const char *)arg.pointer + move->offset, move->size); break;
    case ARK__MOVE_REFERENCE:
      memcpy(&image[move->copy], arg.pointer, move->size);
      image[move->word] = (uintptr_t)&image[move->copy];
    }
  }
}

/* An aggregate's registers to where the caller wants it. */
static void store_pieces(const ark__placement *placement, const ark__returned *returned, void *out) {
  const uint64_t *integer = returned->integers, *number = returned->floats;
  for (size_t i = 0; i < placement->piece_count; i++) {
    const ark__piece *piece = &placement->pieces[i];
    copy_piece((char *)out + piece->offset, piece->is_float ? number++ : integer++, piece->size);
  }
}

static void call_with_image(const ark_plan *plan, ark_entry entry, const ark_value *args, ark_value *result,
                            uint64_t *image) {
  const ark__placement *placement = plan->placement;
  const ark_type *type = plan->signature->result;
  ark__returned returned;
  fill_image(plan, args, image);
  if (placement->result_word < placement->words) image[placement->result_word] = (uintptr_t)result->pointer;
  ark__enter(entry, image, placement->stack, &returned);
  if (type->kind == ARK_KIND_AGGREGATE) {
    store_pieces(placement, &returned, result->pointer);
  } else {
    uint64_t bits = type->kind == ARK_KIND_FLOAT ? returned.floats[0] : returned.integers[0];
    *result = ark_value_widen(type, (ark_value){.bits = bits});
  }
}

/* As with libffi, calls with small images take little stack. */
enum { FEW_WORDS = 64 };

static ARK_NOINLINE void call_with_small_image(const ark_plan *plan, ark_entry entry, const ark_value *args,
                                               ark_value *result) {
  _Alignas(ARK__MAX_STACK_ALIGN) uint64_t image[FEW_WORDS];
  call_with_image(plan, entry, args, result, image);
}

static ARK_NOINLINE void call_with_large_image(const ark_plan *plan, ark_entry entry, const ark_value *args,
                                               ark_value *result) {
  _Alignas(ARK__MAX_STACK_ALIGN) uint64_t image[ARK__MAX_WORDS];
  call_with_image(plan, entry, args, result, image);
}

void ark_plan_call(const ark_plan *plan, ark_entry entry, const ark_value *args, ark_value *result) {
  if (plan->placement) {
    bool is_small = plan->placement->words <= FEW_WORDS;
    (is_small ? call_with_small_image : call_with_large_image)(plan, entry, args, result);
    return;
  }
  ark_value value = plan->direct                         ? call_direct(plan, entry, args)
                    : plan->signature->is_variadic       ? call_variadic(plan, entry, args)
                    : plan->signature->count <= FEW_ARGS ? call_with_few(plan, entry, args)
                                                         : call_with_many(plan, entry, args);
  *result = ark_value_widen(plan->signature->result, value);
}
