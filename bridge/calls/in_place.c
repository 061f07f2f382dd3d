#include "calls/in_place.h"

void arkjs_in_place_begin(arkjs_env *env, arkjs_in_place *place, const void *data, size_t size) {
  *place = (arkjs_in_place){env->in_place, &env->in_place, data, size, NULL};
  if (place->next) place->next->link = &place->next;
  env->in_place = place;
}

/* The memory of a call that lies in these bytes; NULL when there is none. */
static arkjs_in_place *in_place_find(const arkjs_env *env, const char *data, size_t size) {
  arkjs_in_place *place = env->in_place;
  while (place && (place->data + place->size <= data || data + size <= place->data)) place = place->next;
  return place;
}

napi_status arkjs_in_place_detach(arkjs_env *env, napi_value buffer) {
  void *data;
  size_t size;
  napi_status status = napi_get_arraybuffer_info(env->napi, buffer, &data, &size);
  arkjs_in_place *place = status == napi_ok ? in_place_find(env, data, size) : NULL;
  if (!place) return napi_detach_arraybuffer(env->napi, buffer);
  return place->ended ? napi_ok : napi_create_reference(env->napi, buffer, 1, &place->ended);
}

void arkjs_in_place_end(arkjs_env *env, arkjs_in_place *place) {
  napi_handle_scope scope;
  napi_value buffer;
  *place->link = place->next;
  if (place->next) place->next->link = place->link;
  if (!place->ended) return;
  if (!env->has_ended && napi_open_handle_scope(env->napi, &scope) == napi_ok) {
    if (napi_get_reference_value(env->napi, place->ended, &buffer) == napi_ok) arkjs_in_place_detach(env, buffer);
    napi_close_handle_scope(env->napi, scope);
  }
  napi_delete_reference(env->napi, place->ended);
}
