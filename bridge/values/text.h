/* Text across the border: in UTF-8, in UTF-16 and as wchar_t.
 *
 * One rule for what has no form on the other side, a lone surrogate in UTF-8 or UTF-32, or units that are no such text:
 * U+FFFD stands for it. UTF-16 passes unit by unit, whatever it holds, because JavaScript's strings are such units.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_TEXT_H
#define ARKJS_TEXT_H

#include "arkffi/type.h"
#include "values/site.h"

/* Any thread. */
bool arkjs_text_is_ascii(const char *text, size_t length);

/* The converters of arkjs_to_c and arkjs_to_js for types of kind STRING. */
ark_status arkjs_text_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out);
ark_status arkjs_text_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_call_flags flags,
                            napi_value *out);

/* Any thread. The bytes of a text of C's, with its NUL, for a copy; `function` is named where that fails. Fails with
 * ARK_NULL_POINTER for an address that cannot be one. */
ark_status arkjs_text_measure(const ark_type *type, const void *text, const char *function, size_t *size,
                              ark_error *error);

/* Bytes of a text that arkjs_text_to_c has made, with its NUL. */
size_t arkjs_text_size(const ark_type *type, const void *text);

#endif
