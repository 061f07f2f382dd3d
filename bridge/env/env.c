#include "env/env.h"
#include "arkffi/alloc.h"
#include "arkffi/library.h"
#include "arkffi/plan.h"

bool arkjs_env_can_run(arkjs_env *env) {
  return arkjs_host_can_run(env->napi);
}

arkjs_env *arkjs_env_create(napi_env napi, const arkjs_hooks *hooks) {
  arkjs_env *env = ark_alloc(1, sizeof *env);
  if (!env) return NULL;
  env->napi = napi;
  env->hooks = hooks;
  env->thread = ark_thread_id();
  env->stack_size = UINTPTR_MAX;
  env->references = 1;
  ark_handles_init(&env->libraries);
  ark_handles_init(&env->callbacks);
  ark_handles_init(&env->cancel_groups);
  ark_lock_init(&env->lock);
  ark_condition_init(&env->pumped);
  env->folder = ark_folder_of((const void *)(uintptr_t)arkjs_env_create);
  env->host = arkjs_host_examine(napi);
  return env;
}

void arkjs_env_retain(arkjs_env *env) {
  env->references++;
}

void arkjs_env_release(arkjs_env *env) {
  if (--env->references) return;
  env->hooks->free_env(env);
  ark_condition_destroy(&env->pumped);
  ark_lock_destroy(&env->lock);
  ark_free(env->bindings);
  ark_free(env->folder);
  ark_free(env->library_path);
  ark_free(env);
}
