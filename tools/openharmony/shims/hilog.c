/* libhilog_ndk.z.so of the sandbox: what OpenHarmony logs goes to the standard error, where tests read it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int OH_LOG_Print(int type, int level, unsigned int domain, const char *tag, const char *format, ...);

/* Of the formats that hilog has, arkffi uses one: text that the log may show. */
int OH_LOG_Print(int type, int level, unsigned int domain, const char *tag, const char *format, ...) {
  (void)type, (void)level, (void)domain;
  if (strcmp(format, "%{public}s") != 0) return -1;
  va_list arguments;
  va_start(arguments, format);
  int length = fprintf(stderr, "%s: %s\n", tag, va_arg(arguments, const char *));
  va_end(arguments);
  return length;
}
