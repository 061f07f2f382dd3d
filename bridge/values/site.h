/* Where a value stands in a call: what the messages about it say, and how results look.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_SITE_H
#define ARKJS_SITE_H

#include "arkffi/arena.h"
#include "env/throw.h"

/* As the place of a value: the typed array that gets the results of a batch. */
#define ARKJS_OUT SIZE_MAX

/* Where a value stands: what its errors say, and where the memory for its text comes from. */
typedef struct arkjs_site {
  arkjs_env *env;
  ark_arena *arena;     /* may be NULL where nothing is converted to C */
  const char *function; /* the name in messages */
  size_t argument;      /* counted from 1; 0 is the result, ARKJS_OUT where it goes to */
  ark_error *error;
} arkjs_site;

/* Fails with "function: argument N: " before the message. */
ark_status arkjs_fail_at(const arkjs_site *site, ark_status status, const char *format, ...) ARK_PRINTF(3, 4);

/* What kind of value it is, as messages call it: `typeof`, and "null" for null. Static. */
const char *arkjs_kind_name(arkjs_env *env, napi_value value);

/* Fails with "expected …, got …", the type of `value` in the place of the dots. */
ark_status arkjs_fail_type(const arkjs_site *site, const char *expected, napi_value value);

/* How results look where the two layers differ; flags. */
typedef enum arkjs_call_flags {
  ARKJS_PLAIN = 0,
  ARKJS_NUMERIC_BOOL = 1,   /* a bool is 0 or 1, as the raw bridge has it */
  ARKJS_EMPTY_FOR_NULL = 2, /* a NULL string is '', as callString has it */
  ARKJS_WITH_ERRNO = 4,     /* of a function: its answer is { value, errno } */
  ARKJS_PUMPED = 8,         /* of a function: a synchronous call runs callbacks of other threads while it waits */
} arkjs_call_flags;

#endif
