#include "result.h"
#include "../cells.h"
#include "../text.h"
#include "arkffi/alloc.h"
#include "arkffi/memory.h"
#include <string.h>

/* Longer strings are not remembered. */
enum { LONGEST = 63 };

struct arkjs_v8_memory {
  const arkjs_function *function; /* whose it is */
  const uint64_t *result;         /* where its calls leave their results */
  bool is_set;
  char text[LONGEST + 1];
};

int32_t arkjs_v8_recall(const void *receiver, double memory) {
  (void)receiver;
  const struct arkjs_v8_memory *of = (const struct arkjs_v8_memory *)(intptr_t)memory;
  uintptr_t text = (uintptr_t)*of->result;
  if (!text) return ARKJS_V8_NO_TEXT;
  if (!of->is_set || text < ARK_LOWEST_ADDRESS || ark_memory_is_checked()) return ARKJS_V8_OTHER_TEXT;
  const char *bytes = (const char *)text;
  /* Where there are several they mostly begin differently. */
  return *bytes == *of->text && !strcmp(bytes, of->text) ? ARKJS_V8_SAME_TEXT : ARKJS_V8_OTHER_TEXT;
}

/* Remembers a text if it is short; whether it is. */
static bool remember(struct arkjs_v8_memory *memory, const char *text, size_t length) {
  memory->is_set = length <= LONGEST;
  if (!memory->is_set) return false;
  memcpy(memory->text, text, length);
  memory->text[length] = '\0';
  return true;
}

/* The string that a call of the function has just given, which is remembered. It is made of what is remembered, so that
 * the two are one whatever other threads do with the original. */
static napi_value new_text(napi_env napi, napi_callback_info info) {
  void *data;
  napi_value result = NULL;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  struct arkjs_v8_memory *memory = data;
  const arkjs_function *function = memory->function;
  arkjs_env *env = function->env;
  ark_value value = {.bits = *memory->result};
  memory->is_set = false;
  if (value.bits >= ARK_LOWEST_ADDRESS && !ark_memory_is_checked()) {
    size_t length = strlen(value.text);
    if (remember(memory, value.text, length)) value.text = memory->text;
    if (arkjs_text8_to_js(napi, value.text, length, &result) == napi_ok) return result;
  }
  arkjs_site site = {env, NULL, function->name, 0, &env->error};
  ark_status status = arkjs_text_to_js(&site, function->signature->result, value, function->style, &result);
  if (!status) return result;
  arkjs_throw(env, status, &env->error);
  return NULL;
}

static struct arkjs_v8_memory *create(arkjs_function *function) {
  struct arkjs_v8_memory *created = ark_alloc(1, sizeof *created);
  if (!created) return NULL;
  created->function = function;
  created->result = arkjs_cells_exact(function->env);
  return created;
}

static napi_status describe(struct arkjs_v8_memory *memory, napi_value *out) {
  napi_env napi = memory->function->env->napi;
  napi_value pair[2];
  napi_status status = napi_create_double(napi, (double)(uintptr_t)memory, &pair[0]);
  if (status == napi_ok) status = napi_create_function(napi, "newText", NAPI_AUTO_LENGTH, new_text, memory, &pair[1]);
  if (status == napi_ok) status = napi_create_array_with_length(napi, 2, out);
  for (uint32_t i = 0; i < 2 && status == napi_ok; i++) status = napi_set_element(napi, *out, i, pair[i]);
  return status;
}

napi_value arkjs_v8_memory_of(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 1;
  uint32_t number = 0;
  napi_value given, result = NULL;
  napi_get_cb_info(napi, info, &count, &given, NULL, &data);
  napi_get_value_uint32(napi, given, &number);
  arkjs_function *function = arkjs_cells_function(data, number);
  if (!function || function->signature->result->id != ARK_TYPE_STRING) return NULL;
  if (!function->memory) function->memory = create(function);
  return function->memory && describe(function->memory, &result) == napi_ok ? result : NULL;
}
