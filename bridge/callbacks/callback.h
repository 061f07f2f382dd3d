/* Callbacks: JavaScript functions that C can call from any thread at any time.
 *
 * The entry point of a callback outlives it. A call after the callback was closed, or from a thread that it does not
 * allow, gives zero to C and reports the error. ARCHITECTURE.md has a table of who gets the report.
 * Thread rule: the environment's JavaScript thread; the entry point may be called on any thread.
 */
#ifndef ARKJS_CALLBACK_H
#define ARKJS_CALLBACK_H

#include "arkffi/closure.h"
#include "callbacks/callback_types.h"
#include "env/frames.h"
#include "functions/function.h"

/* Which threads may call a callback, and how such a call runs. */
typedef enum arkjs_threads {
  ARKJS_OWN_THREAD, /* the JavaScript thread, at once */
  ARKJS_ANY_THREAD, /* any thread; another thread waits for the result */
  ARKJS_POSTED,     /* any thread; it does not wait, and the call runs later */
} arkjs_threads;

/* A thread that waits for the Promise of a callback. A member of a larger structure, see cross_thread.c. */
typedef struct arkjs_awaited {
  void (*abandon)(struct arkjs_awaited *awaited); /* called when the callback closes; removes it from the list */
  struct arkjs_awaited **link, *next;             /* in callback->awaited, until the wait is over */
} arkjs_awaited;

/* Values of arkjs_callback.scope, greater than all numbers of scopes: the handle of the function is valid while the
 * callback is open. */
#define ARKJS_ALL_THE_CALL UINT64_MAX       /* of a synchronous call, whose argument it is */
#define ARKJS_WHILE_PINNED (UINT64_MAX - 1) /* by arkjs_v8_pin; owned */

typedef struct arkjs_callback {
  arkjs_env *env;       /* holds a reference */
  ark_closure *closure; /* owned */
  arkjs_types *types;   /* holds a reference */
  union {
    arkjs_function *invoker;  /* owned: the entry point as a function, for invokeCallback; NULL until its first call */
    arkjs_function *borrower; /* of a callback for a plain function: what it can be passed to */
  };
  napi_ref function; /* the JavaScript function; NULL when closed, and while the handle is valid anyway. The value of a
                        weak one is NULL once the function has been collected */
  union {
    struct {
      napi_value local; /* a handle of the function in the handle scope with the number `scope` */
      uint64_t scope;
    };
    arkjs_deferred retiring; /* of a callback that has been closed for good, see arkjs_callback_retire */
  };
  union {
    char *text;           /* of one that returns strings: the last string returned to C; owned */
    struct {              /* of one that is ARKJS_POSTED, which returns nothing; used on any thread */
      atomic_uint posted; /* posted calls that have not run */
      atomic_uint lost;   /* posted calls that were lost since the last report of an overflow */
    };
  };
  union {
    ark_handle handle;
    struct arkjs_callback *next; /* of a callback for a plain function: in the list of borrowed or of idle ones */
  };
  arkjs_awaited *awaited; /* threads that wait for Promises */
  /* These are used on any thread. Their operators are sequentially consistent. The only one in the hot path is
   * is_closed, which is loaded there, at no extra cost. */
  _Atomic uint32_t references; /* one of the closure, and one for each call in progress from another thread */
  atomic_bool is_closed;       /* read on any thread */
  atomic_bool is_reported;     /* set by the first thread that called it wrongly */
  _Atomic uint8_t threads;     /* arkjs_threads, see arkjs_callback_threads */
  /* These share a byte, and are constant once C has the entry point. */
  bool is_light : 1; /* no text and no objects are passed either way, so calls leave nothing large in a handle scope */
  bool is_borrowed : 1; /* for a plain function, which lives for one call, see borrow.h */
  bool is_weak : 1;     /* `function` does not keep the JavaScript function alive */
  union {
    uint8_t parameter;  /* of one that is borrowed: the index of the argument */
    struct {            /* of others; used by the JavaScript thread alone, as they share a byte */
      bool is_held : 1; /* keeps the process alive */
      bool is_kept : 1; /* of a weak one that is ARKJS_POSTED: its function is kept alive, see arkjs_callback_keep */
      bool is_lost : 1; /* of a weak one: it was closed because it had been collected */
    };
  };
  uint8_t flags; /* arkjs_call_flags */
  char name[];   /* its name in messages */
} arkjs_callback;

_Static_assert(ARK_MAX_ARGS <= UINT8_MAX, "arkjs_callback.parameter is a byte");
_Static_assert((ARKJS_PUMPED | ARKJS_WITH_ERRNO) <= UINT8_MAX, "arkjs_callback.flags is a byte");

/* Any thread: reference count. */
void arkjs_callback_release(arkjs_callback *callback);

/* Any thread. Relaxed order suffices: `threads` is written only while the callback is closed, and is_closed is
 * cleared after that. So a thread that reads is_closed as false sees the value. A thread that calls a closed callback
 * may see either value. */
static inline arkjs_threads arkjs_callback_threads(const arkjs_callback *callback) {
  return (arkjs_threads)atomic_load_explicit(&callback->threads, memory_order_relaxed);
}

static inline void arkjs_callback_set_threads(arkjs_callback *callback, arkjs_threads threads) {
  atomic_store_explicit(&callback->threads, (uint8_t)threads, memory_order_relaxed);
}

/* Fails with ARK_CALLBACK_CLOSED because C called the callback after it was closed, or a weak one after it was
 * collected. */
ark_status arkjs_callback_fail_closed(const arkjs_callback *callback, ark_error *error);

/* Opens or closes the callback for C. The entry point stays valid. */
void arkjs_callback_set_open(arkjs_callback *callback, bool is_open);

/* Whether callback->local is valid in every handle scope, until the callback is closed. */
static inline bool arkjs_callback_keeps_local(const arkjs_callback *callback) {
  return callback->scope >= ARKJS_WHILE_PINNED;
}

/* Makes `function` the one that a callback calls. Unless the callback is weak, it keeps the function alive until it is
 * closed. Fails as the host does. */
ark_status arkjs_callback_take(arkjs_callback *callback, napi_value function, ark_error *error);

/* Closes the callback and releases the function. C that calls the entry point reaches a closed callback. */
void arkjs_callback_close(arkjs_callback *callback);

/* Sets whether the callback keeps the process alive. */
void arkjs_callback_hold(arkjs_callback *callback, bool is_held);

/* Closes the callback for good: its handle becomes invalid. Its entry point goes to the quarantine once no C is on the
 * stack: the callback may be running, and C returns through the entry point. */
void arkjs_callback_destroy(arkjs_callback *callback);

/* Gives the entry point of a closed callback to the quarantine, as arkjs_callback_destroy does. */
void arkjs_callback_retire(arkjs_callback *callback);

/* Closes every callback of an environment that ends. */
void arkjs_callbacks_end(arkjs_env *env);

#endif
