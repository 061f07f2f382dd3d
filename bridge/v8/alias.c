#include "v8/alias.h"
#include "arkffi/library.h"
#include <stdatomic.h>

/* V8's own functions, under the names that C++ compilers give them; Node.js 20 to 26 exports them. A napi_value is the
 * address of the handle that C++ calls v8::Local, so it is also `this`. A std::shared_ptr is two pointers, which C++
 * returns where the caller says and takes by address; one more makes C return it the same way. */
typedef struct shared_store {
  void *store, *counts, *more;
} shared_store;

static struct {
  void *(*current_isolate)(void);
  bool (*is_detachable)(napi_value buffer);
  shared_store (*get_store)(napi_value buffer);
  napi_value (*create_buffer)(void *isolate, shared_store *store);
} v8;

static void *find_either(const char *name, const char *other) {
  void *found = ark_process_symbol(name);
  return found ? found : ark_process_symbol(other);
}

static bool find_v8(void) {
  static atomic_int state; /* 0 unknown, 1 there, 2 not there; finding it twice does no harm */
  if (state == 0) {
    void *isolate = ark_process_symbol("_ZN2v87Isolate10GetCurrentEv");
    void *detachable = ark_process_symbol("_ZNK2v811ArrayBuffer12IsDetachableEv");
    void *store = ark_process_symbol("_ZN2v811ArrayBuffer15GetBackingStoreEv");
    void *create = find_either("_ZN2v811ArrayBuffer3NewEPNS_7IsolateESt10shared_ptrINS_12BackingStoreEE",
                               "_ZN2v811ArrayBuffer3NewEPNS_7IsolateENSt3__110shared_ptrINS_12BackingStoreEEE");
    v8.current_isolate = (void *(*)(void))(uintptr_t)isolate;
    v8.is_detachable = (bool (*)(napi_value))(uintptr_t)detachable;
    v8.get_store = (shared_store(*)(napi_value))(uintptr_t)store;
    v8.create_buffer = (napi_value(*)(void *, shared_store *))(uintptr_t)create;
    state = isolate && detachable && store && create ? 1 : 2;
  }
  return state == 1;
}

/* A second ArrayBuffer over the same memory, which keeps it alive whatever becomes of the first. NULL when the host
 * made something else. */
static napi_value create_alias(arkjs_env *env, napi_value buffer) {
  shared_store store = v8.get_store(buffer);
  napi_value alias = v8.create_buffer(v8.current_isolate(), &store);
  void *data, *alias_data;
  size_t size, alias_size;
  if (napi_get_arraybuffer_info(env->napi, buffer, &data, &size) != napi_ok) return NULL;
  if (napi_get_arraybuffer_info(env->napi, alias, &alias_data, &alias_size) != napi_ok) return NULL;
  return data == alias_data && size == alias_size ? alias : NULL;
}

bool arkjs_v8_can_alias(const arkjs_env *env) {
  return find_v8() && env->intrinsics.aliases;
}

static napi_value take_value(arkjs_env *env, napi_ref reference) {
  napi_value value = NULL;
  return napi_get_reference_value(env->napi, reference, &value) == napi_ok ? value : NULL;
}

/* The alias of a buffer: one for as long as the buffer itself lives, because V8 counts the memory of each, and one for
 * each call would have it collect garbage all the time. */
napi_value arkjs_v8_alias_of(arkjs_env *env, napi_value buffer) {
  napi_value map = take_value(env, env->intrinsics.aliases), get = take_value(env, env->intrinsics.aliases_get);
  napi_value set = take_value(env, env->intrinsics.aliases_set), alias, ignored;
  napi_valuetype type = napi_undefined;
  if (napi_call_function(env->napi, map, get, 1, &buffer, &alias) != napi_ok) return NULL;
  if (napi_typeof(env->napi, alias, &type) == napi_ok && type == napi_object) return alias;
  alias = create_alias(env, buffer);
  napi_value pair[] = {buffer, alias};
  return alias && napi_call_function(env->napi, map, set, 2, pair, &ignored) == napi_ok ? alias : NULL;
}

bool arkjs_v8_is_undetachable(napi_value buffer) {
  return find_v8() && !v8.is_detachable(buffer);
}
