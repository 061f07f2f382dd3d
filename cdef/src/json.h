/* JSON, written from left to right.
 *
 * Out of memory is told once, at the end: until then writing goes nowhere.
 * Thread rule: a writer belongs to one thread.
 */
#ifndef CDEF_JSON_H
#define CDEF_JSON_H

#include "arkffi/error.h"
#include <stdbool.h>
#include <stddef.h>

typedef struct cdef_json {
  char *text; /* owned; terminated once something is written */
  size_t length, size;
  bool has_failed;
} cdef_json;

/* As it is. */
void cdef_json_write(cdef_json *json, const char *text);
void cdef_json_print(cdef_json *json, const char *format, ...) ARK_PRINTF(2, 3);

/* A comma, unless this is the first of its list. */
void cdef_json_separate(cdef_json *json);

/* Quoted. Of what is no UTF-8 each byte becomes U+FFFD. */
void cdef_json_string(cdef_json *json, const char *text, size_t length);

/* The length of what is left of a text when it is cut to `most` bytes at most, between two characters. */
size_t cdef_cut_length(const char *text, size_t length, size_t most);

/* Gives the text back. */
void cdef_json_free(cdef_json *json);

#endif
