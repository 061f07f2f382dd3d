/* Helpers of cdef's tests, in addition to core/test/support.h. Each fails the test when it cannot do what it says. */
#ifndef CDEF_TEST_SUPPORT_H
#define CDEF_TEST_SUPPORT_H

#include "arkffi/cdef.h"
#include "support.h"

/* Skips a comparison with the compiler of this test where another one compiles the libraries that programs open: on
 * Windows it is Microsoft's, and MinGW's differs in long double and in packed bit-fields (core/cmake/like_clang.cmake).
 */
#define needs_own_compiler() (ARKFFI_LIKE_CLANG && ARKFFI_MS_BIT_FIELDS ? skip() : (void)0)

/* What a description says of complex numbers of long double. */
#if ARKFFI_MS_BIT_FIELDS
#define NO_COMPLEX_LONG_DOUBLE "compilers for Windows disagree about long double"
#else
#define NO_COMPLEX_LONG_DOUBLE "long double _Complex has no type here"
#endif

/* Describes a text. The caller frees the description with ark_free. */
char *description_of(const char *text);

/* Asserts that the description of a text contains `part`, or does not. */
void assert_describes(const char *text, const char *part);
void assert_does_not_describe(const char *text, const char *part);

/* Asserts that a text is refused with exactly this message after "cdef: ". */
void assert_refuses(const char *text, const char *message);

/* The text `before`, `piece` as many times as wanted, and `after`. The caller frees it with free. */
char *repeated(const char *before, const char *piece, size_t times, const char *after);

#endif
