#include "env/event_loop.h"
#include "arkffi/alloc.h"
#include "arkffi/descriptor.h"
#include "arkffi/library.h"
#include "env/report.h"
#include <stddef.h>
#include <string.h>

/* Values of libuv's uv_handle_type, which are the same in all of libuv 1. */
enum { UV_IDLE = 6, UV_PREPARE = 9 };

/* Any handle of libuv. Its first member is the program's, in all of libuv 1. */
typedef struct uv_handle {
  void *data;
} uv_handle;

typedef void (*uv_handle_callback)(uv_handle *handle);

/* The functions of libuv that are used here. */
typedef struct uv_functions {
  size_t (*handle_size)(int type);
  int (*prepare_init)(struct uv_loop_s *loop, uv_handle *handle);
  int (*prepare_start)(uv_handle *handle, uv_handle_callback callback);
  int (*prepare_stop)(uv_handle *handle);
  int (*idle_init)(struct uv_loop_s *loop, uv_handle *handle);
  int (*idle_start)(uv_handle *handle, uv_handle_callback callback);
  int (*idle_stop)(uv_handle *handle);
  void (*unref)(uv_handle *handle);
  void (*close)(uv_handle *handle, uv_handle_callback callback);
  void (*update_time)(struct uv_loop_s *loop);
  int (*backend_fd)(const struct uv_loop_s *loop);
  int (*backend_timeout)(const struct uv_loop_s *loop);
} uv_functions;

struct arkjs_event_loop {
  arkjs_env *env;
  arkjs_event_loop_hooks hooks;
  uv_functions uv;
  struct uv_loop_s *loop;
  uv_handle *prepare, *idle; /* owned; libuv has them until they are closed */
  napi_async_context context;
  napi_async_cleanup_hook_handle cleanup;
  unsigned open_handles;
};

/* A name for each member of uv_functions, in their order. */
static const char *const event_loop_names[] = {
    "uv_handle_size", "uv_prepare_init", "uv_prepare_start", "uv_prepare_stop", "uv_idle_init",  "uv_idle_start",
    "uv_idle_stop",   "uv_unref",        "uv_close",         "uv_update_time",  "uv_backend_fd", "uv_backend_timeout"};
enum { EVENT_LOOP_NAMES = sizeof event_loop_names / sizeof event_loop_names[0] };

_Static_assert(sizeof(uv_functions) == EVENT_LOOP_NAMES * sizeof(void *), "each function has a name");

static bool event_loop_find_functions(uv_functions *out) {
  void *found[EVENT_LOOP_NAMES];
  for (size_t i = 0; i < EVENT_LOOP_NAMES; i++) {
    found[i] = ark_process_symbol(event_loop_names[i]);
    if (!found[i]) return false;
  }
  memcpy(out, found, sizeof *out);
  return true;
}

static void event_loop_free(arkjs_event_loop *loop) {
  ark_free(loop->prepare);
  ark_free(loop->idle);
  ark_free(loop);
}

static void event_loop_handle_closed(uv_handle *handle) {
  arkjs_event_loop *loop = handle->data;
  if (--loop->open_handles) return;
  napi_remove_async_cleanup_hook(loop->cleanup);
  event_loop_free(loop);
}

/* The host turns the loop until the handles have been closed. */
static void event_loop_end(napi_async_cleanup_hook_handle handle, void *data) {
  arkjs_event_loop *loop = data;
  (void)handle;
  loop->hooks.end(loop->hooks.context);
  napi_async_destroy(loop->env->napi, loop->context);
  loop->uv.close(loop->prepare, event_loop_handle_closed);
  loop->uv.close(loop->idle, event_loop_handle_closed);
}

/* The handles as they are in libuv's list cannot be freed, so what can fail comes before they are initialised. */
static bool event_loop_init(arkjs_event_loop *loop) {
  napi_env napi = loop->env->napi;
  napi_value name;
  loop->prepare = ark_alloc(1, loop->uv.handle_size(UV_PREPARE));
  loop->idle = ark_alloc(1, loop->uv.handle_size(UV_IDLE));
  if (!loop->prepare || !loop->idle) return false;
  napi_status status = napi_create_string_latin1(napi, "arkffi", NAPI_AUTO_LENGTH, &name);
  if (status == napi_ok) status = napi_async_init(napi, NULL, name, &loop->context);
  if (status != napi_ok) return false;
  if (napi_add_async_cleanup_hook(napi, event_loop_end, loop, &loop->cleanup) != napi_ok) {
    napi_async_destroy(napi, loop->context);
    return false;
  }
  loop->uv.prepare_init(loop->loop, loop->prepare); /* neither can fail */
  loop->uv.idle_init(loop->loop, loop->idle);
  loop->prepare->data = loop->idle->data = loop;
  loop->open_handles = 2;
  loop->uv.unref(loop->prepare);
  loop->uv.unref(loop->idle);
  return true;
}

arkjs_event_loop *arkjs_event_loop_open(arkjs_env *env, const arkjs_event_loop_hooks *hooks) {
  uv_functions uv;
  struct uv_loop_s *uv_loop = arkjs_host_uv_loop(env->napi);
  if (!uv_loop || !event_loop_find_functions(&uv)) return NULL;
  arkjs_event_loop *loop = ark_alloc(1, sizeof *loop);
  if (!loop) return NULL;
  *loop = (arkjs_event_loop){.env = env, .hooks = *hooks, .uv = uv, .loop = uv_loop};
  if (event_loop_init(loop)) return loop;
  event_loop_free(loop);
  return NULL;
}

static void event_loop_prepare(uv_handle *handle) {
  arkjs_event_loop *loop = handle->data;
  loop->hooks.before_sleep(loop->hooks.context);
}

/* Nothing is to be done in it. libuv does not sleep while an idle handle is active. */
static void event_loop_idle(uv_handle *handle) {
  (void)handle;
}

void arkjs_event_loop_start(arkjs_event_loop *loop) {
  loop->uv.prepare_start(loop->prepare, event_loop_prepare);
}

void arkjs_event_loop_stop(arkjs_event_loop *loop) {
  loop->uv.prepare_stop(loop->prepare);
}

void arkjs_event_loop_set_awake(arkjs_event_loop *loop, bool is_awake) {
  if (is_awake) {
    loop->uv.idle_start(loop->idle, event_loop_idle);
  } else {
    loop->uv.idle_stop(loop->idle);
  }
}

bool arkjs_event_loop_is_busy(const arkjs_event_loop *loop) {
  return loop->uv.backend_timeout(loop->loop) == 0;
}

bool arkjs_event_loop_has_events(const arkjs_event_loop *loop) {
  int descriptor = loop->uv.backend_fd(loop->loop);
  return descriptor >= 0 && ark_descriptor_is_readable(descriptor);
}

/* The host looks for what a function of Node-API has thrown only where the host itself has called the addon. */
static void event_loop_raise_thrown(arkjs_env *env) {
  bool is_pending = false;
  if (napi_is_exception_pending(env->napi, &is_pending) != napi_ok || !is_pending) return;
  napi_value thrown = arkjs_host_take_exception(env->napi);
  if (thrown) arkjs_raise_uncaught(env, thrown);
}

static bool event_loop_settle_in_scope(arkjs_event_loop *loop, const arkjs_settling *settling) {
  napi_env napi = loop->env->napi;
  napi_callback_scope scope;
  if (napi_open_callback_scope(napi, NULL, loop->context, &scope) != napi_ok) return false;
  bool goes_on = settling->settle(loop->env);
  event_loop_raise_thrown(loop->env);
  napi_close_callback_scope(napi, scope);
  return goes_on;
}

/* The host opens and closes the callback scope itself, which takes less time. */
static bool event_loop_settle_by(arkjs_event_loop *loop, const arkjs_settling *settling, napi_value function) {
  arkjs_env *env = loop->env;
  napi_value global, ignored;
  napi_status status = napi_get_global(env->napi, &global);
  if (status == napi_ok) {
    status = napi_make_callback(env->napi, loop->context, global, function, 0, NULL, &ignored);
  }
  if (status != napi_ok) event_loop_raise_thrown(env);
  return settling->end(env) && status == napi_ok;
}

bool arkjs_event_loop_settle(arkjs_event_loop *loop, const arkjs_settling *settling) {
  napi_env napi = loop->env->napi;
  napi_handle_scope handles;
  if (napi_open_handle_scope(napi, &handles) != napi_ok) return false;
  napi_value function = settling->begin(loop->env);
  bool goes_on = function ? event_loop_settle_by(loop, settling, function) : event_loop_settle_in_scope(loop, settling);
  napi_close_handle_scope(napi, handles);
  return goes_on;
}

void arkjs_event_loop_update_time(arkjs_event_loop *loop) {
  loop->uv.update_time(loop->loop);
}
