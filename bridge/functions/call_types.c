#include "functions/call_types.h"
#include "arkffi/alloc.h"
#include <string.h>

void arkjs_call_types_release(arkjs_call_types *types) {
  if (!types || --types->references) return;
  if (types->link) *types->link = types->next;
  if (types->link && types->next) types->next->link = types->link;
  ark_plan_free(types->plan);
  ark_signature_free(types->signature);
  ark_free(types);
}

static void call_types_look_at(arkjs_call_types *types) {
  for (size_t i = 0; i < types->signature->count; i++) {
    const ark_type *type = types->signature->parameters[i].type;
    if (type->kind == ARK_KIND_POINTER) types->takes_pointers = true;
    if (type->kind == ARK_KIND_STRING) types->takes_text = true;
    if (type->kind == ARK_KIND_AGGREGATE) types->takes_objects = true;
    if (type->id == ARK_TYPE_CALLBACK) types->takes_callbacks = true;
  }
  if (types->takes_pointers || types->takes_text) types->takes_objects = true;
}

/* Takes ownership of the signature in every case. `length` is that of the letters, which the caller fills in. */
static ark_status call_types_create(ark_signature *signature, size_t length, arkjs_call_types **out, ark_error *error) {
  arkjs_call_types *types = ark_alloc(1, sizeof *types + length + 1);
  if (!types) {
    ark_signature_free(signature);
    return ark_fail_memory(error);
  }
  types->references = 1;
  types->signature = signature;
  call_types_look_at(types);
  ark_status status = ark_plan_create(signature, &types->plan, error);
  if (status) {
    arkjs_call_types_release(types);
    return status;
  }
  *out = types;
  return ARK_OK;
}

/* FNV-1a. */
static uint32_t call_types_hash(uint32_t hash, const char *text) {
  for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 0x01000193;
  return hash;
}

/* Whether `letters` are "args)result". */
static bool call_types_are(const char *letters, const char *args, size_t length, const char *result) {
  return !strncmp(letters, args, length) && letters[length] == ')' && !strcmp(letters + length + 1, result);
}

static void call_types_share(arkjs_call_types *types, arkjs_call_types **list) {
  types->next = *list;
  if (types->next) types->next->link = &types->next;
  types->link = list;
  *list = types;
}

ark_status arkjs_call_types_find(arkjs_env *env, const char *args, const char *result, arkjs_call_types **out,
                                 ark_error *error) {
  enum { LISTS = sizeof env->call_types / sizeof env->call_types[0] };
  size_t length = strlen(args), rest = strlen(result);
  arkjs_call_types **list = &env->call_types[call_types_hash(call_types_hash(0x811c9dc5, args), result) % LISTS];
  for (arkjs_call_types *types = *list; types; types = types->next) {
    if (!call_types_are(types->letters, args, length, result)) continue;
    arkjs_call_types_retain(types);
    *out = types;
    return ARK_OK;
  }
  ark_signature *signature;
  ark_status status = ark_signature_parse(args, result, &signature, error);
  if (!status) status = call_types_create(signature, length + 1 + rest, out, error);
  if (status) return status;
  memcpy((*out)->letters, args, length);
  (*out)->letters[length] = ')';
  memcpy((*out)->letters + length + 1, result, rest + 1);
  call_types_share(*out, list);
  return ARK_OK;
}

ark_status arkjs_call_types_of(const ark_signature *signature, arkjs_call_types **out, ark_error *error) {
  ark_signature *copy;
  ark_status status = ark_signature_copy(signature, &copy, error);
  return status ? status : call_types_create(copy, 0, out, error);
}
