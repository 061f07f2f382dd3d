#include "values/text.h"
#include "arkffi/alloc.h"
#include "arkffi/memory_access.h"
#include "env/utf16.h"
#include <string.h>

/* In UTF-16 units. Text up to this length gets room for the longest possible UTF-8; longer text is measured first. */
#define LONGEST_GUESS 4096

/* To C. */

static ark_status text_fail_nul(const arkjs_site *site) {
  return arkjs_fail_at(site, ARK_INVALID_ARG_TYPE, "the string has a NUL inside, where C would end it");
}

static ark_status text_utf8_to_c(const arkjs_site *site, napi_value value, bool *is_text, ark_value *out) {
  size_t length;
  napi_env napi = site->env->napi;
  *is_text = napi_get_value_string_utf16(napi, value, NULL, 0, &length) == napi_ok;
  if (!*is_text) return ARK_OK;
  if (length > LONGEST_GUESS) {
    arkjs_host_read_text(&site->env->host, napi, value, NULL, 0, &length);
  } else {
    /* V8 writes several times as fast when the room is sure to suffice. No UTF-16 unit becomes more than 3 bytes. */
    length *= 3;
  }
  char *text = ark_arena_take(site->arena, length + 1);
  if (!text) return ark_fail_memory(site->error);
  if (arkjs_host_read_text(&site->env->host, napi, value, text, length + 1, &length) != napi_ok) {
    return ark_fail_memory(site->error);
  }
  out->text = text;
  return memchr(text, '\0', length) ? text_fail_nul(site) : ARK_OK;
}

static ark_status text_utf16_to_c(const arkjs_site *site, napi_value value, bool *is_text, ark_value *out,
                                  size_t *length) {
  *is_text = napi_get_value_string_utf16(site->env->napi, value, NULL, 0, length) == napi_ok;
  if (!*is_text) return ARK_OK;
  char16_t *text = ark_arena_take(site->arena, (*length + 1) * sizeof *text);
  if (!text) return ark_fail_memory(site->error);
  napi_get_value_string_utf16(site->env->napi, value, text, *length + 1, length);
  for (size_t i = 0; i < *length; i++) {
    if (!text[i]) return text_fail_nul(site);
  }
  out->pointer = text;
  return ARK_OK;
}

static ark_status text_utf32_to_c(const arkjs_site *site, napi_value value, bool *is_text, ark_value *out) {
  size_t length, count = 0;
  ark_status status = text_utf16_to_c(site, value, is_text, out, &length);
  if (status || !*is_text) return status;
  const uint16_t *units = out->pointer;
  uint32_t *text = ark_arena_take(site->arena, (length + 1) * sizeof *text);
  if (!text) return ark_fail_memory(site->error);
  for (size_t i = 0; i < length; i++) text[count++] = arkjs_utf16_read(units, length, &i);
  text[count] = 0;
  out->pointer = text;
  return ARK_OK;
}

/* The characters of Latin-1 are the first 256 of UTF-16. */
static ark_status text_latin1_to_c(const arkjs_site *site, napi_value value, bool *is_text, ark_value *out) {
  size_t length;
  ark_status status = text_utf16_to_c(site, value, is_text, out, &length);
  if (status || !*is_text) return status;
  const uint16_t *units = out->pointer;
  char *text = ark_arena_take(site->arena, length + 1);
  if (!text) return ark_fail_memory(site->error);
  for (size_t i = 0; i < length; i++) {
    if (units[i] > 0xFF) {
      size_t index = i;
      unsigned character = arkjs_utf16_read(units, length, &i);
      return arkjs_fail_at(site, ARK_OUT_OF_RANGE, "latin1 has no character U+%04X, as at index %zu of the string",
                           character, index);
    }
    text[i] = (char)units[i];
  }
  text[length] = '\0';
  out->text = text;
  return ARK_OK;
}

ark_status arkjs_text_to_c(const arkjs_site *site, const ark_type *type, napi_value value, bool *is_text,
                           ark_value *out) {
  size_t length;
  if (type->id == ARK_TYPE_LATIN1) return text_latin1_to_c(site, value, is_text, out);
  switch (ark_type_text_width(type)) {
  case 1: return text_utf8_to_c(site, value, is_text, out);
  case 2: return text_utf16_to_c(site, value, is_text, out, &length);
  default: return text_utf32_to_c(site, value, is_text, out);
  }
}

size_t arkjs_text_size(const ark_type *type, const void *text) {
  size_t width = ark_type_text_width(type), size = 0;
  static const unsigned char end[sizeof(uint32_t)];
  while (memcmp((const char *)text + size, end, width) != 0) size += width;
  return size + width;
}

/* To JavaScript. */

/* The maximum length of a string in V8 of 64 bits, in units. Other JavaScript engines have a higher one. */
#define TEXT_V8_LIMIT ((size_t)536870888)

ark_status arkjs_text_status(const arkjs_site *site, napi_status status, size_t length) {
  bool is_pending = false;
  if (status != napi_ok) napi_is_exception_pending(site->env->napi, &is_pending);
  if (status == napi_ok || is_pending || length <= TEXT_V8_LIMIT) {
    return arkjs_host_status(site->env, status, site->error);
  }
  return ark_fail(site->error, ARK_OUT_OF_RANGE,
                  "%s: the text has %zu units, which is more than a string of this JavaScript engine can have",
                  site->function, length);
}

/* Converts through UTF-16. The text may be unaligned. */
static ark_status text_utf32_to_js(const arkjs_site *site, const char *text, size_t length, napi_value *out) {
  char16_t *units = length < SIZE_MAX / 4 ? ark_alloc(2 * length + 1, sizeof *units) : NULL;
  if (!units) return ark_fail_memory(site->error);
  size_t count = 0;
  for (size_t i = 0; i < length; i++) {
    uint32_t point;
    memcpy(&point, text + i * sizeof point, sizeof point);
    if (point > 0x10FFFF || arkjs_is_lead(point) || arkjs_is_trail(point)) point = ARKJS_REPLACEMENT;
    if (point >= 0x10000) {
      units[count++] = (char16_t)(0xD800 + ((point - 0x10000) >> 10));
      point = 0xDC00 + (point & 0x3FF);
    }
    units[count++] = (char16_t)point;
  }
  napi_status made = napi_create_string_utf16(site->env->napi, units, count, out);
  ark_free(units);
  return arkjs_text_status(site, made, count);
}

ark_status arkjs_text_measure(const ark_type *type, const void *text, const char *function, size_t *size,
                              ark_error *error) {
  size_t length, width = ark_type_text_width(type);
  ark_status status = ark_memory_text_length((uintptr_t)text, width, function, &length, error);
  if (!status) *size = (length + 1) * width;
  return status;
}

bool arkjs_text_is_ascii(const char *text, size_t length) {
  uint64_t bits = 0, word = 0;
  if (length < sizeof word) {
    for (size_t i = 0; i < length; i++) bits |= (unsigned char)text[i];
  } else {
    for (size_t i = 0; i < length - sizeof word; i += sizeof word) {
      memcpy(&word, text + i, sizeof word);
      bits |= word;
    }
    memcpy(&word, text + length - sizeof word, sizeof word);
    bits |= word;
  }
  return !(bits & 0x8080808080808080);
}

/* Most text is ASCII. Hosts create a string from it faster when they need not check that themselves. */
static napi_status text_utf8_to_js(const arkjs_env *env, const char *text, size_t length, napi_value *out) {
  return arkjs_text_is_ascii(text, length) ? napi_create_string_latin1(env->napi, text, length, out)
                                           : arkjs_host_create_text(&env->host, env->napi, text, length, out);
}

/* Some hosts take the bytes of Latin-1 for those of UTF-8. */
static ark_status text_latin1_to_js(const arkjs_site *site, const char *text, size_t length, napi_value *out) {
  napi_env napi = site->env->napi;
  if (arkjs_text_is_ascii(text, length)) {
    return arkjs_text_status(site, napi_create_string_latin1(napi, text, length, out), length);
  }
  char16_t *units = length < SIZE_MAX / 2 ? ark_alloc(length + 1, sizeof *units) : NULL;
  if (!units) return ark_fail_memory(site->error);
  for (size_t i = 0; i < length; i++) units[i] = (unsigned char)text[i];
  napi_status made = napi_create_string_utf16(napi, units, length, out);
  ark_free(units);
  return arkjs_text_status(site, made, length);
}

ark_status arkjs_text_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_call_flags flags,
                            napi_value *out) {
  napi_env napi = site->env->napi;
  size_t length, width = ark_type_text_width(type);
  napi_status made;
  if (!value.pointer) {
    made = flags & ARKJS_EMPTY_FOR_NULL ? napi_create_string_latin1(napi, "", 0, out) : napi_get_null(napi, out);
    return arkjs_host_status(site->env, made, site->error);
  }
  ark_status status = ark_memory_text_length((uintptr_t)value.pointer, width, site->function, &length, site->error);
  if (status) return status;
  if (type->id == ARK_TYPE_LATIN1) return text_latin1_to_js(site, value.text, length, out);
  if (width > 2) return text_utf32_to_js(site, value.pointer, length, out);
  made = width == 2 ? napi_create_string_utf16(napi, value.pointer, length, out)
                    : text_utf8_to_js(site->env, value.text, length, out);
  return arkjs_text_status(site, made, length);
}
