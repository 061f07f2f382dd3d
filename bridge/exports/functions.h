/* The module's functions that define, bind and call C functions.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_FUNCTIONS_H
#define ARKJS_FUNCTIONS_H

#include "values/request.h"

ark_status arkjs_define_function(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_by_sig(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_mixed(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_string(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_ptr(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_async(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_ptr_async(const arkjs_request *request, napi_value *result);
ark_status arkjs_call_string_async(const arkjs_request *request, napi_value *result);
ark_status arkjs_bind(const arkjs_request *request, napi_value *result);
ark_status arkjs_bind_address(const arkjs_request *request, napi_value *result);

/* Rejects the promise of a call at once. A call that has not started will not run; one that runs continues to its
 * end. */
ark_status arkjs_cancel_call(const arkjs_request *request, napi_value *result);

#endif
