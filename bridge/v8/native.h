/* Native functions that V8 calls from any code, optimised or not, with nothing of Node-API's around them. They are for what
 * V8 has to make on its heap, which C that is called with nothing in between must not do.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_NATIVE_H
#define ARKJS_V8_NATIVE_H

#include "v8/symbols.h"

/* v8::FunctionCallbackInfo: a call of such a function, with one argument. Handles that are made during it end with it. */
typedef struct arkjs_v8_native_call {
  void *isolate;
  napi_value argument;
  uintptr_t *result; /* what it points to is undefined to JavaScript until it is set, to what a handle points to */
} arkjs_v8_native_call;

/* V8 11 to 13 have a pointer to words of their own and one to the arguments. */
static inline arkjs_v8_native_call arkjs_v8_native_call_before_14(const void *info) {
  enum { ISOLATE = 1, RESULT = 3 };
  uintptr_t *const *words = (uintptr_t *const *)info;
  return (arkjs_v8_native_call){(void *)words[0][ISOLATE], (napi_value)words[1], &words[0][RESULT]};
}

/* V8 14 shows the stack itself. */
static inline arkjs_v8_native_call arkjs_v8_native_call_since_14(const void *info) {
  enum { ISOLATE = 5, RESULT = 6, ARGUMENT = 10 };
  uintptr_t *words = (uintptr_t *)(uintptr_t)info;
  return (arkjs_v8_native_call){(void *)words[ISOLATE], (napi_value)&words[ARGUMENT], &words[RESULT]};
}

/* The function that this V8 calls; one for each way of reading a call. */
typedef struct arkjs_v8_native {
  void (*before_14)(const void *info);
  void (*since_14)(const void *info);
} arkjs_v8_native;

/* NULL when calls are not laid out here as they must be, or out of memory. */
napi_value arkjs_v8_create_native(napi_env napi, const arkjs_v8_symbols *symbols, const arkjs_v8_native *native);

#endif
