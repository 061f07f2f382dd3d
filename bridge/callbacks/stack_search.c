#include "callbacks/stack_search.h"

#define SEARCH_TEN "0,0,0,0,0,0,0,0,0,0,"
#define SEARCH_HUNDRED                                                                                                 \
  SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN SEARCH_TEN

/* Many arguments make a frame large, so that a few hundred calls reach the end. */
static const char search_text[] = "(function (goOn) {"
                                  "  'use strict';"
                                  "  const { apply } = Reflect;"
                                  "  const many = [" SEARCH_HUNDRED SEARCH_HUNDRED SEARCH_HUNDRED SEARCH_HUNDRED "];"
                                  "  return function descend() { if (goOn()) apply(descend, undefined, many); };"
                                  "})";

/* V8 lets its caller go on for this many bytes below its end. */
enum { SEARCH_TOLERATED = 8 << 10 };
/* No deeper than this above the end of the thread's stack. */
enum { SEARCH_KEPT_FREE = 256 << 10 };

typedef struct stack_search {
  uintptr_t low, reached;
} stack_search;

/* Notes how deep the stack is; false to go no deeper. */
static napi_value search_go_on(napi_env napi, napi_callback_info info) {
  void *data;
  napi_value answer = NULL;
  if (napi_get_cb_info(napi, info, NULL, NULL, NULL, &data) != napi_ok) return NULL;
  stack_search *search = data;
  uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  if (here < search->reached) search->reached = here;
  napi_get_boolean(napi, here - search->low > SEARCH_KEPT_FREE, &answer);
  return answer;
}

/* True if the stack of JavaScript has ended: the program's exception for that is thrown, and caught here. */
static bool search_descend(napi_env napi, stack_search *search) {
  napi_value text, maker, go_on, descend, receiver, result;
  napi_status status = napi_create_string_latin1(napi, search_text, NAPI_AUTO_LENGTH, &text);
  if (status == napi_ok) status = napi_run_script(napi, text, &maker);
  if (status == napi_ok) status = napi_create_function(napi, "goOn", NAPI_AUTO_LENGTH, search_go_on, search, &go_on);
  if (status == napi_ok) status = napi_get_undefined(napi, &receiver);
  if (status == napi_ok) status = napi_call_function(napi, receiver, maker, 1, &go_on, &descend);
  bool is_ready = status == napi_ok;
  if (is_ready) status = napi_call_function(napi, receiver, descend, 0, NULL, &result);
  if (status != napi_ok) arkjs_host_take_exception(napi);
  return is_ready && status == napi_pending_exception;
}

uintptr_t arkjs_stack_search(arkjs_env *env, uintptr_t low) {
  stack_search search = {low, UINTPTR_MAX};
  napi_handle_scope scope;
  bool has_ended = false;
  if (napi_open_handle_scope(env->napi, &scope) == napi_ok) {
    has_ended = search_descend(env->napi, &search);
    napi_close_handle_scope(env->napi, scope);
  }
  return has_ended && search.reached - low > SEARCH_KEPT_FREE ? search.reached - SEARCH_TOLERATED : low;
}
