#include "functions/open_library.h"
#include "arkffi/alloc.h"
#include "arkffi/container_of.h"
#include "env/host.h"
#include "env/other_ways.h"
#include "v8/gates.h"
#include <stdio.h>
#include <string.h>

/* The library stays usable, so this is no error. */
static void library_warn_of_replaced(const arkjs_library *library, const char *name) {
  const char *replaced = ark_library_replaced(library->core);
  if (!replaced) return;
  static const char format[] =
      "%s: this program has a function %s of its own, which is called in place of the library's, and the library "
      "cannot "
      "be opened deep here. dlopen(null) has the program's functions; { deep: false } opens the library without this "
      "warning";
  size_t size = sizeof format + strlen(name) + strlen(replaced);
  char *text = ark_alloc(size, 1);
  if (!text) return;
  snprintf(text, size, format, name, replaced);
  arkjs_host_notify(text);
  ark_free(text);
}

ark_status arkjs_library_create(arkjs_env *env, const char *name, unsigned flags, const char *search,
                                arkjs_library **out, ark_error *error) {
  arkjs_library *library = ark_alloc(1, sizeof *library);
  if (!library) return ark_fail_memory(error);
  library->env = env;
  library->references = 1;
  ark_status status = ark_library_open(name, flags, search, env->folder, &library->core, error);
  if (!status) status = ark_handles_add(&env->libraries, library, &library->handle, error);
  if (!status) {
    arkjs_other_ways_look(env);
    library_warn_of_replaced(library, name);
    *out = library;
    return ARK_OK;
  }
  ark_library_close(library->core);
  ark_free(library);
  return status;
}

void arkjs_library_retain(arkjs_library *library) {
  library->references++;
}

void arkjs_library_release(arkjs_library *library) {
  if (--library->references) return;
  arkjs_v8_release_gate(library->env, library->gate);
  ark_free(library);
}

/* Here rather than when the first of the calls begins: to count on atomically costs more than a short call. */
static void library_hold_code(arkjs_library *library) {
  library->mapping = ark_library_mapping(library->core);
  ark_mapping_acquire_code(library->mapping); /* cannot fail: the library is open */
}

static void library_unmap(arkjs_deferred *deferred) {
  arkjs_library *library = ark_container_of(deferred, arkjs_library, unmapping);
  if (library->calls && library->core) library_hold_code(library);
  ark_library_close(library->core);
  library->core = NULL;
  library->env->hooks->unmap_library(library->env);
  arkjs_library_release(library);
}

/* Unmapping waits while C is on the stack, because C may still return into the library. */
void arkjs_library_close(arkjs_library *library) {
  arkjs_env *env = library->env;
  ark_handles_remove(&env->libraries, library->handle);
  library->is_closed = true;
  arkjs_v8_close_gate(env, library->gate);
  library->unmapping.run = library_unmap;
  arkjs_frame_defer(env, &library->unmapping);
  env->hooks->close_library(library);
  arkjs_frames_settle(env);
  if (env->deferred) arkjs_v8_leave_unsettled(env);
}

void arkjs_libraries_end(arkjs_env *env) {
  uint32_t cursor = 0;
  arkjs_frames_run_deferred(env);
  for (arkjs_library *library; (library = ark_handles_next(&env->libraries, &cursor));) {
    ark_library_abandon(library->core);
    library->core = NULL;
    arkjs_library_close(library);
  }
}
