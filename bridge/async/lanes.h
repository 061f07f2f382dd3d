/* Lanes: a library's own threads for its asynchronous calls.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_LANES_H
#define ARKJS_LANES_H

#include "functions/function.h"

/* Gives a library without a lane one of `threads` threads. Fails as arkjs_executor_open_lane does. */
ark_status arkjs_library_open_lane(arkjs_library *library, unsigned threads, ark_error *error);

/* Ends the lane of a library that closes, if it has one and no call is pending. Else the last call ends it. */
void arkjs_library_end_lane(arkjs_library *library);

/* The lane of a function's library; NULL for the host's pool. */
static inline ark_lane *arkjs_lane_of(const arkjs_function *function) {
  return function->library ? function->library->lane : NULL;
}

/* To be called when an asynchronous call of an open library begins and ends. In between, code and lane outlive
 * close(). */
static inline void arkjs_lane_begin_call(arkjs_library *library) {
  library->calls++;
}

void arkjs_lane_end_call(arkjs_library *library);

/* Stops all lanes: no further call starts. */
void arkjs_lanes_stop(arkjs_env *env);

/* Ends all lanes, waiting for the calls that run. */
void arkjs_lanes_end(arkjs_env *env);

#endif
