/* Calls with slots that do more than load registers. Each function is an ark_slot_caller.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__SLOT_CALL_H
#define ARK__SLOT_CALL_H

#include "arkffi/slot_caller.h"

/* Some scalars lie on the stack. */
bool ark__slot_call_with_stack(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out);

/* libffi makes the call. */
bool ark__slot_call_by_libffi(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out);

/* Structs are passed or returned by value. */
bool ark__slot_call_with_structs(const ark_plan *plan, ark_c_function function, const ark_value *slots, ark_value *out);

#endif
