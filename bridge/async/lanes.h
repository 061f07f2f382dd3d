/* The threads of their own that libraries may have for their asynchronous calls.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_LANES_H
#define ARKJS_LANES_H

#include "functions/open_library.h"

/* Gives a library that has none a lane of `threads` threads. Fails as arkjs_executor_open_lane does. */
ark_status arkjs_library_open_lane(arkjs_library *library, unsigned threads, ark_error *error);

/* Ends the lane of a library that closes, if it has one and no call is in it; else the last call does. */
void arkjs_library_end_lane(arkjs_library *library);

/* An asynchronous call begins in an open library, or has ended. Until then code and lane stay, whoever closes it. */
void arkjs_lane_begin_call(arkjs_library *library);

void arkjs_lane_end_call(arkjs_library *library);

/* From now on no call in a lane is begun. */
void arkjs_lanes_stop(arkjs_env *env);

/* Ends all lanes, waiting for the calls at hand. */
void arkjs_lanes_end(arkjs_env *env);

#endif
