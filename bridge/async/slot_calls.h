/* Asynchronous calls whose arguments are in the slots of the portable engine.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_SLOT_CALLS_H
#define ARKJS_SLOT_CALLS_H

#include "values/request.h"

/* Returns Waves of ts/src/host/bridge.ts, always the same object. The argument is the function that makes it. */
ark_status arkjs_open_waves(const arkjs_request *request, napi_value *result);

#endif
