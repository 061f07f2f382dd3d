/* A call plan: how to place the arguments of one signature and fetch its result, worked out once.
 *
 * A signature whose arguments all fit the registers of the calling convention is called through one typed
 * function pointer. What goes to the stack, and structs by value, is placed here, whatever they are made of; on machines
 * whose convention is not known here libffi places what registers do not hold.
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

/* Calls with cells: the arguments as numbers, each in the place where such a call looks for it, so that whoever writes them
 * has done all the placing. */

/* Functions with so many arguments have cells, and no call needs more cells than that. */
enum { ARK_PLAN_CELL_ARGS = 16, ARK_PLAN_CELLS = 18 + ARK_PLAN_CELL_ARGS };

/* Whether a plan can be called with cells: it has no "...", and at most ARK_PLAN_CELL_ARGS arguments, one less where the
 * result is a struct. */
bool ark_plan_has_cells(const ark_plan *plan);

/* The cell of an argument. It is the same for all plans that have the same types of arguments. Where structs are passed or
 * returned it is the argument's position. */
size_t ark_plan_cell(const ark_plan *plan, size_t argument);

/* Calls `entry` with ARK_PLAN_CELLS cells. The cell of a double is that double; of a float the low four bytes are. Any other
 * has a whole number, as a double, from -2^63 up to, but not including, 2^63; and so have those that no argument goes to.
 * That of a struct is its address; where the result is one, the cell behind the arguments has the address of room for it.
 * True: *out is the result as a double; whatever it is, for void. False where a double may not do: *out has it widened,
 * as ark_value says. That are text and bigint64_t, biguint64_t, and of other integers those beyond 2^53 - 1. */
typedef bool (*ark_cells_caller)(const ark_plan *plan, ark_entry entry, const ark_value *cells, ark_value *out);

/* What makes such calls for a plan that has cells: chosen once for its types, so that it need not ask for them. */
ark_cells_caller ark_plan_cells_caller(const ark_plan *plan);

/* Whether the registers alone carry the call: for tests and measurements. */
bool ark_plan_is_direct(const ark_plan *plan);

#ifdef __cplusplus
}
#endif
#endif
