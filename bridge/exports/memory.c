#include "exports/memory.h"
#include "arkffi/alloc.h"
#include "arkffi/layout.h"
#include "arkffi/memory_access.h"
#include "env/plain.h"
#include "values/text.h"
#include <string.h>

static ark_status memory_size_argument(const arkjs_request *request, size_t index, size_t *out) {
  arkjs_site site = arkjs_argument(request, index);
  return arkjs_to_size(&site, request->values[index], out);
}

/* The bytes of a value that has been resolved to a buffer. `passed` is the argument, which a message is about. */
static ark_status memory_bytes_of(const arkjs_site *site, napi_value value, napi_value passed, const char *expected,
                                  void **data, size_t *size) {
  napi_value buffer;
  if (!arkjs_find_bytes(site->env, value, &buffer, data, size)) return arkjs_fail_type(site, expected, passed);
  return arkjs_bytes_of(site, value, data, size);
}

/* The bytes of a buffer argument, which the buffer owns. */
static ark_status memory_bytes_argument(const arkjs_request *request, size_t index, void **data, size_t *size) {
  arkjs_site site = arkjs_argument(request, index);
  napi_value value = request->values[index], resolved = value;
  napi_valuetype type = napi_undefined;
  ark_status status = arkjs_resolve(&site, ark_type_of_id(ARK_TYPE_POINTER), &resolved);
  if (status) return status;
  napi_typeof(request->env->napi, resolved, &type);
  /* An object with a `ptr` is not accepted, because its length is unknown. */
  if (type != napi_object) return arkjs_fail_type(&site, "a buffer", value);
  return memory_bytes_of(&site, resolved, value, "a buffer", data, size);
}

/* Fails if a value that has been passed for an address has fewer bytes than are read or written. */
static ark_status memory_check_room(const arkjs_request *request, size_t wanted, size_t size) {
  return wanted <= size
             ? ARK_OK
             : ark_fail(request->error, ARK_OUT_OF_RANGE, "%s: expected %zu bytes of the value, which has %zu",
                        request->function, wanted, size);
}

/* The bytes of a text that are sure to be there: up to its NUL, or one more than there are. */
static size_t memory_text_room(uintptr_t address, size_t size) {
  const char *text = (const char *)address;
  const char *end = memchr(text, '\0', size);
  return end ? (size_t)(end - text) + 1 : size + 1;
}

ark_status arkjs_read_c_string(const arkjs_request *request, napi_value *result) {
  uintptr_t address = 0;
  size_t length = 0, size;
  napi_valuetype type = napi_undefined;
  ark_status status = arkjs_memory_argument(request, 0, &address, &size);
  if (status) return status;
  if (request->count > 1) napi_typeof(request->env->napi, request->values[1], &type);
  if (type != napi_undefined) status = memory_size_argument(request, 1, &length);
  if (!status && size != SIZE_MAX) {
    size_t wanted = type == napi_undefined ? memory_text_room(address, size) : length;
    status = memory_check_room(request, wanted, size);
  }
  if (!status && address) {
    status = type == napi_undefined ? ark_memory_text_length(address, 1, request->function, &length, request->error)
                                    : ark_memory_probe(address, request->function, length, request->error);
    if (!status) status = ark_memory_check_address(address, request->function, request->error);
  }
  if (status) return status;
  napi_status made =
      address ? arkjs_host_create_text(&request->env->host, request->env->napi, (const char *)address, length, result)
              : napi_create_string_latin1(request->env->napi, "", 0, result);
  const arkjs_site site = {request->env, NULL, request->function, 0, request->error, NULL};
  return arkjs_text_status(&site, made, length);
}

/* A string type, by its letter. */
static ark_status memory_text_type_argument(const arkjs_request *request, size_t index, const ark_type **out) {
  const char *letter;
  ark_status status = arkjs_text_argument(request, index, &letter);
  if (status) return status;
  *out = ark_type_of_code(letter[0]);
  bool is_one = *out && (*out)->kind == ARK_KIND_STRING && !letter[1];
  return is_one
             ? ARK_OK
             : ark_fail(request->error, ARK_BAD_SIGNATURE, "%s: '%s' is no type of strings", request->function, letter);
}

ark_status arkjs_read_text(const arkjs_request *request, napi_value *result) {
  uintptr_t address = 0;
  const ark_type *type;
  arkjs_site site = {request->env, request->arena, request->function, 0, request->error, NULL};
  ark_status status = arkjs_address_argument(request, 0, &address);
  if (!status) status = memory_text_type_argument(request, 1, &type);
  return status ? status : arkjs_to_js(&site, type, (ark_value){.bits = address}, ARKJS_PLAIN, result);
}

ark_status arkjs_encode_text(const arkjs_request *request, napi_value *result) {
  const ark_type *type;
  ark_value text;
  void *data;
  arkjs_site site = arkjs_argument(request, 0);
  napi_valuetype kind = napi_undefined;
  ark_status status = memory_text_type_argument(request, 1, &type);
  if (status) return status;
  napi_typeof(request->env->napi, request->values[0], &kind);
  if (kind != napi_string) return arkjs_fail_type(&site, "string", request->values[0]);
  status = arkjs_to_c(&site, type, request->values[0], &text);
  if (status) return status;
  size_t size = arkjs_text_size(type, text.pointer);
  status = arkjs_create_buffer(request->env, request->function, size, &data, result, request->error);
  if (!status) memcpy(data, text.pointer, size);
  return status;
}

/* Copies between an address and a buffer, the two arguments. */
static ark_status memory_copy(const arkjs_request *request, bool is_write) {
  uintptr_t address = 0;
  size_t size, room;
  void *data;
  ark_status status = arkjs_memory_argument(request, 0, &address, &room);
  if (!status) status = memory_bytes_argument(request, 1, &data, &size);
  if (!status) status = memory_check_room(request, size, room);
  if (status) return status;
  return is_write ? ark_memory_write(address, request->function, data, size, request->error)
                  : ark_memory_read(address, request->function, data, size, request->error);
}

ark_status arkjs_read_into(const arkjs_request *request, napi_value *result) {
  (void)result;
  return memory_copy(request, false);
}

ark_status arkjs_write_memory(const arkjs_request *request, napi_value *result) {
  (void)result;
  return memory_copy(request, true);
}

ark_status arkjs_read_memory(const arkjs_request *request, napi_value *result) {
  uintptr_t address = 0;
  size_t size, room;
  void *data;
  ark_status status = arkjs_memory_argument(request, 0, &address, &room);
  if (!status) status = memory_size_argument(request, 1, &size);
  if (!status) status = memory_check_room(request, size, room);
  if (!status && size) status = ark_memory_check_address(address, request->function, request->error);
  if (!status) status = arkjs_create_buffer(request->env, request->function, size, &data, result, request->error);
  return status ? status : ark_memory_read(address, request->function, data, size, request->error);
}

/* The address of a buffer's first byte and its size, or the address that any other object has, with *size unchanged. */
static ark_status memory_place_argument(const arkjs_request *request, uintptr_t *out, size_t *size) {
  arkjs_site site = arkjs_argument(request, 0);
  static const char expected[] = "a buffer or an object with a ptr";
  napi_value value = request->values[0];
  napi_valuetype type = napi_undefined;
  void *data = NULL;
  napi_typeof(request->env->napi, value, &type);
  if (type != napi_object && type != napi_function) return arkjs_fail_type(&site, expected, value);
  ark_status status = arkjs_resolve(&site, ark_type_of_id(ARK_TYPE_POINTER), &value);
  if (status) return status;
  napi_typeof(request->env->napi, value, &type);
  if (type != napi_object && type != napi_function) return arkjs_to_address(&site, value, out);
  if (type == napi_function) return arkjs_fail_type(&site, expected, request->values[0]);
  status = memory_bytes_of(&site, value, request->values[0], expected, &data, size);
  *out = (uintptr_t)data;
  return status;
}

/* An offset, by which an address moves inside a buffer, or anywhere if it is not that of a buffer. */
static ark_status memory_offset_argument(const arkjs_request *request, size_t most, size_t *out) {
  arkjs_site site = arkjs_argument(request, 1);
  napi_valuetype type = napi_undefined;
  *out = 0;
  if (request->count > 1) napi_typeof(request->env->napi, request->values[1], &type);
  ark_status status = type == napi_undefined ? ARK_OK : memory_size_argument(request, 1, out);
  if (status || *out <= most) return status;
  return arkjs_fail_at(&site, ARK_OUT_OF_RANGE, "%zu is past the end of a buffer of %zu bytes", *out, most);
}

ark_status arkjs_ptr(const arkjs_request *request, napi_value *result) {
  uintptr_t address = 0;
  size_t size = SIZE_MAX, offset;
  ark_status status = memory_place_argument(request, &address, &size);
  if (!status) status = memory_offset_argument(request, size, &offset);
  return status ? status : arkjs_answer_address(request, address + offset, result);
}

/* Creates an array with one number for each member. */
static napi_status memory_list_to_js(napi_env napi, const ark_aggregate *layout, double (*of)(const ark_member *member),
                                     napi_value *out) {
  napi_value value;
  napi_status status = napi_create_array_with_length(napi, layout->count, out);
  for (uint32_t i = 0; i < layout->count && status == napi_ok; i++) {
    status = napi_create_double(napi, of(&layout->members[i]), &value);
    if (status == napi_ok) status = arkjs_plain_set_element(napi, *out, i, value);
  }
  return status;
}

static double memory_offset_of(const ark_member *member) {
  return (double)member->offset;
}

static double memory_bit_of(const ark_member *member) {
  return member->bit;
}

static napi_status memory_layout_to_js(napi_env napi, const ark_aggregate *layout, napi_value *out) {
  napi_value size, align, offsets, bits;
  napi_status status = napi_create_object(napi, out);
  if (status == napi_ok) status = napi_create_double(napi, (double)layout->type.size, &size);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "size", size);
  if (status == napi_ok) status = napi_create_double(napi, (double)layout->type.align, &align);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "align", align);
  if (status == napi_ok) status = memory_list_to_js(napi, layout, memory_offset_of, &offsets);
  if (status == napi_ok) status = arkjs_plain_set(napi, *out, "offsets", offsets);
  if (status == napi_ok) status = memory_list_to_js(napi, layout, memory_bit_of, &bits);
  return status == napi_ok ? arkjs_plain_set(napi, *out, "bits", bits) : status;
}

ark_status arkjs_layout_of(const arkjs_request *request, napi_value *result) {
  const char *text;
  const ark_aggregate *layout;
  ark_status status = arkjs_text_argument(request, 0, &text);
  if (!status) status = ark_layout_parse(text, &layout, request->error);
  if (status) return status;
  status = arkjs_host_status(request->env, memory_layout_to_js(request->env->napi, layout, result), request->error);
  ark_type_release(&layout->type);
  return status;
}
