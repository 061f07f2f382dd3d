/* Ways from C into JavaScript that an environment does not know: those of other native modules, of another copy of
 * arkffi, and of another environment on the same JavaScript thread.
 *
 * An environment knows what its own callbacks do to the calls on its stack. What comes into JavaScript by another way
 * is not announced to it, so the environment must expect it in every call once such a way exists.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_OTHER_WAYS_H
#define ARKJS_OTHER_WAYS_H

#include "env/env.h"

/* To be called when an environment begins and when it ends. Two environments on one thread are other ways for each
 * other. */
void arkjs_other_ways_begin(arkjs_env *env);
void arkjs_other_ways_end(arkjs_env *env);

/* Looks for other ways if shared objects have been loaded since it last looked. Sets env->has_other_ways, for good, and
 * calls the hook `find_way`, when there is one. */
void arkjs_other_ways_look(arkjs_env *env);

/* Any thread: whether an address lies inside the host itself, whose functions may turn the event loop or call
 * JavaScript. */
bool arkjs_other_ways_contain(const void *address);

#endif
