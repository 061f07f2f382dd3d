/* Helpers of cdef's tests, in addition to core/test/support.h. Each fails the test when it cannot do what it says. */
#ifndef CDEF_TEST_SUPPORT_H
#define CDEF_TEST_SUPPORT_H

#include "arkffi/cdef.h"
#include "support.h"

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
