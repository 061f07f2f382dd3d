/* Closures whose entry points are part of the binary, for systems that let no memory be made executable.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__STATIC_CLOSURE_H
#define ARK__STATIC_CLOSURE_H

#include "closures/closure_record.h"

/* The number of entry points in the binary, for the whole process. */
size_t ark__static_closure_count(void);

/* Makes *wanted real: with an entry point that has never been used, or else with that of the closure that was closed
 * first. The caller then owns *out, which is NULL if all are open. */
void ark__static_closure_create(const ark_closure *wanted, ark_closure **out);

#endif
