#include "callbacks/borrow.h"
#include "callbacks/enter.h"
#include <stdio.h>

/* What has the idle callbacks of a function. */
static arkjs_function *borrow_owner(arkjs_function *function) {
  return function->original ? function->original : function;
}

/* Has the closing of a library find the function. */
static void borrow_note(arkjs_function *owner) {
  if (owner->borrower) return;
  arkjs_function **first = owner->library ? &owner->library->borrowers : &owner->env->borrowers;
  owner->next_borrower = *first;
  if (*first) (*first)->borrower = &owner->next_borrower;
  owner->borrower = first;
  *first = owner;
}

static arkjs_callback *borrow_take_idle(const arkjs_function *function, arkjs_function *owner, size_t index) {
  for (arkjs_callback **link = &owner->idle; *link; link = &(*link)->next) {
    arkjs_callback *callback = *link;
    if (callback->borrower != function || callback->parameter != index) continue;
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
  borrow_note(borrow_owner(function));
  (*out)->borrower = function;
  (*out)->parameter = (uint8_t)index;
  (*out)->is_borrowed = true;
  (*out)->flags = (uint8_t)function->flags;
  return ARK_OK;
}

ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error) {
  arkjs_env *env = function->env;
  arkjs_callback *callback = borrow_take_idle(function, borrow_owner(function), index);
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
  arkjs_function *owner = borrow_owner(function);
  bool is_closed = borrowed && arkjs_function_is_closed(function);
  while (borrowed) {
    arkjs_callback *callback = borrowed;
    borrowed = callback->next;
    arkjs_callback_close(callback);
    if (is_closed) {
      arkjs_callback_retire(callback);
    } else {
      callback->next = owner->idle;
      owner->idle = callback;
    }
  }
}

/* The function may take no plain function any more. */
static void borrow_unlink(arkjs_function *owner) {
  if (!owner->borrower) return;
  *owner->borrower = owner->next_borrower;
  if (owner->next_borrower) owner->next_borrower->borrower = owner->borrower;
  owner->borrower = NULL;
}

void arkjs_callbacks_end_idle(arkjs_function *function) {
  arkjs_callback *idle = function->idle;
  function->idle = NULL;
  borrow_unlink(function);
  while (idle) {
    arkjs_callback *callback = idle;
    idle = callback->next;
    arkjs_callback_retire(callback);
  }
}

void arkjs_callbacks_end_library(arkjs_library *library) {
  while (library->borrowers) arkjs_callbacks_end_idle(library->borrowers);
}

void arkjs_callbacks_end_unmapped(arkjs_env *env) {
  for (arkjs_function *next = env->borrowers; next;) {
    arkjs_function *function = next;
    next = function->next_borrower;
    if (arkjs_function_is_closed(function)) arkjs_callbacks_end_idle(function);
  }
}

/* Retires the idle callbacks of a variant. */
static void borrow_forget_variant(const arkjs_function *variant) {
  for (arkjs_callback **link = &variant->original->idle; *link;) {
    arkjs_callback *callback = *link;
    if (callback->borrower == variant) {
      *link = callback->next;
      arkjs_callback_retire(callback);
    } else {
      link = &callback->next;
    }
  }
}

void arkjs_callbacks_forget(arkjs_function *function) {
  if (function->original) borrow_forget_variant(function);
  arkjs_callbacks_end_idle(function);
}
