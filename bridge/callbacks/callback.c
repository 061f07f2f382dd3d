#include "callbacks/callback.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "env/mailbox.h"
#include "v8/caller.h"
#include "v8/gates.h"

void arkjs_callback_release(arkjs_callback *callback) {
  if (--callback->references) return;
  if (callback->types->signature->result->kind == ARK_KIND_STRING) ark_free(callback->text);
  arkjs_types_release(callback->types);
  arkjs_env_release(callback->env);
  ark_free(callback);
}

ark_status arkjs_callback_fail_closed(const arkjs_callback *callback, ark_error *error) {
  if (callback->is_borrowed) {
    return ark_fail(error, ARK_CALLBACK_CLOSED,
                    "%s: C called this function after that call had ended: a plain function lives for one call; pass a "
                    "JSCallback, and close it when C needs it no more",
                    callback->name);
  }
  return ark_fail(error, ARK_CALLBACK_CLOSED, "%s: C called the callback after it was closed%s", callback->name,
                  callback->is_weak ? ", or collected with what kept it" : "");
}

/* While a callback is open, calls take a route from which C can re-enter JavaScript. */
void arkjs_callback_set_open(arkjs_callback *callback, bool is_open) {
  bool is_awaited = arkjs_callback_threads(callback) == ARKJS_ANY_THREAD;
  if (is_open == callback->is_closed) {
    uint32_t more = is_open ? 1 : (uint32_t)-1;
    callback->env->open_callbacks += more;
    if (is_awaited) callback->env->awaited_callbacks += more;
    arkjs_v8_update_gates(callback->env);
  }
  callback->is_closed = !is_open;
}

ark_status arkjs_callback_take(arkjs_callback *callback, napi_value function, ark_error *error) {
  arkjs_env *env = callback->env;
  napi_value pinned = callback->is_weak ? NULL : arkjs_v8_pin(env, function);
  if (pinned) {
    callback->local = pinned;
    callback->scope = ARKJS_WHILE_PINNED;
    return ARK_OK;
  }
  napi_status host = napi_create_reference(env->napi, function, !callback->is_weak, &callback->function);
  return arkjs_host_status(env, host, error);
}

void arkjs_callback_close(arkjs_callback *callback) {
  arkjs_callback_set_open(callback, false);
  if (callback->scope == ARKJS_WHILE_PINNED) arkjs_v8_unpin(callback->env, callback->local);
  callback->scope = 0;
  while (callback->awaited) callback->awaited->abandon(callback->awaited);
  if (callback->function) napi_delete_reference(callback->env->napi, callback->function);
  callback->function = NULL;
}

void arkjs_callback_hold(arkjs_callback *callback, bool is_held) {
  if (callback->is_held == is_held) return;
  callback->is_held = is_held;
  if (is_held) {
    arkjs_mailbox_retain(callback->env);
  } else {
    arkjs_mailbox_release(callback->env);
  }
}

static void callback_retire_now(arkjs_deferred *deferred) {
  ark_closure_retire(ark_container_of(deferred, arkjs_callback, retiring)->closure);
}

void arkjs_callback_retire(arkjs_callback *callback) {
  callback->retiring.run = callback_retire_now;
  if (callback->env->frame && !callback->env->has_ended) {
    arkjs_frame_defer(callback->env, &callback->retiring);
  } else {
    callback_retire_now(&callback->retiring);
  }
}

void arkjs_callback_destroy(arkjs_callback *callback) {
  ark_handles_remove(&callback->env->callbacks, callback->handle);
  arkjs_callback_hold(callback, false);
  arkjs_callback_close(callback);
  if (callback->invoker) {
    callback->invoker->is_closed = true;
    arkjs_function_release(callback->invoker);
  }
  callback->invoker = NULL;
  arkjs_callback_retire(callback);
}

void arkjs_callbacks_end(arkjs_env *env) {
  arkjs_types_release(env->last_types);
  env->last_types = NULL;
  uint32_t cursor = 0;
  for (arkjs_callback *callback; (callback = ark_handles_next(&env->callbacks, &cursor));)
    arkjs_callback_destroy(callback);
}
