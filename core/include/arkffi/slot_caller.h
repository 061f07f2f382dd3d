/* Calls whose arguments lie in slots: one number for each argument, where the call looks for it. The caller of such a
 * function places the arguments by writing them, which leaves nothing to work out during the call.
 *
 * Thread rule: any number of threads may call at once, each with its own slots.
 */
#ifndef ARKFFI_SLOT_CALLER_H
#define ARKFFI_SLOT_CALLER_H

#include "type.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_plan ark_plan;

/* The greatest number of arguments of a function that can be called with slots, and the number of slots of a call. */
enum { ARK_PLAN_SLOT_ARGS = 16, ARK_PLAN_SLOTS = 18 + ARK_PLAN_SLOT_ARGS };

/* Calls `function`, which must have the plan's signature, with ARK_PLAN_SLOTS slots. The slot of a double holds that
 * double; the slot of a float holds it in its low four bytes. Every other slot, including those that no argument uses,
 * holds a whole number as a double, from -2^63 up to but not including 2^63. The number of a struct is its address. If
 * the result is a struct, the slot after those of the arguments holds the address of room for it, aligned as its type.
 *
 * Returns true if *out is the result as a double; it is meaningless for void. Returns false if a double may not hold
 * the result: then *out is the result widened, as ark_value says. This is the case for strings, bigint64_t,
 * biguint64_t, and integers beyond 2^53 - 1. */
typedef bool (*ark_slot_caller)(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out);

/* The value of one argument, as ark_call takes it, of slots that are as an ark_slot_caller takes them. */
ark_value ark_slot_argument(const ark_plan *plan, const ark_value *slots, size_t argument);

/* What an ark_slot_caller returns for a result of that type, and sets *out to. `value` is the result as its register
 * has it, or widened. */
bool ark_slot_result(const ark_type *type, ark_value value, ark_value *out);

#ifdef __cplusplus
}
#endif
#endif
