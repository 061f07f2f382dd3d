/* The numbers of errors that C functions leave behind for their thread: errno, and on Windows what GetLastError gives.
 *
 * On Windows each C library has an errno of its own. Here they are one: that of the universal C library, ucrtbase.dll,
 * which most libraries use, or of the older msvcrt.dll, which those of MinGW can use, whichever was changed.
 *
 * Thread rule: any thread; each has numbers of its own.
 */
#ifndef ARKFFI_ERROR_NUMBERS_H
#define ARKFFI_ERROR_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_error_numbers {
  int c;           /* errno */
  uint32_t system; /* GetLastError; 0 where there is none */
} ark_error_numbers;

/* Whether the system has an error number of its own beside errno. */
extern const bool ark_has_system_error;

/* Sets errno, and the system's error number to 0. */
void ark_error_numbers_begin(int c);

/* The numbers of the calling thread now. `before` is what errno was when it was last set. */
ark_error_numbers ark_error_numbers_read(int before);

#ifdef __cplusplus
}
#endif
#endif
