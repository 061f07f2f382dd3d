/* C declarations as text.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_DECLARATIONS_H
#define ARKJS_DECLARATIONS_H

#include "values/request.h"

/* parseDeclarations(text): what the text declares, as JSON. */
ark_status arkjs_parse_declarations(const arkjs_request *request, napi_value *result);

#endif
