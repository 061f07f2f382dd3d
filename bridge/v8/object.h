/* Objects as V8 has them on its heap, which is read here without V8's help: nothing is allocated and no JavaScript runs.
 *
 * A handle has the address of an object, with the lowest bit set; without it, it is a small integer. An object begins with
 * the address of its map, and the map has the object's type. So it is in V8 11 to 14 on all processors of 64 bits, unless
 * V8 was built to compress addresses; each user of this tries what it knows on samples before it relies on it.
 *
 * Thread rule: the environment's JavaScript thread. What is found stays where it is until V8 next allocates something.
 */
#ifndef ARKJS_V8_OBJECT_H
#define ARKJS_V8_OBJECT_H

#include <node_api.h>
#include <string.h>

/* An object, by its address as V8 writes it. */
static inline const void *arkjs_v8_object(uintptr_t address) {
  return (const char *)address - 1;
}

/* NULL for a small integer. */
static inline const void *arkjs_v8_object_of(napi_value value) {
  uintptr_t address = *(const uintptr_t *)(const void *)value;
  return address & 1 ? arkjs_v8_object(address) : NULL;
}

/* What a text evaluates to; NULL when it throws. */
static inline napi_value arkjs_v8_samples(napi_env napi, const char *text) {
  napi_value script, result, thrown;
  if (napi_create_string_utf8(napi, text, NAPI_AUTO_LENGTH, &script) != napi_ok) return NULL;
  if (napi_run_script(napi, script, &result) == napi_ok) return result;
  napi_get_and_clear_last_exception(napi, &thrown);
  return NULL;
}

static inline unsigned arkjs_v8_type_of(const void *object) {
  enum { TYPE = 12 }; /* bytes into a map */
  uint16_t type;
  uintptr_t map;
  memcpy(&map, object, sizeof map);
  memcpy(&type, (const char *)arkjs_v8_object(map) + TYPE, sizeof type);
  return type;
}

#endif
