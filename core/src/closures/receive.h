/* What the core's own entry points call: functions that run the handler of a closure with the arguments of a call.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__RECEIVE_H
#define ARK__RECEIVE_H

#include "closures/closure_record.h"

/* The one that suits a signature. `passes_structs` says whether any are passed by value. */
ark__receiver ark__receiver_of(const ark_signature *signature, bool passes_structs);

#endif
