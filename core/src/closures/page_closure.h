/* Closures whose entry points the core writes into pages that it then makes executable.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PAGE_CLOSURE_H
#define ARK__PAGE_CLOSURE_H

#include "arkffi/error.h"
#include "closures/closure_record.h"

/* Implements ark_closure_read_setting. */
ark_status ark__page_read_setting(ark_error *error);

/* Makes *wanted real, with an entry point and a home. On ARK_OK the caller owns *out; it is NULL where the
 * system gives no executable memory. Fails with ARK_NO_MEMORY, or as ark_closure_read_setting does. `least` is the
 * number of closed closures that stay in quarantine. */
ark_status ark__page_closure_create(const ark_closure *wanted, size_t least, ark_closure **out, ark_error *error);

#endif
