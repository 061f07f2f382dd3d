/* The functions of Windows, and its texts, which are UTF-16.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__WINDOWS_API_H
#define ARK__WINDOWS_API_H

#include "os/system.h"

#if ARK__WINDOWS
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00 /* Windows 10, which Node.js needs */
#define WIN32_LEAN_AND_MEAN
#define PSAPI_VERSION 2 /* kernel32 has the functions, so that no other library is needed */
#include <windows.h>
#include <psapi.h>
#include <stdbool.h>
#include <stddef.h>

/* Memory for what Windows' functions take and give, from Windows' own heap, as they have theirs: that it lacks memory
 * is one of the reasons for which they fail. Zeroed; NULL when out of memory. The caller frees it with
 * ark__system_free, which ignores NULL. */
void *ark__system_alloc(size_t count, size_t size);
void ark__system_free(void *block);

/* All texts below are freed with ark__system_free. */

/* A copy of a text in UTF-8 as UTF-16; NULL when out of memory. What is no character becomes U+FFFD. */
wchar_t *ark__wide(const char *text);

/* The same for a path, with each '/' as '\\'. */
wchar_t *ark__wide_path(const char *path);

/* A copy of a text in UTF-16 as UTF-8; NULL when out of memory. */
char *ark__narrow(const wchar_t *text);

/* The same into `out`, of `size` bytes. False if it does not fit. */
bool ark__narrow_into(const wchar_t *text, char *out, size_t size);

/* The absolute path of a relative one; NULL when out of memory or when Windows takes it for no path. */
wchar_t *ark__wide_absolute(const wchar_t *path);

/* The folder of the program, or that of Windows' own libraries, without a separator at its end; the caller frees it
 * with ark_free. NULL when out of memory. */
char *ark__folder_of_program(void);
char *ark__folder_of_system(void);

/* The path of a module's file; NULL when unknown or out of memory. */
char *ark__path_of_module(HMODULE module);

/* Called for each module; true ends the walk. */
typedef bool (*ark__module_visitor)(void *context, HMODULE module);

/* Calls `visit` for each module of the process in the order in which they were loaded, and keeps it loaded meanwhile.
 * True when the visitor ended the walk. False also when out of memory. */
bool ark__each_module(ark__module_visitor visit, void *context);

#endif
#endif
