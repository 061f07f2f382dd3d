/* The module's function for errors, see env/throw.h.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_ERRORS_H
#define ARKJS_ERRORS_H

#include "values/request.h"

ark_status arkjs_finish_errors(const arkjs_request *request, napi_value *result);

#endif
