/* Skips a test that cannot run on machines whose calling convention the core does not know (cpu/convention.h). */
#ifndef ARKFFI_TEST_NEEDS_H
#define ARKFFI_TEST_NEEDS_H

#include "cpu/code.h"
#include "cpu/placement.h"
#include "support.h"

#define needs_structs() (ARK__PLACES_ALL ? (void)0 : skip())  /* without it, structs by value are refused */
#define needs_refusal() (ARK__PLACES_ALL ? skip() : (void)0)  /* for tests of that refusal */
#define needs_floats() (ARK__PLACES_ALL ? (void)0 : skip())   /* without it, a float may be passed as a double */
#define needs_code() (ARK__CODE_INTEGERS ? (void)0 : skip())  /* without it, no code is written at run time */
#define needs_ms() (ARK__MS ? (void)0 : skip())               /* without it, "<ms>" is refused */
#define needs_libffi() (ARK__NEEDS_LIBFFI ? (void)0 : skip()) /* without it, libffi has no part in anything */

/* For narrow arguments that the caller extends: Windows' convention does not ask for it, and libffi does not do it
 * there. */
#ifdef WINDOWS
#define needs_extension() needs_structs()
#else
#define needs_extension() (void)0
#endif

/* For tests that make more callbacks than a process can have where no memory can be made executable. */
#define needs_pages()                                                                                                  \
  (ARK__CODE_INTEGERS > 0 && getenv("ARKFFI_CLOSURES") ? skip() : (void)0) /* as CMakeLists.txt sets it */

#endif
