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
ark_status arkjs_can_bind(const arkjs_request *request, napi_value *result);
ark_status arkjs_bind_address(const arkjs_request *request, napi_value *result);

/* Groups of calls that are cancelled together, see async/cancel_group.h. */
ark_status arkjs_open_cancel_group(const arkjs_request *request, napi_value *result);
ark_status arkjs_close_cancel_group(const arkjs_request *request, napi_value *result);
ark_status arkjs_cancel_calls(const arkjs_request *request, napi_value *result);

#endif
