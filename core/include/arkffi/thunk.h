/* Thunks: machine code, made at run time, that is called by a JavaScript engine and calls a C function.
 *
 * A thunk is called as a C function. Its arguments are those of the signature: an int32_t for bool and integers of up
 * to 32 bits, float and double as they are, and a double for each type of 64 bits, which the thunk converts to an
 * integer. It then calls its target. The kind of a thunk says what it knows its target by, and what becomes of the
 * result. For an engine that passes a receiver, a thunk serves all functions of its signature: it drops that first
 * argument, and is given the address of its target after the others, as a double.
 *
 * Code is written into a page that is then made executable and never written again. A set has as many thunks for one
 * signature as the page has room for, whose targets may change, or the single one that serves all functions.
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

typedef enum ark_thunk_kind {
  /* Serves all functions, and returns the result: a wide one as a double, and exactly in results[0]. */
  ARK_THUNK_RETURNING,
  /* Serves all functions. Stores every result in results[0], and a wide one as a double in results[1]. Sets *mark to 1
   * before the target runs, and its lowest bit again after that, because calls inside the target may have cleared it.
   */
  ARK_THUNK_STORING,
  /* Has a target of its own (ark_thunks_set_target), and no receiver. Stores the same in results[0] and results[1].
   * *mark is 1 while the target runs, 0 after that. */
  ARK_THUNK_MARKING,
} ark_thunk_kind;

/* Makes a page of thunks for a signature that can have them. `results` and `mark` stay the caller's and must outlive
 * the thunks. Thunks that return need no mark; for those that mark, it lies in the same block as the results. On ARK_OK
 * the caller owns *out and frees it with ark_thunks_free. Fails with ARK_NO_MEMORY, also if the system refuses
 * executable memory. */
ark_status ark_thunks_create(const ark_signature *signature, ark_thunk_kind kind, uint64_t *results, uint8_t *mark,
                             ark_thunks **out, ark_error *error);

/* Frees a set whose thunks are no longer called. NULL is ignored. */
void ark_thunks_free(ark_thunks *thunks);

/* The number of thunks in a set. */
size_t ark_thunks_count(const ark_thunks *thunks);

/* The code of a thunk, by its index. */
ark_c_function ark_thunks_code(const ark_thunks *thunks, size_t index);

/* Sets the function that a thunk with a target of its own calls. The thunk must not be called before this. */
void ark_thunks_set_target(ark_thunks *thunks, size_t index, ark_c_function target);

#ifdef __cplusplus
}
#endif
#endif
