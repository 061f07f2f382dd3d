#include "arkffi/error_numbers.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <errno.h>
#include <stdatomic.h>

const bool ark_has_system_error = true;

typedef int *(*error_place)(void);

/* Gives the address of the calling thread's errno in the universal C library, or NULL in a process without it. The
 * function is looked for until it is found, because a library that is opened later may bring it. */
static int *error_universal(void) {
  static _Atomic(error_place) found;
  error_place place = atomic_load_explicit(&found, memory_order_relaxed);
  if (!place) {
    HMODULE library = GetModuleHandleW(L"ucrtbase.dll");
    FARPROC function = library ? GetProcAddress(library, "_errno") : NULL;
    if (!function) return NULL;
    place = (error_place)(void (*)(void))function;
    atomic_store_explicit(&found, place, memory_order_relaxed);
  }
  return place();
}

void ark_error_numbers_begin(int c) {
  int *universal = error_universal();
  if (universal) *universal = c;
  errno = c;
  SetLastError(0);
}

/* Looking for errno may change the last error. */
ark_error_numbers ark_error_numbers_read(int before) {
  DWORD system = GetLastError();
  int *universal = error_universal();
  int c = universal && *universal != before ? *universal : errno;
  return (ark_error_numbers){c, system};
}
#endif
