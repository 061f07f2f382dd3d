/* The types of a function, parsed once from text.
 *
 * Text is one letter for each type, as in "ids": see def/types.def. A struct or union passed by value is written in
 * braces, "{dd}": see layout.h. A callback may name its own signature, in parentheses and followed by what it returns:
 * "pLLk(pp)i" is qsort's. A dot ends the arguments that a variadic function declares, and behind it come those of one call:
 * "s." is printf's, "s.id" a call of it with an int and a double more.
 * Thread rule: a signature is constant once made; any thread may read it.
 */
#ifndef ARKFFI_SIGNATURE_H
#define ARKFFI_SIGNATURE_H

#include "layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/* C99 5.2.4.1: a call with 127 arguments is the least that every compiler must take. */
#define ARK_MAX_ARGS 127

/* How deep "k(k(…)v)v" may nest; C itself promises 12 levels of declarators. */
#define ARK_MAX_NESTING 12

typedef struct ark_signature ark_signature;

typedef struct ark_parameter {
  const ark_type *type;    /* referred to */
  ark_signature *callback; /* for 'k' with a signature of its own, else NULL; owned by the enclosing signature */
} ark_parameter;

struct ark_signature {
  const ark_type *result; /* referred to */
  size_t count;
  size_t fixed; /* parameters before the dot; all of them where there is none */
  bool is_variadic;
  ark_parameter *parameters; /* owned */
};

/* Parses the types of the arguments and of the result. On ARK_OK the caller owns *out and gives it back
 * with ark_signature_free. Fails with ARK_BAD_SIGNATURE (the message shows where) or ARK_NO_MEMORY. */
ark_status ark_signature_parse(const char *args, const char *result, ark_signature **out, ark_error *error);

/* A copy of its own, given back the same way; it shares the structs. Fails with ARK_NO_MEMORY. */
ark_status ark_signature_copy(const ark_signature *signature, ark_signature **out, ark_error *error);

/* NULL is ignored. */
void ark_signature_free(ark_signature *signature);

/* Same types in the same order, signatures of callbacks included. */
bool ark_signature_equal(const ark_signature *left, const ark_signature *right);

/* Writes it as text, "(s.i)d", cut to `size` bytes with the NUL. */
void ark_signature_print(const ark_signature *signature, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
