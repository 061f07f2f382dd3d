/* Random signatures with structs. */
#ifndef ARKFFI_TEST_RANDOM_TYPES_H
#define ARKFFI_TEST_RANDOM_TYPES_H

#include "support.h"

enum { TEXT = 400, MOST_ARGS = 12 };

/* A signature whose types are text, as layout.h has it. */
typedef struct random_signature {
  char args[MOST_ARGS][TEXT], result[TEXT];
  size_t count, fixed; /* arguments from `fixed` on stand for the dots of a variadic function */
} random_signature;

/* Makes one up that the compilers are known to treat rightly. */
void random_case(random_signature *it);

/* The type of a text; the caller releases it. */
const ark_type *random_type_of(const char *text);

#endif
