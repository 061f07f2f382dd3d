#include "cdef_support.h"
#include <stdio.h>

char *description_of(const char *text) {
  ark_error error;
  char *json = NULL;
  ark_status status = cdef_describe(text, &json, &error);
  if (status) fail_msg("%.200s: %s", text, error.message);
  return json;
}

void assert_describes(const char *text, const char *part) {
  char *json = description_of(text);
  if (!strstr(json, part)) fail_msg("%s\nis described as\n%s\nwithout\n%s", text, json, part);
  ark_free(json);
}

void assert_does_not_describe(const char *text, const char *part) {
  char *json = description_of(text);
  if (strstr(json, part)) fail_msg("%s\nis described as\n%s\nwith\n%s", text, json, part);
  ark_free(json);
}

void assert_refuses(const char *text, const char *message) {
  ark_error error;
  char *json = NULL;
  assert_fails(ARK_BAD_SIGNATURE, cdef_describe(text, &json, &error));
  if (strncmp(error.message, "cdef: ", 6) != 0 || strcmp(error.message + 6, message) != 0) {
    fail_msg("%.200s\nis refused with\n%s\ninstead of\ncdef: %s", text, error.message, message);
  }
}

char *repeated(const char *before, const char *piece, size_t times, const char *after) {
  size_t length = strlen(piece);
  char *text = malloc(strlen(before) + length * times + strlen(after) + 1);
  assert_non_null(text);
  strcpy(text, before);
  char *at = text + strlen(before);
  for (size_t i = 0; i < times; i++, at += length) memcpy(at, piece, length);
  strcpy(at, after);
  return text;
}
