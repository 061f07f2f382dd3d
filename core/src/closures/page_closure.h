/* Closures whose entry points are written into pages that are then made executable.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PAGE_CLOSURE_H
#define ARK__PAGE_CLOSURE_H

#include "arkffi/error.h"
#include "closures/closure_record.h"

/* Implements ark_closure_read_setting. */
ark_status ark__page_read_setting(ark_error *error);

/* Gives a closure the entry point of one that leaves quarantine, where at least `least` stay, or a new one. It gets
 * none where the system gives no executable memory. Fails with ARK_NO_MEMORY, or as ark_closure_read_setting does. */
ark_status ark__page_closure_open(ark_closure *closure, size_t least, ark_error *error);

/* The entry point of an entry that ark__page_closure_open has used. */
void *ark__page_closure_code(const ark__entry *entry);

#endif
