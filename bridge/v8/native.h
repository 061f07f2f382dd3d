/* Native functions that V8 calls directly from any code, without Node-API around them. They create objects on V8's
 * heap, which the C functions of fast calls must not do.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_NATIVE_H
#define ARKJS_V8_NATIVE_H

#include "v8/symbols.h"

/* v8::FunctionCallbackInfo: a call of a native function with one argument. Handles created during the call end with
 * it. */
typedef struct arkjs_v8_native_call {
  void *isolate;
  napi_value argument;
  uintptr_t *result; /* the result; undefined until it is set to what a handle points to */
} arkjs_v8_native_call;

/* In V8 11 to 13 the info has a pointer to V8's words and one to the arguments. */
static inline arkjs_v8_native_call arkjs_v8_native_call_before_14(const void *info) {
  enum { ISOLATE = 1, RESULT = 3 };
  uintptr_t *const *words = (uintptr_t *const *)info;
  return (arkjs_v8_native_call){(void *)words[0][ISOLATE], (napi_value)words[1], &words[0][RESULT]};
}

/* In V8 14 the info is the stack itself. */
static inline arkjs_v8_native_call arkjs_v8_native_call_since_14(const void *info) {
  enum { ISOLATE = 5, RESULT = 6, ARGUMENT = 10 };
  uintptr_t *words = (uintptr_t *)(uintptr_t)info;
  return (arkjs_v8_native_call){(void *)words[ISOLATE], (napi_value)&words[ARGUMENT], &words[RESULT]};
}

/* The C functions to call, one for each layout of v8::FunctionCallbackInfo. */
typedef struct arkjs_v8_native {
  void (*before_14)(const void *info);
  void (*since_14)(const void *info);
} arkjs_v8_native;

/* Creates a native function. NULL when the layout of calls is not as expected, or when out of memory. */
napi_value arkjs_v8_create_native(napi_env napi, const arkjs_v8_symbols *symbols, const arkjs_v8_native *native);

#endif
