/* Closures whose entry points are part of the binary, for systems that let no memory be made executable.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__STATIC_CLOSURE_H
#define ARK__STATIC_CLOSURE_H

#include "closures/closure_record.h"

/* The number of closed closures that stay in quarantine at least. The binary has that many more entry points than
 * closures may be open, so that it lets each thread that is about to call one that closes find it closed. */
#define ARK__STATIC_QUARANTINE 256

/* How many closures of these entry points can be open, in the whole process. */
size_t ark__static_closure_count(void);

/* Gives a closure an entry point that has never been used, or else that of the closure that was closed first. It gets
 * none if too many are open. */
void ark__static_closure_open(ark_closure *closure);

/* The entry point of an entry that ark__static_closure_open has used; NULL for any other entry. */
void *ark__static_closure_code(const ark__entry *entry);

#endif
