/* The module's functions for buffers over C memory, for memory that arkffi allocates for C, and for detaching
 * buffers.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_EXTERNAL_H
#define ARKJS_EXTERNAL_H

#include "values/request.h"

ark_status arkjs_to_array_buffer(const arkjs_request *request, napi_value *result);
ark_status arkjs_allocate(const arkjs_request *request, napi_value *result);
ark_status arkjs_release(const arkjs_request *request, napi_value *result);
ark_status arkjs_detach(const arkjs_request *request, napi_value *result);

#endif
