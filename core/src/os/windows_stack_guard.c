/* What the compiler's stack protector refers to. MinGW's GCC has it in a library, Zig's Clang has none. */
#include "os/windows_api.h"

#if ARK__WINDOWS && defined(ARKFFI_OWN_STACK_GUARD)
#include <stdint.h>

/* The names and types are the compiler's. */
uintptr_t __stack_chk_guard;
void __stack_chk_fail(void);

/* Runs when the module is loaded, before any function that is protected, as what is in the frame of such a function
 * must not change. The lowest byte is zero, so that no text that is written beyond its end can have the value. */
__attribute__((constructor(101), no_stack_protector)) static void stack_guard_choose(void) {
  LARGE_INTEGER ticks;
  FILETIME now;
  QueryPerformanceCounter(&ticks);
  GetSystemTimeAsFileTime(&now);
  uint64_t value = (uint64_t)ticks.QuadPart ^ ((uint64_t)now.dwLowDateTime << 32 | now.dwHighDateTime);
  value ^= (uint64_t)GetCurrentProcessId() << 40 ^ (uint64_t)GetCurrentThreadId() << 16 ^ (uintptr_t)&ticks;
  __stack_chk_guard = (uintptr_t)(value * UINT64_C(0x9E3779B97F4A7C15)) & ~(uintptr_t)0xff;
}

/* Ends the process at once, as Microsoft's compiler does it: no handler of an exception runs on a stack that is
 * damaged. */
__attribute__((noreturn, no_stack_protector)) void __stack_chk_fail(void) {
  RaiseFailFastException(NULL, NULL, 0);
  __builtin_unreachable();
}
#endif
