/* Random signatures in C, compiled to shared libraries by the C compiler.
 *
 * For each of them there are, with its number for N, and that of an argument or `r` for the result for A:
 *
 *   v_N_A        a variable of the type
 *   layout_N_A   of a struct: size_t: its size, its alignment, and the offset of each member that is no bit-field
 *   ones_N_A_M   sets the bit-field M of a struct to all ones
 *   take_N       stores its arguments in v_N_A and returns v_N_r
 *   call_N       calls the function that it is given with v_N_A and stores its result in v_N_r
 *
 * Where the machine has Microsoft's convention beside its own, take_N_ms and call_N_ms have that one.
 */
#ifndef ARKFFI_TEST_WRITTEN_TYPES_H
#define ARKFFI_TEST_WRITTEN_TYPES_H

#include "cpu/convention.h"
#include "random_types.h"

/* Whether there are functions of two conventions. */
enum { WRITTEN_TWICE = ARK__MS && ARK__SYSTEM_V };

/* Writes sources in C to a folder, which must exist. Compilers take much longer for one large file than for several. */
void written_write(const char *folder, const random_signature *cases, size_t count);

/* Compiles the sources in a folder. */
void written_compile(const char *folder, size_t count);

/* Opens the libraries in a folder. */
void written_open(const char *folder, size_t count);

/* What the libraries have under a name that is formatted as by printf; `index` is the number of the signature. */
void *written_symbol(size_t index, const char *format, ...) ARK_PRINTF(2, 3);

#endif
