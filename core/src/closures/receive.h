/* What the core's own entry points call: functions that run the handler of a closure with the arguments of a call.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__RECEIVE_H
#define ARK__RECEIVE_H

#include "arkffi/error.h"
#include "closures/closure_record.h"

/* Gives a closure that is being made the receiver that suits its signature. If structs are passed by value, `context`
 * and `freed` become those of the receiver, which has the closure's own in a record of its own. Fails as
 * ark__place_structs does; then the closure is unchanged. */
ark_status ark__closure_set_receiver(ark_closure *closure, ark_error *error);

/* Undoes that, for a closure that could not be made. */
void ark__closure_drop_receiver(ark_closure *closure);

#endif
