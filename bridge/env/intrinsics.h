/* The JavaScript built-ins that arkffi uses. They are taken when the module loads, before a program can replace them.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_INTRINSICS_H
#define ARKJS_INTRINSICS_H

#include <node_api.h>
#include <stdbool.h>

typedef struct arkjs_intrinsics {
  napi_ref array_buffer_class, byte_array_class, array_class;
  napi_ref array_of;             /* of Array */
  napi_ref function_prototype;   /* of Function */
  napi_ref object_prototype;     /* of Object */
  napi_ref resizable_getter;     /* of ArrayBuffer.prototype; NULL when the host has none */
  napi_ref shared_length_getter; /* byteLength of SharedArrayBuffer.prototype; NULL when the host has none */
  napi_ref promise_then;         /* of Promise.prototype */
  napi_ref place_key; /* a symbol: the key of the place of an object of arkffi's, see ts/src/base/pointer.ts */
  napi_ref aliases;   /* a WeakMap, see v8/alias.h; it and its methods are NULL when the host has none */
  napi_ref aliases_get, aliases_set;
  napi_ref set_timeout;                          /* the global function; NULL when the host has none */
  napi_ref finish_error, explain_value, rethrow; /* functions of the TypeScript layer; NULL until set, see throw.h */
} arkjs_intrinsics;

/* Sets all members, which must be NULL before. False when the host lacks a required built-in. */
bool arkjs_intrinsics_take(arkjs_intrinsics *intrinsics, napi_env napi);

/* Deletes all references. */
void arkjs_intrinsics_release(const arkjs_intrinsics *intrinsics, napi_env napi);

#endif
