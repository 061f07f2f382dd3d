#include "callbacks/borrow.h"
#include "callbacks/enter.h"
#include <stdio.h>

static arkjs_callback *borrow_take_idle(arkjs_function *function, size_t index) {
  for (arkjs_callback **link = &function->idle; *link; link = &(*link)->next) {
    arkjs_callback *callback = *link;
    if (callback->parameter != index) continue;
    *link = callback->next;
    return callback;
  }
  return NULL;
}

static ark_status borrow_create_for_parameter(arkjs_function *function, size_t index, arkjs_callback **out,
                                              ark_error *error) {
  ark_signature *signature;
  arkjs_types *types = NULL;
  /* What is wrong with the function is not said of the C function. */
  char name[ARK_ERROR_SIZE / 2];
  snprintf(name, sizeof name, "%s: argument %zu", function->name, index + 1);
  ark_status status = ark_signature_copy(function->signature->parameters[index].callback, &signature, error);
  if (!status) status = arkjs_types_create(signature, "", &types, error);
  if (!status) status = arkjs_callback_create(function->env, name, types, out, error);
  if (status) return status;
  (*out)->parameter = (uint8_t)index;
  (*out)->is_borrowed = true;
  (*out)->flags = (uint8_t)function->flags;
  return ARK_OK;
}

ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_callback *callback = borrow_take_idle(function, index);
  ark_status status = callback ? ARK_OK : borrow_create_for_parameter(function, index, &callback, error);
  if (status) return status;
  callback->next = *borrowed;
  *borrowed = callback;
  if (is_async) {
    status = arkjs_host_status(env, napi_create_reference(env->napi, plain, 1, &callback->function), error);
  } else {
    callback->local = plain;
    callback->scope = ARKJS_ALL_THE_CALL;
  }
  arkjs_callback_set_threads(callback,
                             is_async || function->flags & ARKJS_PUMPED ? ARKJS_ANY_THREAD : ARKJS_OWN_THREAD);
  callback->is_reported = false;
  arkjs_callback_set_open(callback, status == ARK_OK);
  value->bits = (uintptr_t)ark_closure_code(callback->closure);
  return status;
}

void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed) {
  while (borrowed) {
    arkjs_callback *callback = borrowed;
    borrowed = callback->next;
    arkjs_callback_close(callback);
    callback->next = function->idle;
    function->idle = callback;
  }
}

void arkjs_callbacks_retire(arkjs_callback *idle) {
  while (idle) {
    arkjs_callback *callback = idle;
    idle = callback->next;
    ark_closure_retire(callback->closure);
  }
}
