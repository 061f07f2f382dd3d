/* Calls with slots whose arguments all travel in registers: each register has a slot of its own, so nothing is left to
 * work out during the call.
 *
 * Thread rule: pure functions.
 */
#ifndef ARK__REGISTER_SLOTS_H
#define ARK__REGISTER_SLOTS_H

#include "arkffi/slot_caller.h"

/* What calls a function whose arguments take that many registers of each kind, and nothing of the stack. */
ark_slot_caller ark__register_slot_caller(const ark_type *result, size_t integers, size_t floats);

#endif
