#include "arkffi/plan.h"
#include "arkffi/alloc.h"
#include "calls/block_call.h"
#include "calls/known_abi.h"
#include "calls/plan_record.h"
#include "calls/register_slots.h"
#include "calls/slot_call.h"
#include "calls/struct_placement.h"
#include <assert.h>

static_assert(ARK_MAX_ARGS <= UINT8_MAX, "the position of an argument fits in a byte");
static_assert(ARK__STACK_WORDS + ARK_MAX_ARGS <= UINT8_MAX, "the index of a word of a block fits in a byte");
static_assert(ARK_PLAN_SLOT_ARGS <= 16, "stack_floats has a bit for each argument");

/* Gives an argument the next word of the stack. */
static void plan_place_on_stack(ark_plan *plan, size_t argument, bool is_float) {
  if (is_float && plan->stack < ARK_PLAN_SLOT_ARGS) plan->stack_floats |= (uint16_t)(1u << plan->stack);
  plan->words[argument] = (uint8_t)(ARK__STACK_WORDS + plan->stack++);
}

/* Gives each argument the register of its position and, after the last one, the next word of the stack. */
static void plan_place_by_position(ark_plan *plan) {
  for (size_t i = 0; i < plan->signature->count; i++) {
    bool is_float = plan->signature->parameters[i].type->kind == ARK_KIND_FLOAT;
    if (i < ARK__POSITIONS) {
      plan->words[i] = (uint8_t)((is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS) + i);
    } else {
      plan_place_on_stack(plan, i, is_float);
    }
  }
  plan->slot_caller = ark__slot_call_with_stack;
}

/* Gives each argument the next register of its class and, when none is left, the next word of the stack. Unused
 * registers are loaded with the first argument, which is as good as any value. */
static void plan_place_scalars(ark_plan *plan) {
  size_t integers = 0, floats = 0;
  for (size_t i = 0; i < plan->signature->count; i++) {
    bool is_float = plan->signature->parameters[i].type->kind == ARK_KIND_FLOAT;
    size_t *used = is_float ? &floats : &integers, registers = is_float ? ARK__DIRECT_FLOATS : ARK__DIRECT_INTEGERS;
    if (*used >= registers) {
      plan_place_on_stack(plan, i, is_float);
      continue;
    }
    plan->sources[(is_float ? ARK__DIRECT_INTEGERS : 0) + *used] = (uint8_t)i;
    plan->words[i] = (uint8_t)((is_float ? ARK__FLOAT_WORDS : ARK__INTEGER_WORDS) + (*used)++);
  }
  /* A variadic function may need the number of float registers (psABI x86-64 3.2.3, rax), or take its arguments from
   * other places. */
  plan->direct = !plan->stack && !plan->signature->is_variadic;
  plan->uses_floats = floats > 0;
  plan->slot_caller =
      plan->direct ? ark__register_slot_caller(plan->signature->result, integers, floats) : ark__slot_call_with_stack;
}

/* The slot of each argument is its position; the call places the arguments. */
static void plan_number_words(ark_plan *plan, ark_slot_caller caller) {
  for (size_t i = 0; i < plan->signature->count; i++) plan->words[i] = (uint8_t)i;
  plan->slot_caller = caller;
}

static ark_status plan_place(ark_plan *plan, ark_error *error) {
  if (ark__needs_placement(plan->signature)) {
    plan_number_words(plan, ark__slot_call_with_structs);
    return ark__place_structs(plan->signature, &plan->placement, error);
  }
  if (ark__is_ms(plan->signature)) {
    plan_place_by_position(plan);
    return ARK_OK;
  }
  plan_place_scalars(plan);
  if (plan->direct || ARK__PLACES_ALL) return ARK_OK;
  plan_number_words(plan, ark__slot_call_by_libffi);
  return ark__ffi_call_create(plan->signature, &plan->ffi, error);
}

ark_status ark_plan_create(const ark_signature *signature, ark_plan **out, ark_error *error) {
  ark_plan *plan = ark_alloc(1, sizeof *plan + signature->count * sizeof plan->words[0]);
  if (!plan) return ark_fail_memory(error);
  plan->signature = signature;
  ark_status status = ark__check_abi(signature, error);
  if (!status) status = plan_place(plan, error);
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

bool ark_plan_is_native(const ark_plan *plan) {
  return ark__is_native(plan->signature);
}

bool ark_plan_is_direct(const ark_plan *plan) {
  return plan->direct;
}

static ark_value plan_call_direct(const ark_plan *plan, ark_c_function function, const ark_value *args) {
  static const ark_value none = {0};
  const uint8_t *integers = plan->sources, *floats = plan->uses_floats ? integers + ARK__DIRECT_INTEGERS : NULL;
  if (!plan->signature->count) args = &none;

  switch (plan->signature->result->id) {
  case ARK_TYPE_FLOAT: return (ark_value){.f32 = ark__direct_float(function, args, integers, floats)};
  case ARK_TYPE_DOUBLE: return (ark_value){.f64 = ark__direct_double(function, args, integers, floats)};
  default: return (ark_value){.bits = ark__direct_uint64_t(function, args, integers, floats)};
  }
}

void ark_plan_call(const ark_plan *plan, ark_c_function function, const ark_value *args, ark_value *result) {
  if (plan->placement) {
    ark__block_call_with_structs(plan, function, args, result);
    return;
  }
  ark_value value = plan->direct ? plan_call_direct(plan, function, args)
                    : plan->ffi  ? ark__ffi_call_run(plan->ffi, function, args)
                                 : ark__block_call(plan, function, args);
  *result = ark_value_widen(plan->signature->result, value);
}

bool ark_plan_has_slots(const ark_plan *plan) {
  const ark_signature *signature = plan->signature;
  size_t room = signature->result->kind == ARK_KIND_AGGREGATE;
  return !signature->is_variadic && signature->count + room <= ARK_PLAN_SLOT_ARGS;
}

size_t ark_plan_slot(const ark_plan *plan, size_t argument) {
  return plan->words[argument];
}

ark_slot_caller ark_plan_slot_caller(const ark_plan *plan) {
  return plan->slot_caller;
}
