/* Status codes, and the message that goes with one.
 *
 * A function that can fail returns an ark_status and takes, last, an ark_error that the caller owns.
 * The error is written only on failure. There is no thread-local "last error".
 * Thread rule: an ark_error belongs to the thread that passes it; the tables are constant.
 */
#ifndef ARKFFI_ERROR_H
#define ARKFFI_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ark_status {
  ARK_OK = 0,
#define ARK_STATUS(id, js_class, summary) ARK_##id,
#include "../../def/status.def"
#undef ARK_STATUS
  ARK_STATUS_COUNT
} ark_status;

/* Longer messages are cut, always on a whole UTF-8 character. Holds two paths and some words. */
#define ARK_ERROR_SIZE 1024

typedef struct ark_error {
  char message[ARK_ERROR_SIZE]; /* UTF-8, NUL-terminated */
} ark_error;

#if defined(__GNUC__)
#define ARK_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define ARK_NOINLINE __attribute__((noinline))
#else
#define ARK_PRINTF(text, first)
#define ARK_NOINLINE
#endif

/* Writes the message and returns `status`, so that failing is one line: return ark_fail(error, …). */
ark_status ark_fail(ark_error *error, ark_status status, const char *format, ...) ARK_PRINTF(3, 4);

/* The failure every allocation can have. */
ark_status ark_fail_memory(ark_error *error);

/* "ERR_FFI_SYMBOL_NOT_FOUND" and the like; static text. "OK" for ARK_OK, NULL for what is no status. */
const char *ark_status_code(ark_status status);

/* One sentence about the status; static text. */
const char *ark_status_summary(ark_status status);

#ifdef __cplusplus
}
#endif
#endif
