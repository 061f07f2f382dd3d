#include "engines/host_entry.h"
#include "arkffi/alloc.h"
#include "arkffi/library.h"
#include "env/host.h"
#include "env/plain.h"
#include <string.h>

#if defined(__GLIBC__) && !defined(ARKFFI_OPENHARMONY)

typedef void entry_code(void);

/* What the symbol is on this thread, and whether somebody has looked it up since then. */
static _Thread_local entry_code *entry_target;
static _Thread_local bool entry_is_taken;

static void entry_nothing(void) {}

/* Another copy of the module, which a host may have opened instead of this one, has nothing to aim at. Clang does not
 * know that ifunc uses it. */
__attribute__((used)) static entry_code *entry_resolve(void) {
  entry_is_taken = true;
  return entry_target ? entry_target : entry_nothing;
}

__attribute__((visibility("default"), ifunc("entry_resolve"))) entry_code arkjs_host_entry;

/* Aims the symbol at the address that is given. Returns whether it has been looked up since it was last aimed. */
static napi_value entry_aim(napi_env napi, napi_callback_info info) {
  size_t count = 1;
  napi_value address, result = NULL;
  double number = 0;
  bool was_taken = entry_is_taken;
  napi_get_cb_info(napi, info, &count, &address, NULL, NULL);
  napi_get_value_double(napi, address, &number);
  entry_target = (entry_code *)(uintptr_t)number;
  entry_is_taken = false;
  napi_get_boolean(napi, was_taken, &result);
  return result;
}

static napi_status entry_describe(arkjs_env *env, const char *path, napi_value out) {
  napi_env napi = env->napi;
  napi_value entry, value;
  napi_status status = napi_create_object(napi, &entry);
  if (status == napi_ok) status = arkjs_host_create_text(&env->host, napi, path, strlen(path), &value);
  if (status == napi_ok) status = arkjs_plain_set(napi, entry, "path", value);
  if (status == napi_ok) status = napi_create_string_latin1(napi, "arkjs_host_entry", NAPI_AUTO_LENGTH, &value);
  if (status == napi_ok) status = arkjs_plain_set(napi, entry, "symbol", value);
  if (status == napi_ok) status = napi_create_function(napi, "aim", NAPI_AUTO_LENGTH, entry_aim, env, &value);
  if (status == napi_ok) status = arkjs_plain_set(napi, entry, "aim", value);
  return status == napi_ok ? arkjs_plain_set(napi, out, "entry", entry) : status;
}

napi_status arkjs_host_share_entry(arkjs_env *env, napi_value out) {
  char *path = ark_path_of((const void *)(uintptr_t)entry_aim);
  napi_status status = path ? entry_describe(env, path, out) : napi_ok;
  ark_free(path);
  return status;
}

#else

napi_status arkjs_host_share_entry(arkjs_env *env, napi_value out) {
  (void)env;
  (void)out;
  return napi_ok;
}

#endif
