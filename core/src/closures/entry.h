/* Entries: where the code at an address that C may call finds the closure that the address means now.
 *
 * Thread rule: any thread, except where a function says more.
 */
#ifndef ARK__ENTRY_H
#define ARK__ENTRY_H

#include "closures/closure_record.h"

/* What the code of an entry finds there, by the calling convention of its first closure. Later ones have the same, so
 * that a thread which is just calling the address never meets another one, except where entries are used up. */
ark__entered ark__entered_for(const ark_signature *signature);

/* Makes a closure of this thread what an entry leads to. If the entry led to another one until now, which must have
 * left its quarantine, that is freed as soon as no thread uses it. */
void ark__entry_open(ark__entry *entry, ark_closure *closure, ark__quarantine *home);

/* The thread that made the closure: puts it into its quarantine. C that calls it reaches it still. */
void ark__entry_close(ark_closure *closure);

/* The entry of the closure that has been in a quarantine for longest, which the caller then owns, if more than `least`
 * are in it; else NULL. Entries that threads are in come later, as far as there are others. */
ark__entry *ark__entry_take(ark__quarantine *quarantine, size_t least);

#endif
