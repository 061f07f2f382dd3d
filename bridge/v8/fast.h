/* The V8 engine: functions that V8 calls from optimised code with nothing in between ("fast API calls").
 *
 * Such a function has a machine-code entry, a thunk, which optimised code calls, and a slow callback for all other code,
 * which only gives undefined: then the JavaScript around it calls by another engine. That JavaScript also checks the
 * values, because V8 would convert them silently, and the gates. Before V8 13 C must not come back to JavaScript during
 * such a call, so there is none while a callback is open. From then on there is a second function for that, which gives V8
 * no result (see describe in fast.c), and a callback pauses the call.
 *
 * A function that V8 has made is never given up, since V8 keeps it in the context anyway: it waits for the next C
 * function with the same types.
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_FAST_H
#define ARKJS_V8_FAST_H

#include "../function.h"

/* What the cells of `gates` mean. */
enum {
  ARKJS_GATE_CALLBACKS, /* 1 while a callback is open, 2 while one is that other threads wait for */
  ARKJS_GATE_CALLING,   /* 1 from the beginning of a fast call, or ARKJS_CALL_UNSETTLED, until JavaScript resets it */
  ARKJS_GATE_FIRST, /* this and those behind it, of libraries and functions at bare addresses: 1 once it is closed */
};
/* Something has been noted that JavaScript must settle when C has returned. */
enum { ARKJS_CALL_UNSETTLED = 2 };

/* Answers with `{ gates, evaluate, entriesOf, settle, … }`, see ts/src/v8.ts; the first time only. Fails with
 * ARK_NO_ENGINE where V8 is not as it must be. */
ark_status arkjs_open_v8(const arkjs_request *request, napi_value *result);

/* The environment's V8 function and gate for a C function are free again. */
void arkjs_v8_release(arkjs_function *function);
void arkjs_v8_release_gate(arkjs_env *env, uint16_t gate);

/* Closes a gate, for good. 0 is none. */
void arkjs_v8_close(arkjs_env *env, uint16_t gate);

/* One more callback is open, or one less. Threads that wait in vain for a callback tell in which call JavaScript is: so
 * while one is open that they wait for, no call is fast, and each has a name. */
void arkjs_v8_count_callback(arkjs_env *env, int more, bool is_awaited);

/* Whether a fast call is at hand, and nothing by another engine within it. */
bool arkjs_v8_is_calling(const arkjs_env *env);

/* A callback is to run in the middle of the fast call at hand; JavaScript may make others until that resumes. False when
 * it must not, because something has gone wrong in the call. */
bool arkjs_v8_pause(arkjs_env *env);

/* Whether JavaScript must not be entered again by this call; and what the callback threw, boxed, to be thrown when C has
 * returned. NULL for nothing. */
void arkjs_v8_resume(arkjs_env *env, bool has_failed, napi_ref thrown);

/* A call by another engine begins, so that no fast one is at hand, whatever its gate says: JavaScript cannot reset that
 * when its stack overflows. The environment must have the engine. */
void arkjs_v8_leave(arkjs_env *env);

/* Notes what goes wrong during a fast call, the first of it, to be thrown when C has returned. False when there is no such
 * call. */
bool arkjs_v8_note(arkjs_env *env, ark_status status, const ark_error *error);

/* The environment ends; and later, nothing refers to it any more. */
void arkjs_v8_end(arkjs_env *env);
void arkjs_v8_free(arkjs_env *env);

#endif
