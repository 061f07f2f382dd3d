/* The JavaScript objects that arkffi uses, taken when the module loads, before a program can replace them.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_INTRINSICS_H
#define ARKJS_INTRINSICS_H

#include <node_api.h>
#include <stdbool.h>

typedef struct arkjs_intrinsics {
  napi_ref array_buffer_class, byte_array_class;
  napi_ref resizable_getter;     /* of ArrayBuffer.prototype; NULL where the host has none */
  napi_ref shared_length_getter; /* byteLength of SharedArrayBuffer.prototype; NULL where the host has none */
  napi_ref promise_then;         /* of Promise.prototype */
  napi_ref aliases;              /* a WeakMap, see alias.h; NULL, with its methods, where the host has none */
  napi_ref aliases_get, aliases_set;
} arkjs_intrinsics;

/* Sets all members, which are NULL before. False where one is missing that every host must have. */
bool arkjs_intrinsics_take(arkjs_intrinsics *intrinsics, napi_env napi);

/* Deletes the references. */
void arkjs_intrinsics_release(const arkjs_intrinsics *intrinsics, napi_env napi);

#endif
