/* What cdef's tests share, beside core/test/support.h. Whatever fails here fails the test. */
#ifndef CDEF_TEST_SUPPORT_H
#define CDEF_TEST_SUPPORT_H

#include "arkffi/cdef.h"
#include "support.h"

/* The description of a text; the caller frees it with ark_free. */
char *description_of(const char *text);

/* The description holds `part`, or does not. */
void assert_says(const char *text, const char *part);
void assert_does_not_say(const char *text, const char *part);

/* The text is refused, with just that message behind "cdef: ". */
void assert_refuses(const char *text, const char *message);

/* Text that repeats `piece`; the caller frees it. */
char *repeated(const char *before, const char *piece, size_t times, const char *after);

#endif
