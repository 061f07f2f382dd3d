/* Text between JavaScript and C: UTF-8, UTF-16, wchar_t and Latin-1.
 *
 * A character that Latin-1 has not is an error. U+FFFD replaces whatever the other side cannot represent: a lone
 * surrogate in UTF-8 or UTF-32, and invalid input. UTF-16 is passed unit by unit, valid or not, because JavaScript
 * strings are sequences of such units.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_TEXT_H
#define ARKJS_TEXT_H

#include "arkffi/type.h"
#include "values/site.h"

/* Any thread: whether all `length` bytes are ASCII. */
bool arkjs_text_is_ascii(const char *text, size_t length);

/* The converters of arkjs_to_c and arkjs_to_js for types of kind STRING. The first converts strings: for another value
 * *is_text becomes false, and *out stays as it is. */
ark_status arkjs_text_to_c(const arkjs_site *site, const ark_type *type, napi_value value, bool *is_text,
                           ark_value *out);
ark_status arkjs_text_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_call_flags flags,
                            napi_value *out);

/* Any thread: sets *size to the bytes of a C string with its NUL, for a copy. `function` is named in the message.
 * Fails with ARK_NULL_POINTER when `text` cannot be an address. */
ark_status arkjs_text_measure(const ark_type *type, const void *text, const char *function, size_t *size,
                              ark_error *error);

/* The bytes of a text that arkjs_text_to_c created, with its NUL. */
size_t arkjs_text_size(const ark_type *type, const void *text);

/* ARK_OK for napi_ok. Fails because a string of `length` units, or bytes of UTF-8, could not be created: with
 * ARK_OUT_OF_RANGE if it is longer than the JavaScript engine allows, else as arkjs_host_status does. */
ark_status arkjs_text_status(const arkjs_site *site, napi_status status, size_t length);

#endif
