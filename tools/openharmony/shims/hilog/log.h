/* What arkffi uses of OpenHarmony's header of this name. */
#ifndef HILOG_LOG_H
#define HILOG_LOG_H

typedef enum { LOG_APP = 0 } LogType;
typedef enum { LOG_DEBUG = 3, LOG_INFO = 4, LOG_WARN = 5, LOG_ERROR = 6, LOG_FATAL = 7 } LogLevel;

int OH_LOG_Print(LogType type, LogLevel level, unsigned int domain, const char *tag, const char *format, ...)
    __attribute__((__format__(os_log, 5, 6)));

#endif
