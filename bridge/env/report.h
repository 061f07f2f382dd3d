/* Errors that no call can throw. They are raised as uncaught exceptions.
 *
 * Thread rule: see each function.
 */
#ifndef ARKJS_REPORT_H
#define ARKJS_REPORT_H

#include "env/throw.h"

/* The JavaScript thread: raises `thrown` as an uncaught exception of the process or worker. */
void arkjs_raise_uncaught(arkjs_env *env, napi_value thrown);

/* Any thread: schedules an uncaught exception for the error in the environment. False when that is impossible,
 * because memory ran out or the environment has ended. */
bool arkjs_report(arkjs_env *env, ark_status status, const ark_error *error);

#endif
