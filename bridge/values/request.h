/* A call of one of the module's own functions: its arguments and its result.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_REQUEST_H
#define ARKJS_REQUEST_H

#include "values/value.h"

/* One call of one of the module's functions. */
typedef struct arkjs_request {
  arkjs_env *env;
  ark_arena *arena;     /* lives until the function returns */
  const char *function; /* the function's name, for messages */
  size_t count;         /* the number of arguments passed */
  napi_value *values;   /* as many as the function can take; those that were not passed are undefined */
  ark_error *error;
} arkjs_request;

/* The site of argument `index`, counted from 0. */
arkjs_site arkjs_argument(const arkjs_request *request, size_t index);

/* Convert arguments of the types that the module's functions take. They fail with ARK_INVALID_ARG_TYPE. Text lives in
 * the request's arena. `absent` is the value of an argument that was not passed. */
ark_status arkjs_text_argument(const arkjs_request *request, size_t index, const char **out);

/* Converts an address, or an object or function whose `ptr` is one: a symbol, a callback, a value of a struct. Reading
 * `ptr` may run JavaScript, so no other argument may have been converted before. */
ark_status arkjs_address_argument(const arkjs_request *request, size_t index, uintptr_t *out);

/* The same, with the bytes that are there in *size: SIZE_MAX for an address, of which only the caller knows them. */
ark_status arkjs_memory_argument(const arkjs_request *request, size_t index, uintptr_t *out, size_t *size);

ark_status arkjs_bool_argument(const arkjs_request *request, size_t index, bool absent, bool *out);

/* Converts a handle that is a number. *out is 0, which is no handle, when the number cannot be a handle. `expected`
 * describes the argument, as in "number (the handle of a call)". Fails with ARK_INVALID_ARG_TYPE. */
ark_status arkjs_handle_argument(const arkjs_request *request, size_t index, const char *expected, ark_handle *out);

/* The types of a function as text from JavaScript. */
typedef struct arkjs_type_text {
  const char *args, *result;
} arkjs_type_text;

/* Converts arguments `index` and `index` + 1. Fails with ARK_INVALID_ARG_TYPE. */
ark_status arkjs_types_argument(const arkjs_request *request, size_t index, arkjs_type_text *out);

/* Sets *result to an address. Fails with ARK_NO_MEMORY or ARKJS_PENDING. */
ark_status arkjs_answer_address(const arkjs_request *request, uintptr_t address, napi_value *result);

#endif
