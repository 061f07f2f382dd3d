/* A call plan: how to pass the arguments of one signature and fetch its result, worked out once.
 *
 * A function whose arguments all fit into the registers of the calling convention is called through a single typed
 * function pointer. For other calls the core places the arguments on the stack itself, including structs by value. On
 * machines whose calling convention it does not know, libffi makes these calls.
 * Thread rule: a plan is constant once made; any number of threads may call through it at once.
 */
#ifndef ARKFFI_PLAN_H
#define ARKFFI_PLAN_H

#include "error.h"
#include "signature.h"
#include "slot_caller.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the plan of a signature, which stays the caller's and must outlive it. On ARK_OK the caller owns *out and frees
 * it with ark_plan_free. Fails with ARK_NO_MEMORY, with ARK_NOT_SUPPORTED if this machine does not know the calling
 * convention that the signature or one of its callbacks names, or with ARK_BAD_SIGNATURE if the convention cannot pass
 * the types: more than 16 KB of structs by value, or one that is aligned to more than 64 bytes. */
ark_status ark_plan_create(const ark_signature *signature, ark_plan **out, ark_error *error);

/* NULL is ignored. */
void ark_plan_free(ark_plan *plan);

/* Calls `function` with one value per parameter, widened as ark_value says, and sets *result in the same form (zero for
 * void). If the result is a struct or union, result->pointer must point to room for it, aligned as its type. C gets
 * copies of structs and unions among the arguments. `function` must have the plan's signature; this cannot be
 * checked. */
void ark_plan_call(const ark_plan *plan, ark_c_function function, const ark_value *args, ark_value *result);

/* Whether the plan's functions can be called with slots: they have no "...", and at most ARK_PLAN_SLOT_ARGS arguments,
 * one fewer if the result is a struct. */
bool ark_plan_has_slots(const ark_plan *plan);

/* The slot of an argument, in a plan that has slots. Plans with the same argument types have the same slots. If structs
 * are passed or returned, the slot of each argument is its position. */
size_t ark_plan_slot(const ark_plan *plan, size_t argument);

/* The function that makes calls with slots for a plan that has them. It is chosen once, by the plan's types. */
ark_slot_caller ark_plan_slot_caller(const ark_plan *plan);

/* Whether its functions have the calling convention of this machine's C compiler. */
bool ark_plan_is_native(const ark_plan *plan);

/* Whether registers alone carry the arguments; for tests and measurements. */
bool ark_plan_is_direct(const ark_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
