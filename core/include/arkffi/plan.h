/* A call plan: how to place the arguments of one signature and fetch its result, worked out once.
 *
 * A signature whose arguments all fit the registers of the calling convention is called through one typed
 * function pointer; every other goes through libffi. Structs by value are placed here, whatever they are made of.
 * Thread rule: a plan is constant once made; any number of threads may call through it at once.
 */
#ifndef ARKFFI_PLAN_H
#define ARKFFI_PLAN_H

#include "error.h"
#include "signature.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_plan ark_plan;

/* A C function of unknown type. Never called as such. */
typedef void (*ark_entry)(void);

/* `signature` must outlive the plan; it stays the caller's. On ARK_OK the caller owns *out and gives it back
 * with ark_plan_free. Fails with ARK_NO_MEMORY, or ARK_BAD_SIGNATURE where the calling convention has no place for the
 * types: structs by value of more than 16 KB, or aligned to more than 64 bytes. */
ark_status ark_plan_create(const ark_signature *signature, ark_plan **out, ark_error *error);

/* NULL is ignored. */
void ark_plan_free(ark_plan *plan);

/* Calls `entry` with one value for each parameter, widened as ark_value says, and sets *result likewise
 * (all zero for void). For a struct or union, result->pointer must point to room for one, aligned as its type; C gets
 * copies of those among the arguments. `entry` must really have the plan's signature: C cannot check it. */
void ark_plan_call(const ark_plan *plan, ark_entry entry, const ark_value *args, ark_value *result);

/* Whether the registers alone carry the call: for tests and measurements. */
bool ark_plan_is_direct(const ark_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
