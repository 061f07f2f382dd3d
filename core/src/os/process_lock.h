/* The lock over what the whole process shares: open mappings, the pool of closures and quarantines.
 *
 * It is not recursive. No code that could come from elsewhere (the loader's, a handler's) may run while it is held.
 * Thread rule: any thread.
 */
#ifndef ARK__PROCESS_LOCK_H
#define ARK__PROCESS_LOCK_H

void ark__process_enter(void);
void ark__process_leave(void);

#endif
