/* The gates of calls by V8: bytes that JavaScript reads before each call, and what went wrong during the call at hand.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_GATES_H
#define ARKJS_V8_GATES_H

#include "env/env.h"
#include "v8/symbols.h"

/* What the cells of `gates` mean. */
enum {
  ARKJS_GATE_CALLBACKS, /* 1 while a callback is open, 2 while one is that other threads wait for */
  ARKJS_GATE_CALLING,   /* 1 from the beginning of a fast call, or ARKJS_CALL_UNSETTLED, until JavaScript resets it */
  ARKJS_GATE_FIRST, /* this and those behind it, of libraries and functions at bare addresses: 1 once it is closed */
};

/* Something has been noted that JavaScript must settle when C has returned. */
enum { ARKJS_CALL_UNSETTLED = 2 };

/* Libraries that can be open at a time with functions that are called fast; those of further ones are called by another
 * engine. */
enum { ARKJS_GATES = 4096 };

_Static_assert((int)ARKJS_GATES <= UINT16_MAX, "the number of a gate is a uint16_t");

/* What an environment has of the V8 engine. */
struct arkjs_v8 {
  const arkjs_v8_symbols *symbols;
  uint8_t *gates; /* in the buffer */
  napi_ref buffer;
  uint32_t callbacks;               /* open ones */
  uint32_t awaited;                 /* those of them that other threads wait for */
  uint16_t gate_count;              /* that have ever been used */
  uint16_t free_gate;               /* 0 for none */
  uint16_t next[ARKJS_GATES];       /* of each free gate: the next that is */
  struct arkjs_v8_family *families; /* the newest first: of several with one key, only the newest may have room */
  char *texts;                      /* owned: room for those of a call's arguments */
  ark_status status;                /* of what went wrong during a fast call */
  ark_error error;
  bool has_failed; /* the fast call at hand, so that JavaScript must not be entered again by it */
  napi_ref thrown; /* what a callback threw during it, boxed; NULL for nothing */
};

/* A gate that is open, until it is released. False when there is none left. */
bool arkjs_v8_take_gate(struct arkjs_v8 *v8, uint16_t *out);

/* The gate is free again. 0 is none. */
void arkjs_v8_release_gate(arkjs_env *env, uint16_t gate);

/* Closes a gate, for good. 0 is none. */
void arkjs_v8_close_gate(arkjs_env *env, uint16_t gate);

/* One more callback is open, or one less. Threads that wait in vain for a callback tell in which call JavaScript is: so
 * while one is open that they wait for, no call is fast, and each has a name. */
void arkjs_v8_count_callback(arkjs_env *env, int more, bool is_awaited);

/* Whether a fast call is at hand, and nothing by another engine within it. */
static inline bool arkjs_v8_is_calling(const arkjs_env *env) {
  return env->v8 && !env->has_ended && env->v8->gates[ARKJS_GATE_CALLING];
}

/* A callback is to run in the middle of the fast call at hand; JavaScript may make others until that resumes. False when
 * it must not, because something has gone wrong in the call. */
bool arkjs_v8_pause(arkjs_env *env);

/* Whether JavaScript must not be entered again by this call; and what the callback threw, boxed, to be thrown when C has
 * returned. NULL for nothing. */
void arkjs_v8_resume(arkjs_env *env, bool has_failed, napi_ref thrown);

/* A call by another engine begins, so that no fast one is at hand, whatever its gate says: JavaScript cannot reset that
 * when its stack overflows. The environment must have the engine. */
static inline void arkjs_v8_leave(arkjs_env *env) {
  if (!env->has_ended) env->v8->gates[ARKJS_GATE_CALLING] = 0;
}

/* Notes what goes wrong during a fast call, the first of it, to be thrown when C has returned. False when there is no such
 * call. */
bool arkjs_v8_note(arkjs_env *env, ark_status status, const ark_error *error);

#endif
