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

/* The size in bytes of a message with its NUL: enough for two paths and some words. Longer messages are cut after a
 * whole UTF-8 character. */
#define ARK_ERROR_SIZE 1024

typedef struct ark_error {
  char message[ARK_ERROR_SIZE]; /* UTF-8, NUL-terminated */
} ark_error;

#if defined(__clang__)
#define ARK_PRINTF(text, first) __attribute__((format(printf, text, first)))
#elif defined(__GNUC__) /* by "printf" GCC means Microsoft's on Windows */
#define ARK_PRINTF(text, first) __attribute__((format(gnu_printf, text, first)))
#endif
#if defined(__GNUC__)
#define ARK_NOINLINE __attribute__((noinline))
#else
#define ARK_PRINTF(text, first)
#define ARK_NOINLINE
#endif

/* Writes the message and returns `status`, so that failing is one line: return ark_fail(error, …). */
ark_status ark_fail(ark_error *error, ark_status status, const char *format, ...) ARK_PRINTF(3, 4);

/* Fails with ARK_NO_MEMORY. */
ark_status ark_fail_memory(ark_error *error);

/* Fails with ARK_INVALID_ARG_TYPE because an environment variable has a value that means nothing. The message has the
 * name, what is accepted, and the value, as far as it is ASCII. */
ark_status ark_fail_variable(ark_error *error, const char *name, const char *accepted, const char *value);

/* The code of a status, such as "ERR_FFI_SYMBOL_NOT_FOUND"; "OK" for ARK_OK, NULL for an unknown status. Static
 * text. */
const char *ark_status_code(ark_status status);

/* A description of a status; NULL for an unknown status. Static text. */
const char *ark_status_summary(ark_status status);

#ifdef __cplusplus
}
#endif
#endif
