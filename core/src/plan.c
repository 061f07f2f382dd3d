#include "arkffi/plan.h"
#include "arkffi/alloc.h"
#include "cells.h"
#include "ffi_call.h"
#include "platform/direct.h"
#include "platform/placement.h"
#include "structs.h"
#include <string.h>

/* The registers of a direct call, integers first. */
enum { REGISTERS = ARK__DIRECT_INTEGERS + ARK__DIRECT_FLOATS };

_Static_assert(ARK_PLAN_CELLS == ARK__STACK_WORDS + ARK_PLAN_CELL_ARGS, "the cells are an image");

struct ark_plan {
  const ark_signature *signature;
  ark__placement *placement; /* owned; NULL unless structs are passed by value */
  ark__ffi_call *ffi;        /* owned; NULL where the plan itself knows the way */
  bool direct, uses_floats;
  ark_cells_caller cells_caller;
  uint8_t stack;                  /* words that registers do not hold */
  uint16_t stack_floats;          /* a bit for each of them, as far as there are cells: whether a float is there */
  uint8_t sources[REGISTERS + 1]; /* the argument in each register, when direct; one more: C has no empty array */
  uint8_t words[];                /* where in an image each argument goes; its own number, when libffi places it */
};

_Static_assert(ARK__STACK_WORDS + ARK_MAX_ARGS <= UINT8_MAX, "a word of an image in a byte");

_Static_assert(ARK_PLAN_CELL_ARGS <= 16, "a bit of stack_floats for each argument");

static bool call_cells_with_stack(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out);
static bool call_cells_through_libffi(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out);
static bool call_cells_with_structs(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out);

/* Gives each argument the next register of its class, and when they run out the next word of the stack. Registers that
 * are left over have the first argument too, which is as good as any value. */
static void place_scalars(ark_plan *plan) {
  size_t integers = 0, floats = 0;
  for (size_t i = 0; i < plan->signature->count; i++) {
    bool is_float = plan->signature->parameters[i].type->kind == ARK_KIND_FLOAT;
    size_t *used = is_float ? &floats : &integers, registers = is_float ? ARK__DIRECT_FLOATS : ARK__DIRECT_INTEGERS;
    if (*used >= registers) {
      if (is_float && plan->stack < ARK_PLAN_CELL_ARGS) plan->stack_floats |= (uint16_t)(1u << plan->stack);
      plan->words[i] = (uint8_t)(ARK__STACK_WORDS + plan->stack++);
      continue;
    }
    plan->sources[(is_float ? ARK__DIRECT_INTEGERS : 0) + *used] = (uint8_t)i;
    plan->words[i] = (uint8_t)((is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS) + (*used)++);
  }
  /* A variadic function may want to be told how many float registers there are (psABI x86-64 3.2.3, rax), or have its
   * arguments elsewhere. */
  plan->direct = !plan->stack && !plan->signature->is_variadic;
  plan->uses_floats = floats > 0;
  plan->cells_caller =
      plan->direct ? ark__cells_caller(plan->signature->result, integers, floats) : call_cells_with_stack;
}

/* Arguments have the cells of their positions, and are placed by the call. */
static void number_words(ark_plan *plan, ark_cells_caller caller) {
  for (size_t i = 0; i < plan->signature->count; i++) plan->words[i] = (uint8_t)i;
  plan->cells_caller = caller;
}

static ark_status place_by_libffi(ark_plan *plan, ark_error *error) {
  number_words(plan, call_cells_through_libffi);
  return ark__ffi_call_create(plan->signature, &plan->ffi, error);
}

static ark_status place(ark_plan *plan, ark_error *error) {
  if (ark__passes_structs(plan->signature)) {
    number_words(plan, call_cells_with_structs);
    return ark__place_structs(plan->signature, &plan->placement, error);
  }
  place_scalars(plan);
  return plan->direct || ARK__PLACES_ALL ? ARK_OK : place_by_libffi(plan, error);
}

ark_status ark_plan_create(const ark_signature *signature, ark_plan **out, ark_error *error) {
  ark_plan *plan = ark_alloc(1, sizeof *plan + signature->count * sizeof plan->words[0]);
  if (!plan) return ark_fail_memory(error);
  plan->signature = signature;
  ark_status status = place(plan, error);
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
  ark_free(plan->ffi);
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

/* Calls by an image. Calls nest, so those with small images take little stack. */
enum { FEW_WORDS = 64 };

/* The result as its register has it. */
static ark_value enter(const ark_plan *plan, ark_entry entry, const uint64_t *image, size_t stack,
                       ark__returned *returned) {
  ark__enter(entry, image, stack, returned);
  bool is_float = plan->signature->result->kind == ARK_KIND_FLOAT;
  return (ark_value){.bits = is_float ? returned->floats[0] : returned->integers[0]};
}

/* `image` has room for all words; those that no argument goes to are zero. */
static ark_value call_with_stack(const ark_plan *plan, ark_entry entry, const ark_value *args, uint64_t *image) {
  ark__returned returned;
  for (size_t i = 0; i < plan->signature->count; i++) {
    image[plan->words[i]] = ark__promoted(plan->signature, i, args[i]).bits;
  }
  return enter(plan, entry, image, plan->stack, &returned);
}

static ARK_NOINLINE ark_value call_with_small_stack(const ark_plan *plan, ark_entry entry, const ark_value *args) {
  uint64_t image[FEW_WORDS];
  memset(image, 0, ARK__STACK_WORDS * sizeof image[0]);
  return call_with_stack(plan, entry, args, image);
}

static ARK_NOINLINE ark_value call_with_large_stack(const ark_plan *plan, ark_entry entry, const ark_value *args) {
  uint64_t image[ARK__STACK_WORDS + ARK_MAX_ARGS] = {0};
  return call_with_stack(plan, entry, args, image);
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
    ark_value arg = ark__promoted(plan->signature, move->argument, args[move->argument]);
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
  ark_value value = enter(plan, entry, image, placement->stack, &returned);
  if (type->kind == ARK_KIND_AGGREGATE) {
    store_pieces(placement, &returned, result->pointer);
  } else {
    *result = ark_value_widen(type, value);
  }
}

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
  bool is_small = ARK__STACK_WORDS + plan->stack <= FEW_WORDS;
  ark_value value = plan->direct ? call_direct(plan, entry, args)
                    : plan->ffi  ? ark__ffi_call_run(plan->ffi, entry, args)
                    : is_small   ? call_with_small_stack(plan, entry, args)
                                 : call_with_large_stack(plan, entry, args);
  *result = ark_value_widen(plan->signature->result, value);
}

/* Calls with cells. */

bool ark_plan_has_cells(const ark_plan *plan) {
  const ark_signature *signature = plan->signature;
  size_t room = signature->result->kind == ARK_KIND_AGGREGATE;
  return !signature->is_variadic && signature->count + room <= ARK_PLAN_CELL_ARGS;
}

size_t ark_plan_cell(const ark_plan *plan, size_t argument) {
  return plan->words[argument];
}

ark_cells_caller ark_plan_cells_caller(const ark_plan *plan) {
  return plan->cells_caller;
}

static ark_value take_cell(const ark_plan *plan, const ark_value *cells, size_t argument) {
  const ark_type *type = plan->signature->parameters[argument].type;
  ark_value cell = cells[plan->words[argument]];
  if (type->kind != ARK_KIND_FLOAT) return (ark_value){.i64 = (int64_t)cell.f64};
  return type->id == ARK_TYPE_DOUBLE ? cell : (ark_value){.bits = (uint32_t)cell.bits};
}

static inline uint64_t integer_in(ark_value cell) {
  return (uint64_t)(int64_t)cell.f64;
}

/* The cells lie as the image does, so that it is made word by word, whichever arguments there are. */
static bool call_cells_with_stack(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out) {
  ark__returned returned;
  uint64_t image[ARK_PLAN_CELLS];
  for (size_t i = ARK__INTEGER_WORDS; i < ARK__FLOAT_WORDS; i++) image[i] = integer_in(cells[i]);
  for (size_t i = ARK__FLOAT_WORDS; i < ARK__INDIRECT_WORD; i++) image[i] = cells[i].bits;
  for (size_t i = ARK__INDIRECT_WORD; i < ARK__STACK_WORDS; i++) image[i] = 0;
  for (size_t i = 0, floats = plan->stack_floats; i < plan->stack; i++, floats >>= 1) {
    ark_value cell = cells[ARK__STACK_WORDS + i];
    image[ARK__STACK_WORDS + i] = floats & 1 ? cell.bits : integer_in(cell);
  }
  return ark__cells_answer(plan->signature->result, enter(plan, entry, image, plan->stack, &returned), out);
}

static bool call_cells_through_libffi(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out) {
  ark_value args[ARK_PLAN_CELL_ARGS];
  for (size_t i = 0; i < plan->signature->count; i++) args[i] = take_cell(plan, cells, i);
  return ark__cells_answer(plan->signature->result, ark__ffi_call_run(plan->ffi, entry, args), out);
}

static bool call_cells_with_structs(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out) {
  ark_value args[ARK_PLAN_CELL_ARGS], result = {0};
  const ark_signature *signature = plan->signature;
  bool is_struct = signature->result->kind == ARK_KIND_AGGREGATE;
  for (size_t i = 0; i < signature->count; i++) args[i] = take_cell(plan, cells, i);
  if (is_struct) result.i64 = (int64_t)cells[signature->count].f64;
  ark_plan_call(plan, entry, args, &result);
  return is_struct || ark__cells_answer(signature->result, result, out);
}
