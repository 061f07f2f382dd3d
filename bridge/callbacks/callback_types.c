#include "callbacks/callback_types.h"
#include "arkffi/alloc.h"
#include <stdio.h>
#include <string.h>

void arkjs_types_release(arkjs_types *types) {
  if (!types || --types->references) return;
  ark_signature_free(types->signature);
  ark_free(types);
}

ark_status arkjs_types_create(ark_signature *signature, const char *letters, arkjs_types **out, ark_error *error) {
  arkjs_types *types = ark_alloc(1, sizeof *types + strlen(letters) + 1);
  if (!types) {
    ark_signature_free(signature);
    return ark_fail_memory(error);
  }
  types->references = 1;
  types->signature = signature;
  memcpy(types->letters, letters, strlen(letters) + 1);
  *out = types;
  return ARK_OK;
}

ark_status arkjs_types_find(arkjs_env *env, const char *args, const char *result, ark_arena *arena, arkjs_types **out,
                            ark_error *error) {
  ark_signature *signature;
  size_t size = strlen(args) + strlen(result) + 2;
  char *letters = ark_arena_take(arena, size);
  if (!letters) return ark_fail_memory(error);
  snprintf(letters, size, "%s)%s", args, result);
  if (!env->last_types || strcmp(env->last_types->letters, letters) != 0) {
    arkjs_types *types = NULL;
    ark_status status = ark_signature_parse(args, result, &signature, error);
    if (!status) status = arkjs_types_create(signature, letters, &types, error);
    if (status) return status;
    arkjs_types_release(env->last_types);
    env->last_types = types;
  }
  *out = env->last_types;
  env->last_types->references++;
  return ARK_OK;
}
