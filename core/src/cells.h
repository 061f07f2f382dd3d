/* Direct calls with cells: each register has a cell of its own, so nothing is left to be worked out at the call.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__CELLS_H
#define ARK__CELLS_H

#include "arkffi/plan.h"

/* What calls a function whose arguments take so many registers of each kind, and none of the stack. */
ark_cells_caller ark__cells_caller(const ark_type *result, size_t integers, size_t floats);

/* The answer of an ark_cells_caller for a result as its register has it. */
bool ark__cells_answer(const ark_type *type, ark_value value, ark_value *out);

#endif
