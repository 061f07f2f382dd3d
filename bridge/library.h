/* Libraries of an environment, and the functions defined in them.
 *
 * Thread rule: the environment's JavaScript thread.
 */
#ifndef ARKJS_LIBRARY_H
#define ARKJS_LIBRARY_H

#include "arkffi/lane.h"
#include "arkffi/library.h"
#include "frames.h"
#include "module.h"

typedef struct arkjs_library {
  arkjs_env *env;
  ark_library *core;   /* owned; NULL once unmapped */
  bool is_closed;      /* no new call may start; set before it is unmapped */
  uint16_t gate;       /* of fast calls; 0 until the first function has it, see v8/fast.h */
  uint32_t references; /* the environment's until it is unmapped, and one for each function */
  ark_handle handle;
  void *functions;          /* defined under a name, a tree of search.h; owned */
  arkjs_deferred unmapping; /* once it is closed */

  uint32_t calls;   /* asynchronous ones in flight; code and lane outlive the library for them */
  ark_image *image; /* held while there are any; else NULL */

  ark_lane *lane;                   /* threads of its own; owned; NULL for the host's pool */
  struct arkjs_library *next_laned; /* in env->lanes */
} arkjs_library;

/* The open library that a handle argument names. Fails with ARK_INVALID_ARG_TYPE, ARK_INVALID_HANDLE or
 * ARK_LIBRARY_CLOSED. */
ark_status arkjs_library_argument(const arkjs_request *request, size_t index, arkjs_library **out);

void arkjs_library_refer(arkjs_library *library);
void arkjs_library_release(arkjs_library *library);

/* The function defined under a name, or NULL; it stays the library's. */
struct arkjs_function *arkjs_library_find(const arkjs_library *library, const char *name);

/* Puts a function under its name, in the place of one that was there. The library takes over the caller's reference,
 * unless it fails with ARK_NO_MEMORY. */
ark_status arkjs_library_define(arkjs_library *library, struct arkjs_function *function, ark_error *error);

/* An asynchronous call begins in an open library, or has ended. Until then code and lane stay, whoever closes it. */
void arkjs_library_enter(arkjs_library *library);
void arkjs_library_leave(arkjs_library *library);

/* A closed library's own: drops the functions that are defined in it; ends its lane, if no call is in it. */
void arkjs_library_forget(arkjs_library *library);
void arkjs_library_end_lane(arkjs_library *library);

/* From now on no call in a lane is begun. */
void arkjs_lanes_stop(arkjs_env *env);

/* Ends all lanes, waiting for the calls at hand. */
void arkjs_lanes_end(arkjs_env *env);

/* Closes every library of an environment that ends, without unmapping any: nobody has said that its code is done with.
 *  */
void arkjs_libraries_end(arkjs_env *env);

ark_status arkjs_load(const arkjs_request *request, napi_value *result);
ark_status arkjs_open_library(const arkjs_request *request, napi_value *result);
ark_status arkjs_find_library(const arkjs_request *request, napi_value *result);
ark_status arkjs_list_symbols(const arkjs_request *request, napi_value *result);
ark_status arkjs_check_open(const arkjs_request *request, napi_value *result);
ark_status arkjs_close(const arkjs_request *request, napi_value *result);
ark_status arkjs_open_lane(const arkjs_request *request, napi_value *result);
ark_status arkjs_get_symbol_ptr(const arkjs_request *request, napi_value *result);

#endif
