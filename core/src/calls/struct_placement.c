#include "calls/struct_placement.h"
#include "arkffi/alloc.h"

bool ark__passes_structs(const ark_signature *signature) {
  if (ark_aggregate_of(signature->result)) return true;
  for (size_t i = 0; i < signature->count; i++) {
    if (ark_aggregate_of(signature->parameters[i].type)) return true;
  }
  return false;
}

ark_status ark__place_structs(const ark_signature *signature, ark__placement **out, ark_error *error) {
  if (!ARK__PLACES_ALL) {
    return ark_fail(error, ARK_BAD_SIGNATURE, "structs by value are not known to this machine's calling convention");
  }
  ark__placement *placement =
      ark_alloc(1, sizeof *placement + ARK__MAX_PIECES * signature->count * sizeof placement->moves[0]);
  if (!placement) return ark_fail_memory(error);
  if (!ark__place(signature, placement)) {
    ark_free(placement);
    return ark_fail(error, ARK_BAD_SIGNATURE,
                    "the structs by value are too large: %d bytes of arguments, aligned to %d, are the most",
                    8 * ARK__MAX_WORDS - 8 * ARK__STACK_WORDS, ARK__MAX_STACK_ALIGN);
  }
  *out = placement;
  return ARK_OK;
}
