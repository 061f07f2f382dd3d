/* Entries in machine code, made at run time, that stand before C functions and bring arguments into place.
 *
 * A thunk is called as a C function whose first argument is something that it drops (a JavaScript engine's receiver),
 * and whose others are those of the signature: int32_t for integers of up to 32 bits and bool, float and double as they
 * are, and a double for whatever takes 64 bits. It turns such doubles into integers and calls its target. An integer or
 * address of 64 bits comes back as a double, and exactly, in a place of the caller's. For a caller that cannot take what
 * is returned, every result is left there.
 *
 * Code is written into a page that is then made executable, and never written again: a set holds as many entries for
 * one signature as a page has room for, and their targets may change.
 * Thread rule: a set belongs to one thread at a time, calls included.
 */
#ifndef ARKFFI_THUNK_H
#define ARKFFI_THUNK_H

#include "error.h"
#include "signature.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As many arguments as a thunk takes. */
#define ARK_MAX_THUNK_ARGS 16

typedef struct ark_thunks ark_thunks;

/* Whether there can be thunks for a signature here: scalars, addresses and strings, by their addresses; on x86-64 and
 * 64-bit ARM. */
bool ark_thunks_can(const ark_signature *signature);

/* How a value travels to and from a thunk. */
typedef enum ark_passing {
  ARK_PASS_NOTHING, /* void, as a result: what comes back means nothing */
  ARK_PASS_INT32,   /* of a narrower result only the low bits mean something */
  ARK_PASS_FLOAT,
  ARK_PASS_DOUBLE,
  ARK_PASS_WIDE, /* a double that stands for an integer of 64 bits */
} ark_passing;

ark_passing ark_thunk_passing(const ark_type *type);

/* A page of thunks. Each call with a wide result leaves it in results[0], and as a double in results[1]. Where there is
 * `called`, each call sets that to 1 before its target runs, and leaves every result in results[0]. Both are the caller's,
 * and outlive the thunks. On ARK_OK the caller owns *out. Fails with ARK_NO_MEMORY, also where the system allows no executable memory. */
ark_status ark_thunks_create(const ark_signature *signature, uint64_t *results, uint8_t *called, ark_thunks **out,
                             ark_error *error);

/* None of its entries may be called any more. NULL is ignored. */
void ark_thunks_free(ark_thunks *thunks);

size_t ark_thunks_count(const ark_thunks *thunks);

/* One of the entries, by its number. */
ark_entry ark_thunks_entry(const ark_thunks *thunks, size_t index);

/* What an entry calls. Before that is set it must not be called. */
void ark_thunks_aim(ark_thunks *thunks, size_t index, ark_entry target);

#ifdef __cplusplus
}
#endif
#endif
