#include "engines/v8_strings.h"
#include "arkffi/alloc.h"
#include "arkffi/memory_access.h"
#include "engines/portable.h"
#include "env/plain.h"
#include "v8/create.h"
#include "v8/native.h"
#include "v8/object.h"
#include "values/text.h"
#include <string.h>

enum {
  LONGEST = 63,        /* Longer strings are not remembered. */
  LONGEST_MADE = 8192, /* Longer strings are left to Node-API, which reports those that are too long for V8. */
  OTHERS_LIMIT = 16,   /* After this many different strings in a row, none is compared or remembered for a while. */
};

struct arkjs_v8_memory {
  const arkjs_function *function; /* whose results these are */
  const arkjs_v8_symbols *symbols;
  const uint64_t *result; /* where its calls store their result */
  uint32_t others;        /* different strings in a row */
  bool is_set;
  char text[LONGEST + 1];
};

/* The results of `recall`. */
enum {
  OTHER_TEXT,
  SAME_TEXT, /* the remembered string */
  NO_TEXT,   /* NULL */
  NEW_TEXT,  /* different, after many others */
};

static bool v8_strings_can_read(uintptr_t text) {
  return text >= ARK_LOWEST_ADDRESS && !ark_memory_is_checked();
}

static bool v8_strings_is_same(const struct arkjs_v8_memory *of, uintptr_t text) {
  if (!of->is_set || !v8_strings_can_read(text)) return false;
  const char *bytes = (const char *)text;
  /* Strings of one function usually differ in their first character. */
  return *bytes == *of->text && !strcmp(bytes, of->text);
}

/* Called by V8 after a call, with the address of the function's memory. */
static int32_t v8_strings_recall(const void *receiver, double address) {
  (void)receiver;
  struct arkjs_v8_memory *of = (struct arkjs_v8_memory *)(intptr_t)address;
  uintptr_t text = (uintptr_t)*of->result;
  if (!text) return NO_TEXT;
  if (v8_strings_is_same(of, text)) {
    of->others = 0;
    return SAME_TEXT;
  }
  if (++of->others < OTHERS_LIMIT) return OTHER_TEXT;
  /* After the pause one string is remembered, and the next one compared. */
  of->others = OTHERS_LIMIT - 2;
  return NEW_TEXT;
}

/* New strings, created by V8 itself. */

static napi_value v8_strings_create_text(struct arkjs_v8_memory *of, void *isolate, bool is_kept) {
  uintptr_t address = (uintptr_t)*of->result;
  if (is_kept) of->is_set = false;
  if (!v8_strings_can_read(address)) return NULL;
  const char *text = (const char *)address;
  size_t length = strlen(text);
  if (length > LONGEST_MADE) return NULL;
  if (is_kept && length <= LONGEST) {
    /* The string is created from the remembered copy, so both are the same even if other threads write to the
     * original. */
    memcpy(of->text, text, length);
    of->text[length] = '\0';
    of->is_set = true;
    text = of->text;
  }
  bool is_ascii = arkjs_text_is_ascii(text, length);
  const arkjs_v8_symbols *v8 = of->symbols;
  return (is_ascii ? v8->create_latin1 : v8->create_utf8)(isolate, text, 0, (int)length);
}

/* The address in a number, which V8 stores as a small integer or in an object. */
static uintptr_t v8_strings_address_of(napi_value value) {
  const char *object = arkjs_v8_object_of(value);
  double number;
  if (!object) return (uintptr_t)(*(const intptr_t *)(const void *)value >> 32);
  memcpy(&number, object + sizeof(uintptr_t), sizeof number);
  return (uintptr_t)(intptr_t)number;
}

/* Leaves the result undefined when Node-API must create the string, or report why it cannot. */
static inline void v8_strings_answer(arkjs_v8_native_call call, bool is_kept) {
  napi_value text =
      v8_strings_create_text((struct arkjs_v8_memory *)v8_strings_address_of(call.argument), call.isolate, is_kept);
  if (text) *call.result = *(const uintptr_t *)(const void *)text;
}

static void v8_strings_create_before_14(const void *info) {
  v8_strings_answer(arkjs_v8_native_call_before_14(info), false);
}

static void v8_strings_create_since_14(const void *info) {
  v8_strings_answer(arkjs_v8_native_call_since_14(info), false);
}

static void v8_strings_keep_before_14(const void *info) {
  v8_strings_answer(arkjs_v8_native_call_before_14(info), true);
}

static void v8_strings_keep_since_14(const void *info) {
  v8_strings_answer(arkjs_v8_native_call_since_14(info), true);
}

/* Whether numbers have the expected layout, and a sample converts as by Node-API. */
static bool v8_strings_comes_out(napi_env napi, const arkjs_v8_symbols *symbols, napi_value function,
                                 const char *sample) {
  uint64_t result = (uintptr_t)sample;
  struct arkjs_v8_memory of = {.symbols = symbols, .result = &result};
  napi_value receiver, number, expected, got;
  bool is_equal = false;
  for (int i = 0; i < 2; i++) {
    uintptr_t sought = i ? (uintptr_t)&of : 7;
    if (napi_create_double(napi, (double)sought, &number) != napi_ok || v8_strings_address_of(number) != sought)
      return false;
  }
  return napi_get_undefined(napi, &receiver) == napi_ok &&
         napi_create_string_utf8(napi, sample, NAPI_AUTO_LENGTH, &expected) == napi_ok &&
         napi_call_function(napi, receiver, function, 1, &number, &got) == napi_ok &&
         napi_strict_equals(napi, expected, got, &is_equal) == napi_ok && is_equal;
}

/* Adds one of the functions that create strings, if its test succeeds. */
static napi_status v8_strings_share_creator(napi_env napi, const arkjs_v8_symbols *symbols, const char *name,
                                            const arkjs_v8_native *native, napi_value shared) {
  napi_value function = arkjs_v8_create_native(napi, symbols, native);
  bool works = function && v8_strings_comes_out(napi, symbols, function, "characters of a string") &&
               v8_strings_comes_out(napi, symbols, function, "caractères, знаки, 😀 \xff");
  return works ? arkjs_plain_set(napi, shared, name, function) : napi_ok;
}

/* Creates the string of the function's last result through Node-API. */
static napi_value v8_strings_new_text(napi_env napi, napi_callback_info info) {
  void *data;
  napi_value result = NULL;
  napi_get_cb_info(napi, info, NULL, NULL, NULL, &data);
  const struct arkjs_v8_memory *of = data;
  const arkjs_function *function = of->function;
  arkjs_env *env = function->env;
  ark_value value = {.bits = *of->result};
  arkjs_site site = {env, NULL, function->name, 0, &env->error, NULL};
  ark_status status = arkjs_text_to_js(&site, function->signature->result, value, function->flags, &result);
  if (!status) return result;
  arkjs_throw(env, status, &env->error);
  return NULL;
}

/* What JavaScript gets. */

static struct arkjs_v8_memory *v8_strings_create(arkjs_function *function) {
  const char *reason;
  struct arkjs_v8_memory *created = ark_alloc(1, sizeof *created);
  if (!created) return NULL;
  created->function = function;
  created->symbols = arkjs_v8_find(&reason);
  created->result = &arkjs_slots_values(function->env)->u64;
  return created;
}

static napi_status v8_strings_describe(struct arkjs_v8_memory *memory, napi_value *out) {
  napi_env napi = memory->function->env->napi;
  napi_value pair[2];
  napi_status status = napi_create_double(napi, (double)(uintptr_t)memory, &pair[0]);
  if (status == napi_ok)
    status = napi_create_function(napi, "newText", NAPI_AUTO_LENGTH, v8_strings_new_text, memory, &pair[1]);
  return status == napi_ok ? arkjs_plain_list(memory->function->env, 2, pair, out) : status;
}

static napi_value v8_strings_memory_of(napi_env napi, napi_callback_info info) {
  void *data;
  size_t count = 1;
  uint32_t number = 0;
  napi_value given, result = NULL;
  napi_get_cb_info(napi, info, &count, &given, NULL, &data);
  napi_get_value_uint32(napi, given, &number);
  arkjs_function *function = arkjs_slots_function(data, number);
  if (!function || function->signature->result->id != ARK_TYPE_STRING) return NULL;
  if (!function->memory) function->memory = v8_strings_create(function);
  return function->memory && v8_strings_describe(function->memory, &result) == napi_ok ? result : NULL;
}

static napi_status v8_strings_share_memories(arkjs_env *env, napi_value shared) {
  napi_value function;
  napi_status status =
      napi_create_function(env->napi, "memoryOf", NAPI_AUTO_LENGTH, v8_strings_memory_of, env, &function);
  return status == napi_ok ? arkjs_plain_set(env->napi, shared, "memoryOf", function) : status;
}

napi_status arkjs_v8_share_results(arkjs_env *env, const arkjs_v8_symbols *symbols, napi_value shared) {
  const char key[] = {arkjs_v8_letter(ARK_PASS_DOUBLE), arkjs_v8_letter(ARK_PASS_INT32), '\0'};
  const arkjs_v8_info *info = arkjs_v8_describe(symbols, key);
  napi_value function = info ? arkjs_v8_create(symbols, info, (const void *)(uintptr_t)v8_strings_recall) : NULL;
  if (!function) return napi_generic_failure;
  napi_status status = arkjs_plain_set(env->napi, shared, "recall", function);
  static const arkjs_v8_native creator = {v8_strings_create_before_14, v8_strings_create_since_14},
                               keeper = {v8_strings_keep_before_14, v8_strings_keep_since_14};
  if (status == napi_ok) status = v8_strings_share_creator(env->napi, symbols, "createText", &creator, shared);
  if (status == napi_ok) status = v8_strings_share_creator(env->napi, symbols, "keepText", &keeper, shared);
  return status == napi_ok ? v8_strings_share_memories(env, shared) : status;
}
