#include "functions/trace.h"
#include "arkffi/alloc.h"
#include "arkffi/library.h"
#include "arkffi/plan.h"
#include <stdio.h>
#include <string.h>

/* The beginning of each line of a trace in V8's format. */
#define AT "\n    at "

enum { LINE_SIZE = 256 };

/* Reading a trace may run code of the program, which may throw. Then there is no trace. */
static const char *trace_of(arkjs_env *env, napi_value error, ark_arena *arena) {
  napi_value stack;
  size_t length;
  napi_env napi = env->napi;
  if (napi_get_named_property(napi, error, "stack", &stack) != napi_ok) {
    arkjs_host_take_exception(napi);
    return NULL;
  }
  if (arkjs_host_read_text(&env->host, napi, stack, NULL, 0, &length) != napi_ok) return NULL;
  char *text = ark_arena_take(arena, length + 1);
  if (text) arkjs_host_read_text(&env->host, napi, stack, text, length + 1, &length);
  return text;
}

/* The lines of the JavaScript that is on the stack now, from an error that was made now. */
static const char *trace_lines(arkjs_env *env, napi_value error, ark_arena *arena) {
  const char *trace = trace_of(env, error, arena);
  return trace ? strstr(trace, AT) : NULL;
}

/* Where the caller's lines begin in the trace, or its end. The trace may have fewer of these lines, because V8
 * truncates it. */
static size_t trace_find_lines(const char *trace, const char *caller) {
  for (const char *line = strstr(trace, AT); caller && line; line = strstr(line + 1, AT)) {
    if (strncmp(line, caller, strlen(line)) == 0) return (size_t)(line - trace);
  }
  return strlen(trace);
}

/* The same. The traces of arkffi's errors do not have arkffi's own lines. */
static size_t trace_find_caller(arkjs_env *env, const char *trace, ark_arena *arena) {
  ark_error nothing = {0};
  napi_value with_own = arkjs_unfinished_error_value(env, ARK_NO_MEMORY, &nothing);
  size_t at = trace_find_lines(trace, trace_lines(env, with_own, arena));
  if (trace[at]) return at;
  return trace_find_lines(trace, trace_lines(env, arkjs_error_value(env, ARK_NO_MEMORY, &nothing), arena));
}

static bool trace_ends_with(const char *text, size_t length, const char *end) {
  size_t size = strlen(end);
  return length >= size && memcmp(text + length - size, end, size) == 0;
}

static void trace_insert(arkjs_env *env, napi_value error, const char *trace, size_t at, const char *line,
                         ark_arena *arena) {
  napi_value stack;
  size_t size = strlen(trace) + strlen(line) + 1;
  char *text = ark_arena_take(arena, size);
  if (!text) return;
  snprintf(text, size, "%.*s%s%s", (int)at, trace, line, trace + at);
  if (arkjs_host_create_text(&env->host, env->napi, text, size - 1, &stack) != napi_ok) return;
  if (napi_set_named_property(env->napi, error, "stack", stack) != napi_ok) {
    arkjs_host_take_exception(env->napi); /* the error may be frozen */
  }
}

/* The file of a C function, which the caller frees with ark_free. NULL for the entry point of a callback, which is in
 * no file or in arkffi's own: there the callback calls itself. */
static char *trace_file(const arkjs_function *function) {
  char *file = ark_file_of((const void *)(uintptr_t)function->code);
  char *own = ark_file_of((const void *)(uintptr_t)arkjs_trace_call);
  bool is_callback = file && own && strcmp(file, own) == 0;
  ark_free(own);
  if (!is_callback) return file;
  ark_free(file);
  return NULL;
}

static void trace_note(const arkjs_function *function, napi_value error, bool is_async, ark_arena *arena) {
  char line[LINE_SIZE];
  arkjs_env *env = function->env;
  char *file = trace_file(function);
  if (!file) return;
  snprintf(line, sizeof line, AT "%s (%s%s)", function->name, file, is_async ? ", on another thread" : "");
  ark_free(file);
  const char *trace = trace_of(env, error, arena);
  if (!trace || !strstr(trace, AT)) return; /* no trace, or one in another format */
  size_t end = strlen(trace);
  size_t at = is_async ? end : trace_find_caller(env, trace, arena);
  /* An error that is thrown several times gets the line once. */
  bool is_noted = at == end ? strstr(trace, line) != NULL : trace_ends_with(trace, at, line);
  if (!is_noted) trace_insert(env, error, trace, at, line, arena);
}

static void trace_thrown(const arkjs_function *function, napi_value thrown, bool is_async) {
  ark_arena arena;
  bool is_error = false;
  if (napi_is_error(function->env->napi, thrown, &is_error) != napi_ok || !is_error) return;
  ark_arena_init(&arena, NULL);
  trace_note(function, thrown, is_async, &arena);
  ark_arena_clear(&arena);
}

void arkjs_trace_call(const arkjs_function *function, napi_value thrown) {
  trace_thrown(function, thrown, false);
}

void arkjs_trace_async_call(const arkjs_function *function, napi_value thrown) {
  trace_thrown(function, thrown, true);
}
