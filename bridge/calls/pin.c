#include "calls/pin.h"
#include "arkffi/alloc.h"
#include "env/plain.h"
#include "v8/alias.h"
#include <stdlib.h>
#include <string.h>

/* The bytes of one argument. */
typedef struct pin {
  char *data;
  size_t size;
  void **address; /* where the address for C is stored */
  char *copy;     /* NULL until there is one */
  uint32_t index; /* of the argument, and in the array of objects */
  bool is_written;
} pin;

struct arkjs_pins {
  napi_ref objects; /* an array: the aliases of the buffers, or the arguments themselves if C works on copies */
  char *copies;     /* all copies, in one block; owned; NULL when there are aliases */
  size_t count;
  pin pins[];
};

/* Copies. Arguments that overlap still do so in the copy, and are copied once. */

static int pin_by_address(const void *left, const void *right) {
  uintptr_t a = (uintptr_t)((const pin *)left)->data, b = (uintptr_t)((const pin *)right)->data;
  return (a > b) - (a < b);
}

/* The alignments in bytes that copies keep: that of every buffer, and the largest that a type can have. */
enum { LEAST_ALIGN = 16, LARGEST_ALIGN = 4096 };

/* The largest power of two that divides an address, within the limits. C may depend on it. */
static size_t pin_align_of(uintptr_t address) {
  size_t align = LEAST_ALIGN;
  while (align < LARGEST_ALIGN && address % (2 * align) == 0) align *= 2;
  return align;
}

/* The pins, from `first` on, whose bytes overlap: *count of them in *size bytes. The copy of all these bytes
 * must be as far from a multiple of *align as they are. Addresses are compared as integers, because they point into
 * different objects. */
static void pin_measure_group(const arkjs_pins *pins, size_t first, size_t *count, size_t *size, size_t *align) {
  uintptr_t start = (uintptr_t)pins->pins[first].data, end = start;
  size_t i = first;
  *align = LEAST_ALIGN;
  for (; i < pins->count; i++) {
    uintptr_t data = (uintptr_t)pins->pins[i].data;
    if (i > first && data >= end) break;
    if (data + pins->pins[i].size > end) end = data + pins->pins[i].size;
    if (pin_align_of(data) > *align) *align = pin_align_of(data);
  }
  *count = i - first;
  *size = end - start;
}

/* Lays out the pins, which must be sorted, in one block: each at its place in the copy of the bytes around it.
 * Returns the size that the block needs. A `block` of NULL only measures. */
static size_t pin_place_copies(arkjs_pins *pins, char *block) {
  size_t needed = 0, count, size, align;
  char *at = block;
  for (size_t first = 0; first < pins->count; first += count) {
    pin_measure_group(pins, first, &count, &size, &align);
    needed += size + align;
    if (!block) continue;
    uintptr_t start = (uintptr_t)pins->pins[first].data;
    at += (start - (uintptr_t)at) % align;
    for (size_t i = first; i < first + count; i++) {
      pin *placed = &pins->pins[i];
      placed->copy = at + ((uintptr_t)placed->data - start);
      memcpy(placed->copy, placed->data, placed->size);
    }
    at += size;
  }
  return needed;
}

static ark_status pin_use_copies(arkjs_pins *pins, ark_error *error) {
  qsort(pins->pins, pins->count, sizeof pins->pins[0], pin_by_address);
  pins->copies = ark_alloc(pin_place_copies(pins, NULL), 1);
  if (!pins->copies) return ark_fail_memory(error);
  pin_place_copies(pins, pins->copies);
  for (size_t i = 0; i < pins->count; i++) *pins->pins[i].address = pins->pins[i].copy;
  return ARK_OK;
}

/* Copies back to the current bytes of the object, if it still has any. */
static void pin_leave_copy(arkjs_env *env, napi_value object, const pin *left) {
  napi_value buffer;
  void *data;
  size_t size;
  if (!left->is_written) return;
  if (arkjs_find_bytes(env, object, &buffer, &data, &size) && size == left->size) memcpy(data, left->copy, size);
}

/* Pinning: alias or copy. */

static ark_status pin_refuse_resizable(const arkjs_site *site, napi_value buffer) {
  napi_env napi = site->env->napi;
  napi_value getter, answer;
  bool is_resizable = false;
  if (!site->env->intrinsics.resizable_getter) return ARK_OK;
  napi_status status = napi_get_reference_value(napi, site->env->intrinsics.resizable_getter, &getter);
  if (status == napi_ok) status = napi_call_function(napi, buffer, getter, 0, NULL, &answer);
  if (status == napi_ok) status = napi_get_value_bool(napi, answer, &is_resizable);
  if (status != napi_ok) return arkjs_host_status(site->env, status, site->error);
  return is_resizable ? arkjs_fail_at(site, ARK_INVALID_ARG_TYPE,
                                      "the buffer is resizable, and could be resized while the call runs")
                      : ARK_OK;
}

ark_status arkjs_pin_finds(const arkjs_site *site, napi_value value, napi_value *buffer) {
  void *data;
  size_t size;
  bool can_detach = false;
  if (!arkjs_find_bytes(site->env, value, buffer, &data, &size)) return ARK_OK;
  napi_is_arraybuffer(site->env->napi, *buffer, &can_detach); /* false for a SharedArrayBuffer */
  if (can_detach && !arkjs_v8_is_undetachable(*buffer)) return pin_refuse_resizable(site, *buffer);
  *buffer = NULL;
  return ARK_OK;
}

/* Room for a pin of each argument and of the results of a batch, and the array for the objects. */
static ark_status pin_create(const arkjs_function *function, arkjs_pins **out, napi_value *objects, ark_error *error) {
  napi_env napi = function->env->napi;
  arkjs_pins *pins = ark_alloc(1, sizeof *pins + (function->signature->count + 1) * sizeof pins->pins[0]);
  if (!pins) return ark_fail_memory(error);
  napi_status status = napi_create_array(napi, objects);
  if (status == napi_ok) status = napi_create_reference(napi, *objects, 1, &pins->objects);
  if (status == napi_ok) {
    *out = pins;
    return ARK_OK;
  }
  ark_free(pins);
  return arkjs_host_status(function->env, status, error);
}

/* The pins of one call during their creation. */
typedef struct pinning {
  const arkjs_function *function;
  arkjs_site site;
  napi_value objects;
  arkjs_pins *pins; /* NULL for none yet */
} pinning;

static ark_status pin_add(pinning *to, napi_value object, napi_value buffer, pin added) {
  arkjs_env *env = to->site.env;
  ark_status status = to->pins ? ARK_OK : pin_create(to->function, &to->pins, &to->objects, to->site.error);
  if (status) return status;
  napi_value kept = arkjs_v8_can_alias(env) ? arkjs_v8_alias_of(env, buffer) : object;
  if (!kept) return ark_fail_memory(to->site.error);
  napi_status host = arkjs_plain_set_element(env->napi, to->objects, added.index, kept);
  if (host == napi_ok) to->pins->pins[to->pins->count++] = added;
  return arkjs_host_status(env, host, to->site.error);
}

/* Pins a value if it is a buffer that needs it. */
static ark_status pin_value(pinning *to, napi_value value, pin wanted) {
  napi_value buffer = NULL;
  void *data;
  ark_status status = arkjs_pin_finds(&to->site, value, &buffer);
  if (status || !buffer || !arkjs_find_bytes(to->site.env, value, &buffer, &data, &wanted.size)) return status;
  wanted.data = data;
  return wanted.size ? pin_add(to, value, buffer, wanted) : ARK_OK;
}

static ark_status pin_finish(pinning *made, ark_status status, arkjs_pins **out) {
  arkjs_env *env = made->site.env;
  if (!status && made->pins && !arkjs_v8_can_alias(env)) status = pin_use_copies(made->pins, made->site.error);
  if (status) {
    arkjs_unpin(env, made->pins);
    return status;
  }
  *out = made->pins;
  return ARK_OK;
}

static bool pin_is_object(const arkjs_env *env, napi_value value) {
  napi_valuetype type = napi_undefined;
  return napi_typeof(env->napi, value, &type) == napi_ok && type == napi_object;
}

ark_status arkjs_pin(const arkjs_function *function, const napi_value *values, ark_value *args, arkjs_pins **out,
                     ark_error *error) {
  pinning made = {function, {function->env, NULL, function->name, 0, error, function->parameters}, NULL, NULL};
  ark_status status = ARK_OK;
  for (uint32_t i = 0; i < function->signature->count && !status; i++) {
    ark_kind kind = function->signature->parameters[i].type->kind;
    if (kind != ARK_KIND_POINTER && !(kind == ARK_KIND_STRING && pin_is_object(function->env, values[i]))) continue;
    made.site.argument = i + 1;
    status = pin_value(&made, values[i],
                       (pin){.address = &args[i].pointer, .index = i, .is_written = kind == ARK_KIND_POINTER});
  }
  return pin_finish(&made, status, out);
}

ark_status arkjs_pin_arrays(const arkjs_function *function, const arkjs_site *site, arkjs_array *arrays,
                            arkjs_pins **out) {
  pinning made = {function, *site, NULL, NULL};
  ark_status status = ARK_OK;
  for (uint32_t i = 0; i <= function->signature->count && !status; i++) {
    bool is_out = i == function->signature->count;
    if (!arrays[i].value) continue;
    made.site.argument = is_out ? ARKJS_OUT : i + 1;
    status = pin_value(&made, arrays[i].value, (pin){.address = &arrays[i].data, .index = i, .is_written = is_out});
  }
  return pin_finish(&made, status, out);
}

void arkjs_unpin(arkjs_env *env, arkjs_pins *pins) {
  napi_value objects, object;
  napi_handle_scope scope;
  if (!pins) return;
  /* When JavaScript has ended, its buffers have too. */
  bool is_over = !pins->copies || env->has_ended;
  if (!is_over && napi_open_handle_scope(env->napi, &scope) == napi_ok) {
    if (napi_get_reference_value(env->napi, pins->objects, &objects) != napi_ok) pins->count = 0;
    for (size_t i = 0; i < pins->count; i++) {
      const pin *left = &pins->pins[i];
      if (napi_get_element(env->napi, objects, left->index, &object) == napi_ok) pin_leave_copy(env, object, left);
    }
    napi_close_handle_scope(env->napi, scope);
  }
  napi_delete_reference(env->napi, pins->objects);
  ark_free(pins->copies);
  ark_free(pins);
}
