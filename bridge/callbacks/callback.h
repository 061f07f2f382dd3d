/* Callbacks: JavaScript functions that C can call, from any thread, at any time.
 *
 * A callback's C entry point outlives the callback: called when it is closed, or from a thread it is not made for, it
 * gives zero to C and reports what happened. ARCHITECTURE.md has the table of who hears of it.
 * Thread rule: the environment's JavaScript thread; the entry point itself may be called on any.
 */
#ifndef ARKJS_CALLBACK_H
#define ARKJS_CALLBACK_H

#include "arkffi/closure.h"
#include "callbacks/callback_types.h"
#include "functions/function.h"

/* Which threads may call a callback, and what becomes of the call. */
typedef enum arkjs_threads {
  ARKJS_OWN_THREAD, /* its JavaScript thread, which runs it at once */
  ARKJS_ANY_THREAD, /* any; another one waits for the result */
  ARKJS_POSTED,     /* any, and nobody waits: it runs later */
} arkjs_threads;

/* Something on another thread that waits for a callback's Promise. Part of a larger structure, see cross_thread.c. */
typedef struct arkjs_awaited {
  void (*abandon)(struct arkjs_awaited *awaited); /* the callback closes; takes it out of the list */
  struct arkjs_awaited **link, *next;             /* in callback->awaited, until it is over */
} arkjs_awaited;

/* In arkjs_callback.scope: the function's handle is good for as long as the callback is open. */
#define ARKJS_ALL_THE_CALL UINT64_MAX

typedef struct arkjs_callback {
  arkjs_env *env;          /* referred to */
  ark_closure *closure;    /* owned */
  arkjs_types *types;      /* referred to */
  arkjs_function *invoker; /* owned: the entry point as a function, for invokeCallback; NULL until the first */
  napi_ref function;       /* what C calls; NULL when closed, or when it lives for one synchronous call */
  napi_value local;        /* the function again, in the handle scope with the number `scope` */
  uint64_t scope;
  char *text; /* the last string given to C; owned */
  union {
    ark_handle handle;
    struct arkjs_callback *next; /* of one for a plain function: in a list of borrowed or idle ones */
  };
  arkjs_awaited *awaited; /* Promises that other threads wait for */
  /* Those that are read or written on any thread. Their operators order everything: what is hot among them is only
   * loaded, is_closed, which costs no more so. */
  _Atomic uint32_t references; /* the closure's, and one for each call under way from another thread */
  atomic_uint posted;          /* calls that wait to run, nobody waiting for them */
  atomic_uint lost;            /* those for which there was no room, until somebody has been told */
  uint8_t parameter;           /* which argument it was borrowed for */
  atomic_bool is_closed;       /* read by any thread */
  atomic_bool is_reported;     /* set by the first thread that called it wrongly */
  bool is_light;               /* calls leave nothing large behind: neither text nor objects go to and fro */
  bool is_held;                /* keeps the process alive */
  _Atomic uint8_t threads;     /* arkjs_threads, see arkjs_callback_threads */
  uint8_t flags;               /* arkjs_call_flags */
  char name[];                 /* for messages */
} arkjs_callback;

_Static_assert(ARK_MAX_ARGS <= UINT8_MAX, "arkjs_callback.parameter");
_Static_assert((ARKJS_PUMPED | ARKJS_WITH_ERRNO) <= UINT8_MAX, "arkjs_callback.style");

/* Any thread. */
void arkjs_callback_release(arkjs_callback *callback);

/* Any thread. Relaxed, because it is written only while the callback is closed: is_closed is cleared afterwards, and a
 * thread that has read it cleared sees what was written before. One that calls a closed callback reads either value. */
static inline arkjs_threads arkjs_callback_threads(const arkjs_callback *callback) {
  return (arkjs_threads)atomic_load_explicit(&callback->threads, memory_order_relaxed);
}

static inline void arkjs_callback_set_threads(arkjs_callback *callback, arkjs_threads threads) {
  atomic_store_explicit(&callback->threads, (uint8_t)threads, memory_order_relaxed);
}

/* Fails because C called it after it was closed. */
ark_status arkjs_callback_fail_closed(const arkjs_callback *callback, ark_error *error);

/* Opens or closes it for C. The entry point stays. */
void arkjs_callback_set_open(arkjs_callback *callback, bool is_open);

/* Lets go of the function; C that calls the entry point reaches a dead callback. */
void arkjs_callback_close(arkjs_callback *callback);

/* Whether it keeps the process alive. */
void arkjs_callback_hold(arkjs_callback *callback, bool is_held);

/* Closes it for good: its handle is no more, and the entry point goes to the quarantine. */
void arkjs_callback_destroy(arkjs_callback *callback);

/* Closes every callback of an environment that ends. */
void arkjs_callbacks_end(arkjs_env *env);

#endif
