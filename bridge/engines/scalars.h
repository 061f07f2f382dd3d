/* Numbers at addresses, read and written by functions that an engine calls without Node-API.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_SCALARS_H
#define ARKJS_SCALARS_H

#include "values/request.h"

/* Returns Scalars of ts/src/host/bridge.ts. */
ark_status arkjs_open_scalars(const arkjs_request *request, napi_value *result);

#endif
