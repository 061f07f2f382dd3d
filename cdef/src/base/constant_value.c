#include "base/constant_value.h"

cdef_value cdef_value_of(uint64_t bits, bool is_unsigned, size_t size) {
  return (cdef_value){.bits = bits, .is_unsigned = is_unsigned, .size = size};
}

cdef_value cdef_no_value(const char *problem) {
  return (cdef_value){.problem = problem};
}

bool cdef_is_negative(cdef_value value) {
  return !value.is_unsigned && (int64_t)value.bits < 0;
}

cdef_value cdef_wrap(cdef_value value) {
  if (value.size >= 8) return value;
  unsigned unused = 64 - 8 * (unsigned)value.size;
  value.bits =
      value.is_unsigned ? value.bits << unused >> unused : (uint64_t)((int64_t)(value.bits << unused) >> unused);
  return value;
}
