/* Shared libraries: opening them, and their symbols.
 *
 * An ark_library is one successful open. All opens of the same shared object share one mapping (mapping.h), which stays
 * mapped while a library is open on it or a hold is out.
 * Thread rule: an ark_library belongs to the thread that opened it.
 */
#ifndef ARKFFI_LIBRARY_H
#define ARKFFI_LIBRARY_H

#include "error.h"
#include "mapping.h"
#include "open_flags.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ark_library ark_library;

/* Opens a library. `name` is a path if it has a folder, or NULL for the running process; a bare name is looked for by
 * the system's loader, then in each folder of `search` (separated by colons as in PATH; NULL for none), then in the
 * folder `beside` (NULL for none). `flags` are ark_open_flags. On ARK_OK the caller owns *out and ends it with
 * ark_library_close or ark_library_abandon. Fails with ARK_LIBRARY_NOT_FOUND (the message has what was tried and what
 * the loader said), ARK_NOT_SUPPORTED (flags that this loader does not know) or ARK_NO_MEMORY. */
ark_status ark_library_open(const char *name, unsigned flags, const char *search, const char *beside, ark_library **out,
                            ark_error *error);

/* Closes the library and frees it. Its code is unmapped when nothing else keeps it mapped. NULL is ignored. */
void ark_library_close(ark_library *library);

/* Frees the library but leaves its mapping open for good: for the end of a thread, when threads that the library has
 * started may still run its code. NULL is ignored. */
void ark_library_abandon(ark_library *library);

/* The mapping that the library is open on; valid until the library is closed, or longer with a reference. */
ark_mapping *ark_library_mapping(const ark_library *library);

/* The name of a function that the program has as well, and that is called in its place when the library, or one that it
 * needs, calls its own; valid until the library is closed. The library is then best opened deep, but this system cannot
 * do that. NULL when there is none, for a library that was open before, and with ARK_OPEN_SHALLOW. */
const char *ark_library_replaced(const ark_library *library);

/* Sets *out to the address of an exported function or variable. Fails with ARK_SYMBOL_NOT_FOUND; the message suggests a
 * similar name if one is exported. */
ark_status ark_library_symbol(const ark_library *library, const char *name, void **out, ark_error *error);

/* The same for a function. Fails with ARK_BAD_SIGNATURE if the name is that of a variable. */
ark_status ark_library_function(const ark_library *library, const char *name, void **out, ark_error *error);

/* The same for a variable. Fails with ARK_BAD_SIGNATURE if the name is that of a function. */
ark_status ark_library_variable(const ark_library *library, const char *name, void **out, ark_error *error);

/* Whether `names` are `count` lines, and the library exports a function of each of these names. Lines may be empty. The
 * text is changed. */
bool ark_library_has_functions(const ark_library *library, char *names, size_t count);

/* Lists the names that the library exports; for the process: those of every object in it. The text has for each name an
 * 'f' (function) or 'd' (data), the name and a NUL, and ends with another NUL. A name that has several versions appears
 * several times. On ARK_OK the caller frees *out with ark_free. Fails with ARK_NO_MEMORY. */
ark_status ark_library_list(const ark_library *library, char **out, ark_error *error);

/* The address of a symbol that any object in the process exports, or NULL. Any thread. */
void *ark_process_symbol(const char *name);

/* The path of the shared object or program that contains `address`, as the loader knows it; the caller frees it with
 * ark_free. NULL when unknown or out of memory. Any thread. */
char *ark_path_of(const void *address);

/* The folder of the shared object or program that contains `address`, without a slash at its end; the caller frees it
 * with ark_free. NULL when unknown or out of memory. Any thread. */
char *ark_folder_of(const void *address);

/* The file name, without folders, of the shared object or program that contains `address`; the caller frees it with
 * ark_free. NULL when unknown or out of memory. Any thread. */
char *ark_file_of(const void *address);

#ifdef __cplusplus
}
#endif
#endif
