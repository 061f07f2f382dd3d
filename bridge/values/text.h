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

/* A string of UTF-8. Most text is ASCII, and hosts make a string of that faster when they need not look themselves. */
napi_status arkjs_text8_to_js(napi_env napi, const char *text, size_t length, napi_value *out);

bool arkjs_text_is_ascii(const char *text, size_t length);

/* The converters of arkjs_to_c and arkjs_to_js for types of kind STRING. */
ark_status arkjs_text_to_c(const arkjs_site *site, const ark_type *type, napi_value value, ark_value *out);
ark_status arkjs_text_to_js(const arkjs_site *site, const ark_type *type, ark_value value, arkjs_style style,
                            napi_value *out);

/* Bytes of a text that arkjs_text_to_c has made, with its NUL. */
size_t arkjs_text_size(const ark_type *type, const void *text);

#endif
