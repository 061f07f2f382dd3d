/* The module's function that reads C declarations.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_DECLARATIONS_H
#define ARKJS_DECLARATIONS_H

#include "values/request.h"

/* parseDeclarations(text): describes the declarations of the text in JSON. */
ark_status arkjs_parse_declarations(const arkjs_request *request, napi_value *result);

#endif
