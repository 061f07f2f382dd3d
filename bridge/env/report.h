/* Errors that no call can throw: they are raised as uncaught exceptions.
 *
 * Thread rule: said with each.
 */
#ifndef ARKJS_REPORT_H
#define ARKJS_REPORT_H

#include "env/throw.h"

/* The JavaScript thread: raises `thrown` as an uncaught exception of the process or worker. */
void arkjs_raise_uncaught(arkjs_env *env, napi_value thrown);

/* Any thread: raises the error as uncaught in the environment, soon. False when nobody could be told. */
bool arkjs_report(arkjs_env *env, ark_status status, const ark_error *error);

#endif
