/* Callbacks: JavaScript functions that C can call, from any thread, at any time.
 *
 * A callback's C entry point outlives the callback: called when it is closed, or from a thread it is not made for, it
 * gives zero to C and reports what happened. ARCHITECTURE.md has the table of who hears of it.
 * Thread rule: the environment's JavaScript thread; the entry point itself may be called on any.
 */
#ifndef ARKJS_CALLBACK_H
#define ARKJS_CALLBACK_H

#include "arkffi/closure.h"
#include "function.h"

/* Which threads may call a callback, and what becomes of the call. */
typedef enum arkjs_threads {
  ARKJS_OWN_THREAD, /* its JavaScript thread, which runs it at once */
  ARKJS_ANY_THREAD, /* any; another one waits for the result */
  ARKJS_POSTED,     /* any, and nobody waits: it runs later */
} arkjs_threads;

/* The types of a callback. Those that were made one after the other with the same letters share them, because a program
 * has callbacks by the thousand, but not kinds of them. Constant once made. */
typedef struct arkjs_types {
  _Atomic uint32_t references;
  ark_signature *signature; /* owned */
  char letters[];           /* "ii)v"; empty where nobody else is to share them */
} arkjs_types;

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
  struct arkjs_awaited *awaited; /* Promises that other threads wait for */
  _Atomic uint32_t references;   /* the closure's, and one for each call under way from another thread */
  atomic_uint posted;            /* calls that wait to run, nobody waiting for them */
  atomic_uint lost;              /* those for which there was no room, until somebody has been told */
  uint8_t parameter;             /* which argument it was borrowed for */
  atomic_bool is_closed;         /* read by any thread */
  atomic_bool is_reported;       /* set by the first thread that called it wrongly */
  bool is_light;                 /* calls leave nothing large behind: neither text nor objects go to and fro */
  bool is_held;                  /* keeps the process alive */
  uint8_t threads;               /* arkjs_threads; constant while open */
  uint8_t style;                 /* arkjs_style */
  char name[];                   /* for messages */
} arkjs_callback;

/* Any thread. */
void arkjs_callback_release(arkjs_callback *callback);

/* Fails because C called it after it was closed. */
ark_status arkjs_callback_fail_closed(const arkjs_callback *callback, ark_error *error);

/* A callback for a plain function that stands as argument `index` of one call. It is put on the list *borrowed, and its
 * entry point into *value. For a call that runs on another thread it is thread-safe: nothing else could call it. */
ark_status arkjs_callback_borrow(arkjs_function *function, size_t index, napi_value plain, bool is_async,
                                 arkjs_callback **borrowed, ark_value *value, ark_error *error);

/* When that call has ended: from now on C that kept one of the entry points reaches a dead callback, until the same
 * argument of the same function is a plain function again. */
void arkjs_callbacks_give_back(arkjs_function *function, arkjs_callback *borrowed);

/* Ends the idle callbacks of a function that is freed. */
void arkjs_callbacks_retire(arkjs_callback *idle);

/* Any thread. */
void arkjs_types_release(arkjs_types *types);

/* Closes every callback of an environment that ends. */
void arkjs_callbacks_end(arkjs_env *env);

/* The callback that the first argument of a module's function names. One that has been closed is NULL where it may be,
 * else fails with ARK_CALLBACK_CLOSED. Fails with ARK_INVALID_ARG_TYPE or ARK_INVALID_HANDLE. */
ark_status arkjs_callback_argument(const arkjs_request *request, bool may_be_closed, arkjs_callback **out);

ark_status arkjs_create_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_bind_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_callback_ptr(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_callback_threadsafe(const arkjs_request *request, napi_value *result);
ark_status arkjs_invoke_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_hold_callback(const arkjs_request *request, napi_value *result);
ark_status arkjs_destroy_callback(const arkjs_request *request, napi_value *result);

#endif
