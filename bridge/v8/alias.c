#include "v8/alias.h"
#include "v8/symbols.h"

/* Creates an alias. NULL when the host created something else. */
static napi_value alias_create(arkjs_env *env, napi_value buffer) {
  const arkjs_v8_symbols *v8 = arkjs_v8_find_for(ARKJS_V8_BUFFERS);
  arkjs_v8_store store = v8->get_store(buffer);
  napi_value alias = v8->create_buffer(v8->current_isolate(), &store);
  void *data, *alias_data;
  size_t size, alias_size;
  if (napi_get_arraybuffer_info(env->napi, buffer, &data, &size) != napi_ok) return NULL;
  if (napi_get_arraybuffer_info(env->napi, alias, &alias_data, &alias_size) != napi_ok) return NULL;
  return data == alias_data && size == alias_size ? alias : NULL;
}

bool arkjs_v8_can_alias(const arkjs_env *env) {
  return arkjs_v8_find_for(ARKJS_V8_BUFFERS) && env->intrinsics.aliases;
}

static napi_value alias_take_value(arkjs_env *env, napi_ref reference) {
  napi_value value = NULL;
  return napi_get_reference_value(env->napi, reference, &value) == napi_ok ? value : NULL;
}

/* There is one alias for as long as the buffer lives. V8 counts the memory of each alias, so one alias per call would
 * make it collect garbage all the time. */
napi_value arkjs_v8_alias_of(arkjs_env *env, napi_value buffer) {
  napi_value map = alias_take_value(env, env->intrinsics.aliases),
             get = alias_take_value(env, env->intrinsics.aliases_get);
  napi_value set = alias_take_value(env, env->intrinsics.aliases_set), alias, ignored;
  napi_valuetype type = napi_undefined;
  if (napi_call_function(env->napi, map, get, 1, &buffer, &alias) != napi_ok) return NULL;
  if (napi_typeof(env->napi, alias, &type) == napi_ok && type == napi_object) return alias;
  alias = alias_create(env, buffer);
  napi_value pair[] = {buffer, alias};
  return alias && napi_call_function(env->napi, map, set, 2, pair, &ignored) == napi_ok ? alias : NULL;
}

bool arkjs_v8_is_undetachable(napi_value buffer) {
  const arkjs_v8_symbols *v8 = arkjs_v8_find_for(ARKJS_V8_BUFFERS);
  return v8 && !v8->is_detachable(buffer);
}
