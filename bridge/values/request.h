/* A call of one of the module's own functions: what it is given, and how it answers.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_REQUEST_H
#define ARKJS_REQUEST_H

#include "values/value.h"

/* One call of one of the module's functions. */
typedef struct arkjs_request {
  arkjs_env *env;
  ark_arena *arena;     /* lives until the function has answered */
  const char *function; /* its name, for messages */
  size_t count;         /* of the arguments that came */
  napi_value *values;   /* as many as the function takes at most; those that did not come are undefined */
  ark_error *error;
} arkjs_request;

/* Where argument `index`, counted from 0, stands. */
arkjs_site arkjs_argument(const arkjs_request *request, size_t index);

/* Arguments of the types that the module's functions take. All fail with ARK_INVALID_ARG_TYPE. Text lives in the
 * request's arena. */
ark_status arkjs_text_argument(const arkjs_request *request, size_t index, const char **out);

ark_status arkjs_bool_argument(const arkjs_request *request, size_t index, bool absent, bool *out);

/* A handle that is a number of what `expected` says, as "number (the handle of a call)": 0, which is none, where the number
 * cannot be one. Fails with ARK_INVALID_ARG_TYPE. */
ark_status arkjs_handle_argument(const arkjs_request *request, size_t index, const char *expected, ark_handle *out);

/* The types of a function, as text, as they come from JavaScript. */
typedef struct arkjs_type_text {
  const char *args, *result;
} arkjs_type_text;

/* From argument `index` and the next. */
ark_status arkjs_types_argument(const arkjs_request *request, size_t index, arkjs_type_text *out);

/* Answers with an address. */
ark_status arkjs_answer_address(const arkjs_request *request, uintptr_t address, napi_value *result);

#endif
