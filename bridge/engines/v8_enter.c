#include "engines/v8_enter.h"
#include "engines/portable.h"
#include "env/plain.h"
#include "v8/create.h"

/* `env` is the address of the environment, which JavaScript has as a number. */
static int32_t v8_enter_call(const void *receiver, double env, int32_t number) {
  (void)receiver;
  return arkjs_slots_call_at_once((arkjs_env *)(uintptr_t)env, (uint32_t)number);
}

napi_status arkjs_v8_share_enter(arkjs_env *env, const arkjs_v8_symbols *symbols, napi_value shared) {
  const char key[] = {arkjs_v8_letter(ARK_PASS_DOUBLE), arkjs_v8_letter(ARK_PASS_INT32),
                      arkjs_v8_letter(ARK_PASS_INT32), '\0'};
  const arkjs_v8_info *info = arkjs_v8_describe(symbols, key);
  napi_value address, function = info ? arkjs_v8_create(symbols, info, (const void *)(uintptr_t)v8_enter_call) : NULL;
  if (!function) return napi_generic_failure;
  napi_status status = arkjs_plain_set(env->napi, shared, "enter", function);
  if (status == napi_ok) status = napi_create_double(env->napi, (double)(uintptr_t)env, &address);
  return status == napi_ok ? arkjs_plain_set(env->napi, shared, "environment", address) : status;
}
