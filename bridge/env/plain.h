/* Arrays and objects that arkffi makes. Their elements and properties are defined, not set: setting one runs a setter
 * that the program may have put on Array.prototype or Object.prototype.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_PLAIN_H
#define ARKJS_PLAIN_H

#include "env/env.h"

/* An array of `count` values. */
napi_status arkjs_plain_list(arkjs_env *env, size_t count, const napi_value *values, napi_value *out);

/* Defines a property of an object, or the element of an array at `index`. Of many elements arkjs_plain_list is faster.
 */
napi_status arkjs_plain_set(napi_env napi, napi_value object, const char *name, napi_value value);
napi_status arkjs_plain_set_element(napi_env napi, napi_value array, uint32_t index, napi_value value);

#endif
