/* The gates of calls by the V8 engine and by the host's own: bytes that JavaScript reads before each call. Also the
 * failure of the current fast call, which is one by either of them.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_V8_GATES_H
#define ARKJS_V8_GATES_H

#include "arkffi/type.h"
#include "env/env.h"
#include "v8/string_argument.h"
#include "v8/symbols.h"

/* The meaning of the bytes in `gates`. */
enum {
  /* 1 while C may come back to JavaScript: a callback is open, or there are other ways (env/other_ways.h). 2 while a
   * callback is open that other threads wait for. */
  ARKJS_GATE_CALLBACKS,
  /* 1 or ARKJS_CALL_UNSETTLED from the start of a fast call until JavaScript resets it. Where thunks mark the call
   * (is_marked), this says only what must be settled: see arkjs_v8_calling. */
  ARKJS_GATE_CALLING,
  ARKJS_GATE_ON_STACK, /* 1 while a call by the host's engine is on the stack, also while a callback pauses it */
  ARKJS_GATE_FIRST,    /* from here on for libraries, and for functions at bare addresses: 1 once it is closed */
};

/* Something happened that JavaScript must settle when C has returned. */
enum { ARKJS_CALL_UNSETTLED = 2 };

/* The maximum number of libraries and bare functions that can be called by such an engine at the same time. Others are
 * called by another engine. */
enum { ARKJS_GATES = 4096 };

_Static_assert((int)ARKJS_GATES <= UINT16_MAX, "the number of a gate is a uint16_t");

/* The size of the buffer: the gates, and two results behind them. */
enum { ARKJS_GATES_SIZE = ARKJS_GATES + 2 * sizeof(ark_value) };

/* The state of the V8 engine, or of the host's own, in one environment. */
struct arkjs_v8 {
  const arkjs_v8_symbols *symbols; /* NULL for the host's engine, which uses the gates and the failure only */
  uint8_t *gates;                  /* in the buffer */
  ark_value *results;              /* two, which thunks leave results in: slots, or behind the gates for the host */
  napi_ref buffer, shared;         /* the gates, and what arkjs_open_v8 or arkjs_open_host_calls returns */
  uint16_t gate_count;             /* gates used so far */
  uint16_t free_gate;              /* 0 for none */
  uint16_t next[ARKJS_GATES];      /* for each free gate, the next free one */
  /* Newest first: of several with the same key, only the newest may have free stubs. */
  struct arkjs_v8_family *families;
  char *texts; /* owned: room for the text arguments of a call */
  arkjs_v8_put_text *put_text;
  ark_status status; /* of a failure during a fast call */
  ark_error error;
  bool has_failed; /* the current fast call has failed, so it must not enter JavaScript again */
  napi_ref thrown; /* what a callback threw during it, boxed; NULL for none */
  bool is_marked;  /* JavaScript sets no gate for a call: thunks set ARKJS_GATE_ON_STACK (ARK_THUNK_MARKING) */
};

/* Takes a free gate and opens it. False when there is none. Give it back with arkjs_v8_release_gate. */
bool arkjs_v8_take_gate(struct arkjs_v8 *v8, uint16_t *out);

/* Frees a gate. 0 is ignored. */
void arkjs_v8_release_gate(arkjs_env *env, uint16_t gate);

/* Closes a gate until it is taken again. 0 is ignored. */
void arkjs_v8_close_gate(arkjs_env *env, uint16_t gate);

/* Sets the gate of callbacks, for a change of env->has_other_ways, open_callbacks or awaited_callbacks. A stall report
 * names the call that JavaScript is in, which a fast call cannot provide, so no call is fast while an awaited callback
 * is open. */
void arkjs_v8_update_gates(arkjs_env *env);

/* What differs between ARKJS_GATE_CALLING and the state that it stands for. For a call that its thunk has marked the
 * gate is 0 if JavaScript has nothing to settle, and it is 1 if other calls inside that call have taken its place. */
static inline uint8_t arkjs_v8_marked(const struct arkjs_v8 *v8) {
  return v8->is_marked ? v8->gates[ARKJS_GATE_ON_STACK] : 0;
}

/* The state of the fast call that is in progress, with no call by another engine inside it: 1 or ARKJS_CALL_UNSETTLED.
 * 0 for no such call. */
static inline uint8_t arkjs_v8_calling(const struct arkjs_v8 *v8) {
  return v8->gates[ARKJS_GATE_CALLING] ^ arkjs_v8_marked(v8);
}

static inline void arkjs_v8_set_calling(struct arkjs_v8 *v8, uint8_t state) {
  v8->gates[ARKJS_GATE_CALLING] = state ^ arkjs_v8_marked(v8);
}

static inline bool arkjs_v8_is_calling(const arkjs_env *env) {
  return env->v8 && !env->has_ended && arkjs_v8_calling(env->v8);
}

/* Call it before a callback runs during a fast call. JavaScript may make other fast calls until arkjs_v8_resume.
 * False when the callback must not run because the call has failed. */
bool arkjs_v8_pause(arkjs_env *env);

/* Call it after that callback. `has_failed` says that the call must not enter JavaScript again. `thrown` is what the
 * callback threw, boxed, to be thrown when C returns; NULL for none. Takes ownership of `thrown`. */
void arkjs_v8_resume(arkjs_env *env, bool has_failed, napi_ref thrown);

/* Call it when a call by another engine begins: no fast call is current then, whatever the gate says. JavaScript
 * cannot reset the gate itself when its stack overflows. The environment must use the V8 engine. */
static inline void arkjs_v8_leave(arkjs_env *env) {
  if (!env->has_ended) arkjs_v8_set_calling(env->v8, 0);
}

/* Call it when work has been queued that must wait for the end of the current fast call: JavaScript will settle it. */
void arkjs_v8_leave_unsettled(arkjs_env *env);

/* Records the first failure during a fast call, to be thrown when C returns. False when there is no fast call. */
bool arkjs_v8_note(arkjs_env *env, ark_status status, const ark_error *error);

#endif
