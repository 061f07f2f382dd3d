/* What the core's own entry points call.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__RECEIVE_H
#define ARK__RECEIVE_H

#include "cpu/code.h"

/* An ark__receiver: runs the handler of a closure with the arguments of the call. The handler may close the closure,
 * and its place may then be another closure's before this returns. */
ark__answer ark__closure_receive(const void *closure, ark__received *call);

#endif
