#include "calls/struct_placement.h"
#include "arkffi/alloc.h"
#include "cpu/direct_call.h"

bool ark__passes_structs(const ark_signature *signature) {
  if (ark_aggregate_of(signature->result)) return true;
  for (size_t i = 0; i < signature->count; i++) {
    if (ark_aggregate_of(signature->parameters[i].type)) return true;
  }
  return false;
}

/* Whether some arguments have no registers: the counts of both kinds are the same under all conventions with a packed
 * stack. */
static bool placement_uses_stack(const ark_signature *signature) {
  size_t integers = 0, floats = 0;
  for (size_t i = 0; i < signature->count; i++) {
    if (signature->parameters[i].type->kind == ARK_KIND_FLOAT) {
      floats++;
    } else {
      integers++;
    }
  }
  return integers > ARK__DIRECT_INTEGERS || floats > ARK__DIRECT_FLOATS;
}

bool ark__needs_placement(const ark_signature *signature) {
  bool is_packed = ARK__APPLE_AAPCS64 && (signature->is_variadic || placement_uses_stack(signature));
  /* Microsoft's variadic functions find a float in two registers, which one word for each argument does not say. */
  bool is_double = ark__is_ms(signature) && signature->is_variadic;
  bool is_word_by_word = ARK__WINDOWS_AAPCS64 && signature->is_variadic;
  return is_packed || is_double || is_word_by_word || ark__passes_structs(signature);
}

/* Whether a type has a floating-point number of 128 bits, for which calls would need whole vector registers. Types nest
 * no deeper than ARK_MAX_DEPTH. */
static bool placement_has_quad(const ark_type *type) {
  const ark_aggregate *whole = ark_aggregate_of(type);
  if (!whole) return false;
  size_t count = whole->form == ARK_ARRAY ? 1 : whole->count;
  for (size_t i = 0; i < count; i++) {
    if (placement_has_quad(whole->members[i].type)) return true;
  }
  return whole->wide == ARK_WIDE_QUAD;
}

static bool placement_passes_quad(const ark_signature *signature) {
  bool is_one = placement_has_quad(signature->result);
  for (size_t i = 0; i < signature->count; i++) is_one |= placement_has_quad(signature->parameters[i].type);
  return is_one;
}

ark_status ark__place_structs(const ark_signature *signature, ark__placement **out, ark_error *error) {
  if (!ARK__PLACES_ALL) {
    return ark_fail(error, ARK_BAD_SIGNATURE,
                    "structs and scalars of 16 bytes by value are not known to this machine's calling convention");
  }
  if (placement_passes_quad(signature)) {
    return ark_fail(
        error, ARK_NOT_SUPPORTED,
        "a long double of 128 bits, which this platform has, cannot be passed by value: a pointer to one can");
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
