#include "env/host.h"
#include "arkffi/alloc.h"
#include "arkffi/library.h"
#include "env/encoding.h"
#include <stdlib.h>
#include <string.h>
#ifdef ARKFFI_HILOG
#include <hilog/log.h>
#else
#include <stdio.h>
#endif

bool arkjs_host_can_run(napi_env napi) {
  napi_value global;
  bool ignored;
  /* Looking up a property is allowed exactly as long as running JavaScript is. */
  return napi_get_global(napi, &global) == napi_ok &&
         napi_has_named_property(napi, global, "process", &ignored) == napi_ok;
}

/* Gets a property of `object` that is a function, or NULL when there is none. */
static napi_status host_find_function(napi_env napi, napi_value object, const char *name, napi_value *out) {
  napi_valuetype type = napi_undefined;
  napi_status status = napi_get_named_property(napi, object, name, out);
  if (status == napi_ok) status = napi_typeof(napi, *out, &type);
  if (type != napi_function) *out = NULL;
  return status;
}

napi_status arkjs_host_on_event(napi_env napi, const char *event, napi_callback callback, void *data) {
  napi_value global, process, on, ignored, arguments[2];
  napi_valuetype type = napi_undefined;
  napi_status status = napi_get_global(napi, &global);
  if (status == napi_ok) status = napi_get_named_property(napi, global, "process", &process);
  if (status == napi_ok) status = napi_typeof(napi, process, &type);
  if (status != napi_ok || type != napi_object) return status;
  status = host_find_function(napi, process, "on", &on);
  if (status != napi_ok || !on) return status;
  status = napi_create_string_latin1(napi, event, NAPI_AUTO_LENGTH, &arguments[0]);
  if (status == napi_ok) {
    status = napi_create_function(napi, "arkffi", NAPI_AUTO_LENGTH, callback, data, &arguments[1]);
  }
  return status == napi_ok ? napi_call_function(napi, process, on, 2, arguments, &ignored) : status;
}

/* Measured with an array of two 2-byte elements, because no host reports which unit it uses. */
static bool host_has_lengths_in_bytes(napi_env napi) {
  napi_value buffer, array, inside;
  napi_typedarray_type type;
  size_t length = 0, offset;
  void *data;
  if (napi_create_arraybuffer(napi, 4, &data, &buffer) != napi_ok) return false;
  if (napi_create_typedarray(napi, napi_uint16_array, 2, buffer, 0, &array) != napi_ok) return false;
  napi_get_typedarray_info(napi, array, &type, &length, &data, &inside, &offset);
  return length == 4;
}

bool arkjs_host_hides_v8(napi_env napi) {
  napi_value global;
  bool is_deno = false;
  return napi_get_global(napi, &global) == napi_ok &&
         napi_has_named_property(napi, global, "Deno", &is_deno) == napi_ok && is_deno;
}

/* v8::Maybe<int> node::SpinEventLoop(node::Environment *), by the names that the compilers for Windows and for all
 * other systems give it. */
static bool host_has_loop_of_node(void) {
  return ark_process_symbol("_ZN4node13SpinEventLoopEPNS_11EnvironmentE") ||
         ark_process_symbol("?SpinEventLoop@node@@YA?AV?$Maybe@H@v8@@PEAVEnvironment@1@@Z");
}

/* That the host names an event loop of libuv is not enough: Bun and Deno imitate libuv in part, and Bun ends the
 * process when a function is called that it has by name only. */
struct uv_loop_s *arkjs_host_uv_loop(napi_env napi) {
  napi_value global;
  bool is_other = true;
  struct uv_loop_s *loop = NULL;
  if (!host_has_loop_of_node() || napi_get_global(napi, &global) != napi_ok) return NULL;
  if (napi_has_named_property(napi, global, "Bun", &is_other) != napi_ok || is_other) return NULL;
  if (napi_has_named_property(napi, global, "Deno", &is_other) != napi_ok || is_other) return NULL;
  return napi_get_uv_event_loop(napi, &loop) == napi_ok ? loop : NULL;
}

static const char host_replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* Whether a byte that is no character becomes U+FFFD. */
static bool host_replaces_bytes(napi_env napi) {
  napi_value text;
  char16_t units[4] = {0};
  size_t length = 0;
  return napi_create_string_utf8(napi, "\xFF", 1, &text) == napi_ok &&
         napi_get_value_string_utf16(napi, text, units, sizeof units / sizeof units[0], &length) == napi_ok &&
         length == 1 && units[0] == 0xFFFD;
}

/* Whether a lone surrogate becomes U+FFFD in UTF-8. */
static bool host_replaces_surrogates(napi_env napi) {
  static const char16_t lone[] = {0xD800, 0};
  napi_value text;
  char bytes[8] = {0};
  size_t length = 0;
  return napi_create_string_utf16(napi, lone, 1, &text) == napi_ok &&
         napi_get_value_string_utf8(napi, text, bytes, sizeof bytes, &length) == napi_ok &&
         strcmp(bytes, host_replacement) == 0;
}

arkjs_host arkjs_host_examine(napi_env napi) {
  return (arkjs_host){
      .lengths_in_bytes = host_has_lengths_in_bytes(napi),
      .keeps_invalid_text = !host_replaces_bytes(napi) || !host_replaces_surrogates(napi),
  };
}

napi_ref arkjs_host_set_immediate(napi_env napi) {
  napi_value global, function;
  napi_ref reference = NULL;
  if (napi_get_global(napi, &global) != napi_ok) return NULL;
  if (host_find_function(napi, global, "setImmediate", &function) != napi_ok || !function) return NULL;
  napi_create_reference(napi, function, 1, &reference);
  return reference;
}

/* libuv's default and maximum for the size of its pool, which UV_THREADPOOL_SIZE sets. */
enum { HOST_POOL_SIZE = 4, HOST_POOL_LIMIT = 1024 };

unsigned arkjs_host_pool_size(void) {
  const char *text = getenv("UV_THREADPOOL_SIZE");
  long size = text ? strtol(text, NULL, 10) : HOST_POOL_SIZE;
  return size < 1 ? 1 : size > HOST_POOL_LIMIT ? HOST_POOL_LIMIT : (unsigned)size;
}

bool arkjs_host_throw(napi_env napi, napi_value thrown) {
  return napi_throw(napi, thrown) != napi_invalid_arg;
}

bool arkjs_host_raise(napi_env napi, napi_value thrown) {
  return napi_fatal_exception(napi, thrown) != napi_invalid_arg;
}

napi_value arkjs_host_take_exception(napi_env napi) {
  napi_value thrown = NULL;
  return napi_get_and_clear_last_exception(napi, &thrown) == napi_ok ? thrown : NULL;
}

/* In bytes of text, or in units: shorter text needs no allocation. */
enum { HOST_SHORT = 256 };

/* Room for `count` units and a NUL, which is `few` if they fit there. NULL when out of memory. */
static char16_t *host_take_units(char16_t few[static HOST_SHORT], size_t count) {
  return count < HOST_SHORT ? few : ark_alloc(count + 1, sizeof *few);
}

static void host_release_units(const char16_t *few, char16_t *units) {
  if (units != few) ark_free(units);
}

napi_status arkjs_host_create_text(const arkjs_host *host, napi_env napi, const char *text, size_t length,
                                   napi_value *out) {
  if (!host->keeps_invalid_text) return napi_create_string_utf8(napi, text, length, out);
  if (length == NAPI_AUTO_LENGTH) length = strlen(text);
  char16_t few[HOST_SHORT], *units = host_take_units(few, length);
  if (!units) return napi_generic_failure;
  size_t count = arkjs_utf8_decode(text, length, units);
  units[count] = 0; /* OpenHarmony's engine looks for it although it is given the length */
  napi_status status = napi_create_string_utf16(napi, units, count, out);
  host_release_units(few, units);
  return status;
}

napi_status arkjs_host_read_text(const arkjs_host *host, napi_env napi, napi_value text, char *out, size_t size,
                                 size_t *length) {
  if (!host->keeps_invalid_text) return napi_get_value_string_utf8(napi, text, out, size, length);
  size_t count = 0;
  napi_status status = napi_get_value_string_utf16(napi, text, NULL, 0, &count);
  if (status != napi_ok) return status;
  char16_t few[HOST_SHORT], *units = host_take_units(few, count);
  if (!units) return napi_generic_failure;
  status = napi_get_value_string_utf16(napi, text, units, count + 1, &count);
  if (status == napi_ok) *length = arkjs_utf8_encode(units, count, out, out ? size - 1 : 0);
  if (status == napi_ok && out) out[*length] = '\0';
  host_release_units(few, units);
  return status;
}

static void host_ignore_end(napi_env napi, void *data, void *hint) {
  (void)napi, (void)data, (void)hint;
}

/* Whether the host makes a buffer of that length. OpenHarmony's engine takes the length for one of 32 bits. */
static napi_status host_try_external(napi_env napi, void *data, size_t size) {
  napi_value buffer;
  void *there;
  size_t length = 0;
  napi_status status = napi_create_external_arraybuffer(napi, data, size, host_ignore_end, NULL, &buffer);
  if (status == napi_ok) status = napi_get_arraybuffer_info(napi, buffer, &there, &length);
  return status == napi_ok && length != size ? napi_invalid_arg : status;
}

/* Node.js calls the finalizer even for a buffer that it refuses because of its length. So a large buffer is created
 * without it first. */
napi_status arkjs_host_create_external(napi_env napi, void *data, size_t size, napi_finalize finalizer, void *hint,
                                       napi_value *out) {
  napi_status status = size > ARKJS_LARGEST_EVERYWHERE ? host_try_external(napi, data, size) : napi_ok;
  if (status != napi_ok) return status;
  return napi_create_external_arraybuffer(napi, data, size, finalizer ? finalizer : host_ignore_end, hint, out);
}

napi_env arkjs_host_env_of_finalizer(napi_env own, napi_env given) {
#ifdef ARKFFI_OPENHARMONY
  (void)given; /* may be anything there */
  return own;
#else
  return own ? own : given;
#endif
}

void arkjs_host_notify(const char *text) {
#ifdef ARKFFI_HILOG
  enum { DOMAIN = 0xA4FF }; /* applications may use 0 to 0xFFFF */
  OH_LOG_Print(LOG_APP, LOG_WARN, DOMAIN, "arkffi", "%{public}s", text);
#else
  fprintf(stderr, "arkffi: %s\n", text);
#endif
}
