/* Functions: an address, how to call it, and what must live while it may be called.
 *
 * Thread rule: the environment's JavaScript thread. A worker that runs a call only reads `plan`, `entry` and `name`.
 */
#ifndef ARKJS_FUNCTION_H
#define ARKJS_FUNCTION_H

#include "functions/open_library.h"
#include "values/request.h"

typedef struct arkjs_function {
  arkjs_env *env;
  arkjs_library *library; /* referred to; NULL for a bare address */
  ark_image *mapping;     /* referred to: where the code is; NULL when it is in no library of ours */
  ark_entry code;
  ark_signature *signature;        /* owned */
  ark_plan *plan;                  /* owned */
  char *name;                      /* owned */
  struct arkjs_function *original; /* referred to: whose variant it is, closed with it; NULL for none */
  ark_entry release;               /* frees what it returns, once that is converted; NULL for nothing */
  ark_image *release_mapping;      /* held: where that code is; NULL when it is in no library of ours */
  bool is_closed;
  bool takes_objects;   /* some argument is a pointer or a struct */
  bool takes_pointers;  /* some argument is a pointer */
  bool takes_callbacks; /* some argument is a callback */
  arkjs_call_flags flags;
  uint16_t gate;                   /* of fast calls; the library's where it has one; 0 for none */
  struct arkjs_v8_stub *fast;      /* for calls by V8; NULL for none */
  struct arkjs_v8_stub *reentrant; /* the same when C may come back to JavaScript meanwhile */
  struct arkjs_v8_memory *memory;  /* owned: what a call by V8 gave last; NULL for none */
  uint32_t number;                 /* for calls through the cells; 0 for none */
  char apart[ARKJS_CACHE_LINE];    /* what each call writes here would slow the workers, which read what is above */
  uint32_t references; /* JavaScript functions, the library it is defined in, calls on the stack and in flight */
  struct arkjs_callback *idle; /* owned: callbacks for plain functions, while no call uses them */
} arkjs_function;

static inline void arkjs_function_retain(arkjs_function *function) {
  function->references++;
}

void arkjs_function_free(arkjs_function *function); /* for arkjs_function_release alone */
static inline void arkjs_function_release(arkjs_function *function) {
  if (!--function->references) arkjs_function_free(function);
}

/* Fails with ARK_LIBRARY_CLOSED once the function or its library is. What most functions are, one of a library, is seen at
 * once. */
ark_status arkjs_function_check_all(const arkjs_function *function, ark_error *error);
static inline ark_status arkjs_function_check(const arkjs_function *function, ark_error *error) {
  bool is_plain = function->library && !function->original && !function->is_closed;
  return is_plain && !function->library->is_closed ? ARK_OK : arkjs_function_check_all(function, error);
}

ark_status arkjs_function_fail_closed(const arkjs_function *function, ark_error *error);

/* Keeps the code of a function mapped until arkjs_function_release_code. The code of a library of this environment needs that
 * only while no C is on the stack (arkjs_frame_defer, arkjs_lane_begin_call); what a bare address is in, another thread may
 * close at any time. Fails with ARK_LIBRARY_CLOSED; then nothing is held. */
static inline bool arkjs_function_is_foreign(const arkjs_function *function) {
  return !function->library && function->mapping;
}

static inline ark_status arkjs_function_retain_code(const arkjs_function *function, ark_error *error) {
  bool is_held = !arkjs_function_is_foreign(function) || ark_image_hold(function->mapping);
  return is_held ? ARK_OK : arkjs_function_fail_closed(function, error);
}

static inline void arkjs_function_release_code(const arkjs_function *function) {
  if (arkjs_function_is_foreign(function)) ark_image_drop(function->mapping);
}

/* Fails with ARK_ARG_COUNT unless the function takes `count` arguments. */
ark_status arkjs_function_check_count(const arkjs_function *function, size_t count, ark_error *error);

/* A function at no address yet, with a reference for the caller. Fails with ARK_BAD_SIGNATURE, naming the function, or
 * ARK_NO_MEMORY. */
ark_status arkjs_function_of_types(const arkjs_request *request, const char *name, const arkjs_type_text *text,
                                   arkjs_call_flags flags, arkjs_function **out);

/* A function at an entry point of our own, with a reference for the caller. The signature is copied. */
ark_status arkjs_function_of_code(arkjs_env *env, const char *name, const ark_signature *signature, ark_entry entry,
                                  arkjs_call_flags flags, arkjs_function **out, ark_error *error);

/* Variants, closed with their function, with a reference for the caller: the same function in one more style, or with the
 * types whose letters are the first two arguments of the request. Fail with ARK_NO_MEMORY, the second as a definition
 * does. */
ark_status arkjs_function_with_flags(arkjs_function *function, arkjs_call_flags flags, arkjs_function **out,
                                     ark_error *error);
ark_status arkjs_function_with_types(const arkjs_request *request, arkjs_function *function, arkjs_function **out);

#endif
