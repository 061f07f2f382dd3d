/* C functions: an address, how to call it, and what must stay alive while it may be called.
 *
 * Thread rule: the environment's JavaScript thread. A worker that runs a call reads only `plan`, `code`, `release`,
 * `flags`, `errno_before` and `name`.
 */
#ifndef ARKJS_FUNCTION_H
#define ARKJS_FUNCTION_H

#include "arkffi/cache_line.h"
#include "functions/call_types.h"
#include "functions/open_library.h"
#include "values/request.h"
#include <stddef.h>

typedef struct arkjs_function {
  /* JavaScript functions, the library's definition, calls on the stack and pending calls. Each call writes it, so on
   * the same cache line it would slow down workers, which read the members from `plan` on. */
  uint32_t references;
  uint32_t number; /* its number in the shared slots; 0 for none */
  /* Callbacks for plain functions, see callbacks/borrow.h. */
  struct arkjs_callback *idle;          /* owned: those of the function and of its variants that no call uses now */
  struct arkjs_function *next_borrower; /* in the list of its library or, without one, of the environment */
  struct arkjs_function **borrower;     /* the link that points to it there; NULL while it is in neither */

  /* Read by the JavaScript thread alone. */
  arkjs_env *env;
  arkjs_library *library;  /* holds a reference; NULL for a bare address */
  ark_mapping *mapping;    /* holds a reference: what the code is mapped by; NULL when no open library contains it */
  arkjs_call_types *types; /* holds a reference */
  const ark_signature *signature; /* of `types` */
  char *parameters; /* owned: the names of its parameters, as in arkjs_site; NULL when they are not known */
  /* Holds a reference: the function that this is a variant of, which closes both; NULL when it is none. */
  struct arkjs_function *original;
  /* holds a use: what that code is mapped by, or the code of a held function; NULL when no open library contains it */
  ark_mapping *release_mapping;
  struct arkjs_v8_stub *thunk;    /* for calls by the host; NULL for none */
  struct arkjs_v8_memory *memory; /* owned: the last string result of a call by the V8 engine; NULL for none */
  uint16_t gate;                  /* of calls by the V8 engine; shared with the library if there is one; 0 for none */
  bool is_closed;
  bool is_callback; /* the code is the entry point of a callback, which closes it */

  char apart[16];
  const ark_plan *plan; /* of `types` */
  ark_c_function code;
  ark_c_function release; /* frees a result after its conversion; NULL when nothing does */
  arkjs_call_flags flags;
  int errno_before; /* with ARKJS_WITH_ERRNO: errno when the function begins */
  char name[];
} arkjs_function;

_Static_assert(offsetof(arkjs_function, plan) - offsetof(arkjs_function, number) >= ARK_CACHE_LINE,
               "the reference count is on another cache line than what workers read");

static inline void arkjs_function_retain(arkjs_function *function) {
  function->references++;
}

void arkjs_function_free(arkjs_function *function); /* called by arkjs_function_release only */
static inline void arkjs_function_release(arkjs_function *function) {
  if (!--function->references) arkjs_function_free(function);
}

/* Whether no new call may start: the function, what it is a variant of, or the library of its code is closed. */
bool arkjs_function_is_closed(const arkjs_function *function);

/* Fails with ARK_LIBRARY_CLOSED when the function or its library is closed, and with ARK_CALLBACK_CLOSED when its
 * callback is. The inline part decides the common case, a function of a library. */
ark_status arkjs_function_check_all(const arkjs_function *function, ark_error *error);
static inline ark_status arkjs_function_check(const arkjs_function *function, ark_error *error) {
  bool is_plain = function->library && !function->original && !function->is_closed;
  return is_plain && !function->library->is_closed ? ARK_OK : arkjs_function_check_all(function, error);
}

ark_status arkjs_function_fail_closed(const arkjs_function *function, ark_error *error);

/* Whether another thread may unmap the code at any time. A library of this environment stays mapped while C is on the
 * stack (arkjs_frame_defer) and while asynchronous calls are pending (arkjs_lane_begin_call). A library that a bare
 * address lies in may belong to another thread. */
static inline bool arkjs_function_is_foreign(const arkjs_function *function) {
  return !function->library && function->mapping;
}

/* Keeps the code of a function mapped until arkjs_function_release_code, where arkjs_function_is_foreign. Fails with
 * ARK_LIBRARY_CLOSED; then nothing is held. */
static inline ark_status arkjs_function_retain_code(const arkjs_function *function, ark_error *error) {
  bool is_held = !arkjs_function_is_foreign(function) || ark_mapping_acquire_code(function->mapping);
  return is_held ? ARK_OK : arkjs_function_fail_closed(function, error);
}

static inline void arkjs_function_release_code(const arkjs_function *function) {
  if (arkjs_function_is_foreign(function)) ark_mapping_release_code(function->mapping);
}

/* Fails with ARK_ARG_COUNT unless the function takes `count` arguments. */
ark_status arkjs_function_check_count(const arkjs_function *function, size_t count, ark_error *error);

/* Creates a function without an address; the caller sets `code`. The caller gets a reference. Fails with
 * ARK_BAD_SIGNATURE, naming the function, or ARK_NO_MEMORY. */
ark_status arkjs_function_of_types(const arkjs_request *request, const char *name, const arkjs_type_text *text,
                                   arkjs_call_flags flags, arkjs_function **out);

/* Creates a function for the entry point of a callback. The caller gets a reference, and closes the function with the
 * callback. The signature is copied. Fails with ARK_NO_MEMORY. */
ark_status arkjs_function_of_code(arkjs_env *env, const char *name, const ark_signature *signature,
                                  ark_c_function entry, arkjs_call_flags flags, arkjs_function **out, ark_error *error);

/* Create variants, which close with the original function: the same function with more flags, or with the types whose
 * letters are the first two arguments of the request. The caller gets a reference. Fail with ARK_NO_MEMORY; the
 * second also with ARK_BAD_SIGNATURE. */
ark_status arkjs_function_with_flags(arkjs_function *function, arkjs_call_flags flags, arkjs_function **out,
                                     ark_error *error);
ark_status arkjs_function_with_types(const arkjs_request *request, arkjs_function *function, arkjs_function **out);

/* Sets the names of the parameters, as in arkjs_site. They are copied; NULL for none. Fails with ARK_NO_MEMORY. */
ark_status arkjs_function_name_parameters(arkjs_function *function, const char *parameters, ark_error *error);

/* Creates the same function, which outlives the closing of the original and keeps its code mapped as long as it exists.
 * The caller gets a reference. Fails with ARK_LIBRARY_CLOSED or ARK_NO_MEMORY. */
ark_status arkjs_function_held(const arkjs_function *function, arkjs_function **out, ark_error *error);

#endif
