/* The module's functions that create, call and close callbacks.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_CALLBACKS_H
#define ARKJS_CALLBACKS_H

#include "values/request.h"

ark_status arkjs_create_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_bind_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_callback_ptr(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_callback_threadsafe(const arkjs_request *request, napi_value *result);
ark_status arkjs_invoke_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_hold_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_destroy_callback(const arkjs_request *request, napi_value *result);

/* Posts a call with one argument. There is no limit, and the call keeps the process alive. */
ark_status arkjs_call_callback_thread_safe(const arkjs_request *request, napi_value *result);

#endif
