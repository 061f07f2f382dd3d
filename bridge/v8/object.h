/* Objects on V8's heap, read directly: this allocates nothing and runs no JavaScript.
 *
 * A handle points to the address of an object, whose lowest bit is set, or to a small integer, whose lowest bit is
 * not set. An object begins with the address of its map, and the map has the object's type. This holds for V8 11 to
 * 14 on all 64-bit processors, unless V8 was built with pointer compression. Each user of this file tests its
 * assumptions on samples first.
 * Thread rule: the environment's JavaScript thread. Pointers into the heap are valid until V8 allocates something.
 */
#ifndef ARKJS_V8_OBJECT_H
#define ARKJS_V8_OBJECT_H

#include <node_api.h>
#include <string.h>

/* The object at an address in V8's form. */
static inline const void *arkjs_v8_object(uintptr_t address) {
  return (const char *)address - 1;
}

/* The object that a handle points to; NULL for a small integer. */
static inline const void *arkjs_v8_object_of(napi_value value) {
  uintptr_t address = *(const uintptr_t *)(const void *)value;
  return address & 1 ? arkjs_v8_object(address) : NULL;
}

/* The value of a script; NULL when it throws. */
static inline napi_value arkjs_v8_samples(napi_env napi, const char *text) {
  napi_value script, result;
  if (napi_create_string_utf8(napi, text, NAPI_AUTO_LENGTH, &script) != napi_ok) return NULL;
  if (napi_run_script(napi, script, &result) == napi_ok) return result;
  arkjs_host_take_exception(napi);
  return NULL;
}

static inline unsigned arkjs_v8_type_of(const void *object) {
  enum { TYPE = 12 }; /* offset in a map, in bytes */
  uint16_t type;
  uintptr_t map;
  memcpy(&map, object, sizeof map);
  memcpy(&type, (const char *)arkjs_v8_object(map) + TYPE, sizeof type);
  return type;
}

#endif
