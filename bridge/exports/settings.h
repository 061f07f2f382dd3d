/* The module's function for settings: what environment variables say too, for programs that cannot set those.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_SETTINGS_H
#define ARKJS_SETTINGS_H

#include "values/request.h"

/* Checked mode, and the folders that libraries are searched for in. The engine is the TypeScript layer's: only its name
 * is checked here. Changes nothing when a setting is unknown or has a wrong value. */
ark_status arkjs_configure(const arkjs_request *request, napi_value *result);

/* Reads the environment variables that are settings of the process, each time an environment begins. Fails with
 * ARK_INVALID_ARG_TYPE for a value that means nothing. The variable of the engine is the TypeScript layer's. */
ark_status arkjs_read_variables(ark_error *error);

#endif
