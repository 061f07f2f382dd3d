/* The module's functions for memory, strings, addresses of buffers, and struct layouts.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_MEMORY_H
#define ARKJS_MEMORY_H

#include "values/request.h"

ark_status arkjs_read_c_string(const arkjs_request *request, napi_value *result);
ark_status arkjs_read_text(const arkjs_request *request, napi_value *result);
ark_status arkjs_encode_text(const arkjs_request *request, napi_value *result);
ark_status arkjs_read_into(const arkjs_request *request, napi_value *result);
ark_status arkjs_read_memory(const arkjs_request *request, napi_value *result);
ark_status arkjs_write_memory(const arkjs_request *request, napi_value *result);
ark_status arkjs_ptr(const arkjs_request *request, napi_value *result);
ark_status arkjs_layout_of(const arkjs_request *request, napi_value *result);

#endif
