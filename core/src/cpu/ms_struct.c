#include "arkffi/ms_struct.h"
#include "base/like_clang.h"

bool ark_compilers_know_ms_struct(void) {
#if defined(__x86_64__)
  return true;
#else
  return ARK__LIKE_CLANG; /* the platform's compiler is Clang */
#endif
}
