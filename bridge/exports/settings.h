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

#endif
