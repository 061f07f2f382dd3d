#include "arkffi/escape.h"
#include "os/windows_api.h"

#if ARK__WINDOWS
#include <stdint.h>
#include <string.h>

/* The first member of Microsoft's _JUMP_BUFFER is the frame up to which longjmp unwinds; without one it does not. */
void ark_escape_without_unwinding(jmp_buf buffer) {
  memset(buffer, 0, sizeof(uint64_t));
}
#endif
