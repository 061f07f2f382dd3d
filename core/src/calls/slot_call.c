#include "calls/slot_call.h"
#include "calls/block_call.h"
#include "calls/register_slots.h"
#include <assert.h>

static_assert(ARK_PLAN_SLOTS == ARK__STACK_WORDS + ARK_PLAN_SLOT_ARGS, "slots are in the order of an argument block");

ark_value ark_slot_argument(const ark_plan *plan, const ark_value *slots, size_t argument) {
  const ark_type *type = plan->signature->parameters[argument].type;
  ark_value slot = slots[plan->words[argument]];
  if (type->kind != ARK_KIND_FLOAT) return (ark_value){.i64 = (int64_t)slot.f64};
  return type->id == ARK_TYPE_DOUBLE ? slot : (ark_value){.bits = (uint32_t)slot.bits};
}

static inline uint64_t slot_integer(ark_value slot) {
  return (uint64_t)(int64_t)slot.f64;
}

/* Slots are in the order of an argument block, so the block is copied word by word whatever the argument types are. */
bool ark__slot_call_with_stack(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out) {
  ark__returned returned;
  uint64_t block[ARK_PLAN_SLOTS];
  for (size_t i = ARK__INTEGER_WORDS; i < ARK__FLOAT_WORDS; i++) block[i] = slot_integer(slots[i]);
  for (size_t i = ARK__FLOAT_WORDS; i < ARK__INDIRECT_WORD; i++) block[i] = slots[i].bits;
  for (size_t i = ARK__INDIRECT_WORD; i < ARK__STACK_WORDS; i++) block[i] = 0;
  for (size_t i = 0, floats = plan->stack_floats; i < plan->stack; i++, floats >>= 1) {
    ark_value slot = slots[ARK__STACK_WORDS + i];
    block[ARK__STACK_WORDS + i] = floats & 1 ? slot.bits : slot_integer(slot);
  }
  ark_value result = ark__block_enter(plan, function, block, plan->stack, &returned);
  return ark_slot_result(plan->signature->result, result, out);
}

bool ark__slot_call_by_libffi(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out) {
  ark_value args[ARK_PLAN_SLOT_ARGS];
  for (size_t i = 0; i < plan->signature->count; i++) args[i] = ark_slot_argument(plan, slots, i);
  return ark_slot_result(plan->signature->result, ark__ffi_call_run(plan->ffi, function, args), out);
}

bool ark__slot_call_with_structs(const ark_plan *plan, ark_c_function function, const ark_value *slots,
                                 ark_value *out) {
  ark_value args[ARK_PLAN_SLOT_ARGS], result = {0};
  const ark_signature *signature = plan->signature;
  bool is_struct = signature->result->kind == ARK_KIND_AGGREGATE;
  for (size_t i = 0; i < signature->count; i++) args[i] = ark_slot_argument(plan, slots, i);
  if (is_struct) result.i64 = (int64_t)slots[signature->count].f64;
  ark__block_call_with_structs(plan, function, args, &result);
  return is_struct || ark_slot_result(signature->result, result, out);
}
