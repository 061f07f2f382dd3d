/* The site of a value in a call, which messages about the value name, and the flags of a call.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_SITE_H
#define ARKJS_SITE_H

#include "arkffi/arena.h"
#include "env/throw.h"

/* As the number of an argument: the typed array that receives the results of a batch. */
#define ARKJS_OUT SIZE_MAX

/* The site of a value: how messages name it, and where memory for its text comes from. */
typedef struct arkjs_site {
  arkjs_env *env;
  ark_arena *arena;     /* may be NULL when nothing is converted to C */
  const char *function; /* its name in messages */
  size_t argument;      /* counted from 1; 0 for the result, ARKJS_OUT for the array of results */
  ark_error *error;
  const char *parameters; /* names of the parameters, each before a newline but the last; NULL when there are none */
} arkjs_site;

/* The name of a parameter among `parameters`, counted from 1: *length bytes, 0 when it has no name. */
const char *arkjs_parameter_name(const char *parameters, size_t number, size_t *length);

/* Fails with a message that begins with "function: argument N: ", or "function: argument N (name): ". */
ark_status arkjs_fail_at(const arkjs_site *site, ark_status status, const char *format, ...) ARK_PRINTF(3, 4);

/* The kind of a value as messages call it: `typeof`, and "null" for null. Static. */
const char *arkjs_kind_name(arkjs_env *env, napi_value value);

/* Fails with ARK_INVALID_ARG_TYPE and "expected …, got …"; the second is the kind of `value`. */
ark_status arkjs_fail_type(const arkjs_site *site, const char *expected, napi_value value);

/* Call flags: how results look to the caller, and how the function is called. They can be combined. */
typedef enum arkjs_call_flags {
  ARKJS_PLAIN = 0,
  ARKJS_NUMERIC_BOOL = 1,   /* a bool is 0 or 1, as in the raw bridge */
  ARKJS_EMPTY_FOR_NULL = 2, /* a NULL string is '', as in callString */
  ARKJS_WITH_ERRNO = 4,     /* of a function: the result is { value, errno } */
  ARKJS_PUMPED = 8,         /* of a function: a synchronous call runs callbacks of other threads while it waits */
} arkjs_call_flags;

#endif
