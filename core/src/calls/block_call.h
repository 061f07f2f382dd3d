/* Calls through an argument block: registers and stack of a call as an array of words.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__BLOCK_CALL_H
#define ARK__BLOCK_CALL_H

#include "calls/plan_record.h"
#include "cpu/block_enter.h"

/* Calls with a block whose words are set, and returns the result as its register has it. */
static inline ark_value ark__block_enter(const ark_plan *plan, ark_c_function function, const uint64_t *block,
                                         size_t stack, ark__returned *returned) {
  ark__enter_for(plan->signature, function, block, stack, returned);
  bool is_float = plan->signature->result->kind == ARK_KIND_FLOAT;
  return (ark_value){.bits = is_float ? returned->floats[0] : returned->integers[0]};
}

/* Calls with scalars of which some lie on the stack, and returns the result as its register has it. */
ark_value ark__block_call(const ark_plan *plan, ark_c_function function, const ark_value *args);

/* Calls a function that has a placement, as ark_plan_call does. */
void ark__block_call_with_structs(const ark_plan *plan, ark_c_function function, const ark_value *args,
                                  ark_value *result);

#endif
