#include "base/constant_value.h"

cdef_value cdef_value_of(uint64_t bits, bool is_unsigned, size_t size) {
  cdef_bits extended = is_unsigned ? bits : (cdef_bits)(int64_t)bits;
  return (cdef_value){.bits = extended, .is_unsigned = is_unsigned, .size = size};
}

cdef_value cdef_no_value(const char *problem) {
  return (cdef_value){.problem = problem};
}

bool cdef_is_negative(cdef_value value) {
  return !value.is_unsigned && (cdef_signed_bits)value.bits < 0;
}

cdef_value cdef_wrap(cdef_value value) {
  if (value.size >= sizeof value.bits) return value;
  unsigned unused = 8 * (unsigned)(sizeof value.bits - value.size);
  cdef_bits high = value.bits << unused;
  value.bits = value.is_unsigned ? high >> unused : (cdef_bits)((cdef_signed_bits)high >> unused);
  return value;
}

cdef_value cdef_narrow(cdef_value value) {
  if (value.kind != CDEF_INTEGER || value.size <= 8) return value;
  value.size = 8;
  value.is_unsigned = !cdef_is_negative(value) && value.bits > INT64_MAX;
  return value;
}
