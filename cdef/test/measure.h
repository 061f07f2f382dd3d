/* Compares the layouts that cdef describes with those of the compiler. */
#ifndef CDEF_TEST_MEASURE_H
#define CDEF_TEST_MEASURE_H

#include "cdef_support.h"
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>

/* Asserts the size and alignment, in bytes, of the struct or union of that name. */
static inline void assert_measure(const char *text, const char *name, size_t size, size_t align) {
  char part[128], measure[128];
  snprintf(part, sizeof part, "\"name\":\"%s\"", name);
  snprintf(measure, sizeof measure, "\"size\":%zu,\"align\":%zu,", size, align);
  char *json = description_of(text);
  const char *found = strstr(json, part), *measured = found ? strstr(found, "\"size\"") : NULL;
  bool is_right = measured && strncmp(measured, measure, strlen(measure)) == 0;
  if (!is_right) fail_msg("%s\nis described as\n%s\nnot %s %s", text, json, part, measure);
  ark_free(json);
}

/* Gives the same declarations to the compiler and to the parser, which must agree on the size and alignment of
 * `type`. */
#define ASSERT_AS_COMPILED(type, ...)                                                                                  \
  do {                                                                                                                 \
    __VA_ARGS__;                                                                                                       \
    assert_measure(#__VA_ARGS__ ";", #type, sizeof(type), alignof(type));                                              \
  } while (0)

#endif
