#include "v8/native.h"

/* For the self-test: returns its argument if the isolate is in the expected place. */
static void native_give_back(arkjs_v8_native_call call) {
  const char *reason;
  const arkjs_v8_symbols *symbols = arkjs_v8_find(&reason);
  if (call.isolate == symbols->current_isolate()) *call.result = *(const uintptr_t *)(const void *)call.argument;
}

static void native_give_back_before_14(const void *info) {
  native_give_back(arkjs_v8_native_call_before_14(info));
}

static void native_give_back_since_14(const void *info) {
  native_give_back(arkjs_v8_native_call_since_14(info));
}

static napi_value native_create(const arkjs_v8_symbols *symbols, const arkjs_v8_native *native) {
  void *isolate = symbols->current_isolate();
  void (*callback)(const void *) = symbols->major < 14 ? native->before_14 : native->since_14;
  napi_value blank = symbols->create_template(isolate, callback, NULL, NULL, 0, 0, 0, NULL, 0, 0, 0);
  return blank ? symbols->function_of_template(blank, symbols->current_context(isolate)) : NULL;
}

static bool native_works(napi_env napi, const arkjs_v8_symbols *symbols) {
  static const arkjs_v8_native test = {native_give_back_before_14, native_give_back_since_14};
  napi_value function = native_create(symbols, &test), receiver, given, got;
  bool is_same = false;
  return function && napi_create_object(napi, &given) == napi_ok && napi_get_undefined(napi, &receiver) == napi_ok &&
         napi_call_function(napi, receiver, function, 1, &given, &got) == napi_ok &&
         napi_strict_equals(napi, given, got, &is_same) == napi_ok && is_same;
}

napi_value arkjs_v8_create_native(napi_env napi, const arkjs_v8_symbols *symbols, const arkjs_v8_native *native) {
  return native_works(napi, symbols) ? native_create(symbols, native) : NULL;
}
