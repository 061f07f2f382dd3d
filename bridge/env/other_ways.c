#include "env/other_ways.h"
#include "arkffi/library.h"
#include "arkffi/process.h"
#include <string.h>

/* The environments of this thread. */
static _Thread_local arkjs_env *other_newest;

static void other_found(arkjs_env *env) {
  if (env->has_other_ways) return;
  env->has_other_ways = true;
  env->hooks->find_way(env);
}

void arkjs_other_ways_begin(arkjs_env *env) {
  env->next_on_thread = other_newest;
  other_newest = env;
  for (arkjs_env *one = other_newest; one && other_newest->next_on_thread; one = one->next_on_thread) other_found(one);
}

void arkjs_other_ways_end(arkjs_env *env) {
  arkjs_env **link = &other_newest;
  while (*link && *link != env) link = &(*link)->next_on_thread;
  if (*link) *link = env->next_on_thread;
}

static bool other_begins(const char *name, const char *beginning) {
  return strncmp(name, beginning, strlen(beginning)) == 0;
}

/* Whether a function of the host runs JavaScript: of Node-API, of libuv, of V8 and of Node.js. Those of C++ have the
 * beginnings of names that compilers give to all overloads. */
static bool other_runs_js(const char *name) {
  static const char *const beginnings[] = {
      "napi_call_function",
      "napi_make_callback",
      "napi_new_instance",
      "napi_run_script",
      "uv_run",
      "_ZN2v88Function4CallE",
      "_ZNK2v88Function11NewInstance",
      "_ZN2v86Object14CallAsFunctionE",
      "_ZN2v86Object17CallAsConstructorE",
      "_ZN2v86Script3RunE",
      "_ZN2v86Module8EvaluateE",
      "_ZN4node12MakeCallbackE",
      "_ZN4node13SpinEventLoopE",
  };
  for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
    if (other_begins(name, beginnings[i])) return true;
  }
  return false;
}

static bool other_is_node_api(const char *name) {
  return other_begins(name, "napi_");
}

/* What a look through the objects of the process needs. Found before it begins: the loader's functions must not be
 * called meanwhile, because another thread may hold one of its locks and wait for the other. */
typedef struct other_search {
  const void *node_api, *event_loop; /* functions of the host; the second is NULL where it has none */
  const void *address;               /* of the code that is looked for */
} other_search;

static other_search other_begin_search(const void *address) {
  return (other_search){(const void *)(uintptr_t)napi_create_function, ark_process_symbol("uv_run"), address};
}

static bool other_is_host(const other_search *search, const ark_object *object) {
  return ark_object_contains(object, search->node_api) || ark_object_contains(object, search->event_loop);
}

/* A native module that imports nothing of Node-API looks its functions up when it is loaded. */
static bool other_enters_js(const void *context, const ark_object *object) {
  const other_search *search = context;
  if (ark_object_contains(object, search->address) || other_is_host(search, object)) return false;
  if (ark_object_imports(object, other_runs_js)) return true;
  return ark_object_exports(object, "napi_register_module_v1") && !ark_object_imports(object, other_is_node_api);
}

void arkjs_other_ways_look(arkjs_env *env) {
  if (env->has_other_ways) return;
  uint64_t loads = ark_process_loads();
  if (loads && loads == env->loads) return;
  env->loads = loads;
  other_search search = other_begin_search((const void *)(uintptr_t)arkjs_other_ways_look);
  if (ark_process_has(other_enters_js, &search)) other_found(env);
}

static bool other_is_code_of_host(const void *context, const ark_object *object) {
  const other_search *search = context;
  return ark_object_contains(object, search->address) && other_is_host(search, object);
}

bool arkjs_other_ways_contain(const void *address) {
  other_search search = other_begin_search(address);
  return ark_process_has(other_is_code_of_host, &search);
}
