#include "arkffi/error.h"
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *code, *summary;
} error_statuses[] = {
    [ARK_OK] = {"OK", "success"},
#define ARK_STATUS(id, js_class, summary) [ARK_##id] = {"ERR_FFI_" #id, summary},
#include "../../def/status.def"
#undef ARK_STATUS
};

/* Removes the part of a UTF-8 character that vsnprintf has left at the end of a text that it cut. */
static void error_trim_partial_character(char *text) {
  size_t end = strlen(text), start = end;
  while (start && ((unsigned char)text[start - 1] & 0xC0) == 0x80) start--;
  if (!start) return;
  unsigned char lead = (unsigned char)text[start - 1];
  size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  if (end - (start - 1) < wanted) text[start - 1] = '\0';
}

ark_status ark_fail(ark_error *error, ark_status status, const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(error->message, sizeof error->message, format, args);
  va_end(args);
  if (length < 0) error->message[0] = '\0';
  if (length >= (int)sizeof error->message) error_trim_partial_character(error->message);
  return status;
}

ark_status ark_fail_memory(ark_error *error) {
  return ark_fail(error, ARK_NO_MEMORY, "out of memory");
}

ark_status ark_fail_variable(ark_error *error, const char *name, const char *accepted, const char *value) {
  char shown[64];
  size_t length = 0;
  for (; value[length] && length + 1 < sizeof shown; length++) {
    char c = value[length];
    shown[length] = '?';
    if (c >= ' ' && c <= '~') shown[length] = c;
  }
  shown[length] = '\0';
  return ark_fail(error, ARK_INVALID_ARG_TYPE, "%s: expected %s, got '%s%s'", name, accepted, shown,
                  value[length] ? "..." : "");
}

const char *ark_status_code(ark_status status) {
  return (unsigned)status < ARK_STATUS_COUNT ? error_statuses[status].code : NULL;
}

const char *ark_status_summary(ark_status status) {
  return (unsigned)status < ARK_STATUS_COUNT ? error_statuses[status].summary : NULL;
}
