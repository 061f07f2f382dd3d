/* The types of a function, parsed once from text.
 *
 * The text has one letter for each type, as in "ids": see def/types.def. A struct or union passed by value is written
 * in braces, "{dd}": see layout.h. A callback may have its own signature: its arguments in parentheses, then its
 * result, as in "pLLk(pp)i", the arguments of qsort. A dot ends the declared arguments of a variadic function; after it
 * come the other arguments of one call: "s." for printf, "s.id" for a call of it with an int and a double. In a
 * callback, "k(ps.)v", nothing comes after it: what C passes there has no types. A calling convention other than the
 * platform's is written before the arguments: "<ms>ids", and "k(<ms>pp)i" for a callback.
 * Thread rule: a signature is constant once made; any thread may read it.
 */
#ifndef ARKFFI_SIGNATURE_H
#define ARKFFI_SIGNATURE_H

#include "layout.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The greatest number of arguments; C99 (5.2.4.1) has every compiler accept at least as many. */
#define ARK_MAX_ARGS 127

/* How deep callbacks in "k(k(…)v)v" may nest; C99 (5.2.4.1) has every compiler accept as many declarators. */
#define ARK_MAX_NESTING 12

typedef struct ark_signature ark_signature;

/* A calling convention, as a signature names it. */
typedef enum ark_abi {
  ARK_ABI_PLATFORM, /* that of the platform's C compiler; has no name */
  ARK_ABI_SYSTEM_V, /* "<sysv>": System V's on x86-64 */
  ARK_ABI_MS        /* "<ms>": Microsoft's on x86-64 */
} ark_abi;

typedef struct ark_parameter {
  const ark_type *type;    /* the signature has a reference to it */
  ark_signature *callback; /* of a 'k' with a signature of its own, else NULL; owned */
} ark_parameter;

struct ark_signature {
  const ark_type *result; /* the signature has a reference to it */
  size_t count;           /* of parameters */
  size_t fixed;           /* of parameters before the dot; `count` if there is none */
  bool is_variadic;
  ark_abi abi;               /* whether this machine knows it is found out when a plan or a closure is made */
  ark_parameter *parameters; /* owned */
};

/* Parses the types of the arguments and of the result. On ARK_OK the caller owns *out and frees it with
 * ark_signature_free. Fails with ARK_BAD_SIGNATURE (the message says where in the text), ARK_OUT_OF_RANGE (a struct is
 * larger than ARK_MAX_OBJECT) or ARK_NO_MEMORY. */
ark_status ark_signature_parse(const char *args, const char *result, ark_signature **out, ark_error *error);

/* Copies a signature; the copy shares the types of structs. On ARK_OK the caller owns *out and frees it with
 * ark_signature_free. Fails with ARK_NO_MEMORY. */
ark_status ark_signature_copy(const ark_signature *signature, ark_signature **out, ark_error *error);

/* NULL is ignored. */
void ark_signature_free(ark_signature *signature);

/* Whether two signatures have the same types in the same order and name the same calling convention, including those of
 * callbacks. */
bool ark_signature_equal(const ark_signature *left, const ark_signature *right);

/* Writes a signature as text, such as "(s.i)d", cut to `size` bytes including the NUL. */
void ark_signature_print(const ark_signature *signature, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
