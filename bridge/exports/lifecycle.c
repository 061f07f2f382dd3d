#include "exports/lifecycle.h"
#include "async/cancel_group.h"
#include "async/executor.h"
#include "async/lanes.h"
#include "async/waves.h"
#include "callbacks/borrow.h"
#include "calls/pump.h"
#include "engines/portable.h"
#include "engines/v8.h"
#include "env/mailbox.h"
#include "env/other_ways.h"
#include "functions/definitions.h"
#include "functions/function.h"
#include "functions/open_library.h"
#include "v8/caller.h"
#include "v8/gates.h"

/* Runs on the JavaScript thread when JavaScript has ended: closes what is still open, children first. */
static void lifecycle_end(void *data) {
  arkjs_env *env = data;
  env->has_ended = true;
  arkjs_other_ways_end(env);
  arkjs_callbacks_end(env);
  arkjs_mailbox_close(env);
  arkjs_pumps_end(env);
  arkjs_lanes_end(env);
  arkjs_executor_end(env);
  arkjs_cancel_groups_end(env);
  arkjs_libraries_end(env);
  arkjs_v8_end(env);
  arkjs_waves_end(env);
  arkjs_slots_end(env);
  ark_handles_destroy(&env->libraries);
  ark_handles_destroy(&env->callbacks);
  arkjs_intrinsics_release(&env->intrinsics, env->napi);
  env->napi = NULL;
  arkjs_env_release(env);
}

/* After exit no result can be delivered. So nothing that is queued starts, and waiting threads are released before
 * the host joins them. */
static void lifecycle_exit(arkjs_env *env) {
  arkjs_executor_stop(env);
  arkjs_lanes_stop(env);
  arkjs_mailbox_close(env);
}

static void lifecycle_free_env(arkjs_env *env) {
  arkjs_executor_free(env->executor);
  arkjs_v8_free(env);
  arkjs_v8_free_caller(env);
  arkjs_waves_free(env);
  arkjs_slots_free(env);
}

static void lifecycle_free_function(arkjs_function *function) {
  arkjs_slots_dismiss(function);
  arkjs_v8_release_function(function);
  arkjs_callbacks_forget(function);
}

static void lifecycle_close_library(arkjs_library *library) {
  arkjs_slots_count_closing(library->env);
  arkjs_library_forget(library);
  arkjs_callbacks_end_library(library);
  arkjs_library_end_lane(library);
}

static const arkjs_hooks lifecycle_hooks = {.exit = lifecycle_exit,
                                            .free_env = lifecycle_free_env,
                                            .free_function = lifecycle_free_function,
                                            .close_library = lifecycle_close_library,
                                            .unmap_library = arkjs_callbacks_end_unmapped,
                                            .find_way = arkjs_v8_update_gates};

arkjs_env *arkjs_lifecycle_begin(napi_env napi) {
  arkjs_env *env = arkjs_env_create(napi, &lifecycle_hooks);
  if (!env) return NULL;
  bool is_whole = arkjs_intrinsics_take(&env->intrinsics, napi);
  if (is_whole && napi_add_env_cleanup_hook(napi, lifecycle_end, env) == napi_ok) {
    arkjs_other_ways_begin(env);
    arkjs_other_ways_look(env);
    return env;
  }
  arkjs_env_release(env);
  return NULL;
}
