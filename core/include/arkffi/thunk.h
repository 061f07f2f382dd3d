/* Thunks: machine code, made at run time, that is called by a JavaScript engine and calls a C function.
 *
 * A thunk is called as a C function. Its arguments are those of the signature: an int32_t for bool and integers of up
 * to 32 bits, float and double as they are, and a double for each type of 64 bits, which the thunk converts to an
 * integer. It then calls its target. For a caller that cannot take what is returned, every result is stored in memory
 * that the caller has provided, and one of 64 bits also as a double.
 *
 * Code is written into a page that is then made executable and never written again. A set has as many thunks for one
 * signature as the page has room for, whose targets may change, or a single one, which is given its target.
 * Thread rule: a set belongs to one thread at a time, including the calls of its thunks.
 */
#ifndef ARKFFI_THUNK_H
#define ARKFFI_THUNK_H

#include "error.h"
#include "signature.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The greatest number of arguments of a signature that can have thunks. */
#define ARK_MAX_THUNK_ARGS 16

typedef struct ark_thunks ark_thunks;

/* Whether a signature can have thunks on this machine: on x86-64 and 64-bit ARM, if all its types are scalars,
 * addresses and strings (which are passed as addresses). */
bool ark_thunks_support(const ark_signature *signature);

/* Ways in which a value travels to and from a thunk. */
typedef enum ark_passing {
  ARK_PASS_NOTHING, /* a void result; what is returned is meaningless */
  ARK_PASS_INT32,   /* of a narrower result, only the low bits are set */
  ARK_PASS_FLOAT,
  ARK_PASS_DOUBLE,
  ARK_PASS_WIDE, /* a double in place of a 64-bit integer or address */
} ark_passing;

/* How a value of a type travels to and from a thunk. */
ark_passing ark_thunk_passing(const ark_type *type);

/* Makes a page of thunks for a signature that can have them. Each call stores its result in results[0], and a 64-bit
 * integer or an address as a double in results[1]. *mark is 1 while the target runs, and 0 after that; it lies in the
 * same block of memory as the results.
 * `results` and `mark` stay the caller's and must outlive the thunks. On ARK_OK the caller owns *out and frees it with
 * ark_thunks_free. Fails with ARK_NO_MEMORY, also if the system refuses executable memory. */
ark_status ark_thunks_create(const ark_signature *signature, uint64_t *results, uint8_t *mark, ark_thunks **out,
                             ark_error *error);

/* Makes a page with one thunk, which serves all functions of a signature: it drops an argument that comes before the
 * others, the engine's receiver, and takes one more after them, a double that is the address of its target. It returns
 * the result, a 64-bit integer or an address as a double, which it also stores exactly in results[0]. If `called` is
 * not NULL, each call sets *called to 1 before the target runs, sets its lowest bit again after that, because calls
 * inside the target may have cleared it, and stores every result as ark_thunks_create says. Otherwise as that. */
ark_status ark_thunks_create_for_all(const ark_signature *signature, uint64_t *results, uint8_t *called,
                                     ark_thunks **out, ark_error *error);

/* Frees a set whose thunks are no longer called. NULL is ignored. */
void ark_thunks_free(ark_thunks *thunks);

/* The number of thunks in a set. */
size_t ark_thunks_count(const ark_thunks *thunks);

/* The code of a thunk, by its index. */
ark_c_function ark_thunks_code(const ark_thunks *thunks, size_t index);

/* Sets the function that a thunk calls. The thunk must not be called before this, and is not one that is
 * given its target. */
void ark_thunks_set_target(ark_thunks *thunks, size_t index, ark_c_function target);

#ifdef __cplusplus
}
#endif
#endif
