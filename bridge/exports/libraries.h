/* The module's functions that open, search and close libraries.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_LIBRARIES_H
#define ARKJS_LIBRARIES_H

#include "functions/open_library.h"
#include "values/request.h"

/* The open library of a handle argument. Fails with ARK_INVALID_ARG_TYPE, ARK_INVALID_HANDLE or ARK_LIBRARY_CLOSED. */
ark_status arkjs_library_argument(const arkjs_request *request, size_t index, arkjs_library **out);

ark_status arkjs_load(const arkjs_request *request, napi_value *result);
ark_status arkjs_open_library(const arkjs_request *request, napi_value *result);
ark_status arkjs_find_library(const arkjs_request *request, napi_value *result);
ark_status arkjs_list_symbols(const arkjs_request *request, napi_value *result);
ark_status arkjs_check_open(const arkjs_request *request, napi_value *result);
ark_status arkjs_close(const arkjs_request *request, napi_value *result);
ark_status arkjs_open_lane(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_symbol_ptr(const arkjs_request *request, napi_value *result);
ark_status arkjs_symbol_ptr(const arkjs_request *request, napi_value *result);

#endif
