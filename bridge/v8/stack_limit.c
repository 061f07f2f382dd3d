#include "v8/stack_limit.h"
#include "v8/symbols.h"

/* V8's isolate begins with two words and a v8::internal::StackGuard. The guard's first word is the limit, and its third
 * word is what generated code compares with: the limit again, or a number near the highest when V8 wants the code
 * to stop for another reason. This is so in V8 11 to 14. */
enum { LIMIT = 2, COMPARED = 4 };

uintptr_t arkjs_v8_stack_limit(uintptr_t low, uintptr_t here) {
  const arkjs_v8_symbols *v8 = arkjs_v8_find_for(ARKJS_V8_CALLS);
  const uintptr_t *isolate = v8 ? v8->current_isolate() : 0;
  if (!isolate) return low;
  uintptr_t limit = isolate[LIMIT], compared = isolate[COMPARED];
  bool is_limit = limit > low && limit < here && (compared == limit || compared >= UINTPTR_MAX - UINT8_MAX);
  return is_limit ? limit : low;
}
