#include "async/lanes.h"
#include "async/executor.h"

ark_status arkjs_library_open_lane(arkjs_library *library, unsigned threads, ark_error *error) {
  arkjs_env *env = library->env;
  ark_status status = arkjs_executor_open_lane(env, threads, &library->lane, error);
  if (status) return status;
  library->next_laned = env->lanes;
  env->lanes = library;
  arkjs_library_retain(library);
  return ARK_OK;
}

static void lane_end(arkjs_library *library) {
  arkjs_library **link = &library->env->lanes;
  while (*link != library) link = &(*link)->next_laned;
  *link = library->next_laned;
  ark_lane *lane = library->lane;
  library->lane = NULL;
  ark_lane_stop(lane);
  arkjs_executor_clear_lane(lane);
  ark_lane_free(lane);
  arkjs_library_release(library);
}

void arkjs_lane_end_call(arkjs_library *library) {
  if (--library->calls) return;
  ark_mapping *image = library->mapping;
  library->mapping = NULL;
  if (library->lane && library->is_closed) {
    lane_end(library);
  } else if (library->lane) {
    ark_lane_trim(library->lane);
  }
  if (image) ark_mapping_release_code(image);
}

void arkjs_library_end_lane(arkjs_library *library) {
  if (library->lane && !library->calls) lane_end(library);
}

void arkjs_lanes_stop(arkjs_env *env) {
  for (arkjs_library *library = env->lanes; library; library = library->next_laned) ark_lane_stop(library->lane);
}

void arkjs_lanes_end(arkjs_env *env) {
  while (env->lanes) lane_end(env->lanes);
}
