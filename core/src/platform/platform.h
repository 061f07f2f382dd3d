/* What the core asks of the operating system. One body for each system lies beside this header.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PLATFORM_H
#define ARK__PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The lock over what the whole process shares: the list of images and the quarantine of closures. Not recursive;
 * nothing that could run foreign code may be called inside. */
void ark__process_enter(void);
void ark__process_leave(void);

/* The loader's handle for a shared object at `path`, a name for the loader to look for, or the process for NULL; `flags`
 * are ark_open_flags. NULL on failure, with the loader's words in `message`. The caller gives it back with
 * ark__module_close. */
extern const unsigned ark__unknown_flags; /* those of ark_open_flags that the loader does not know */
void *ark__module_open(const char *path, unsigned flags, char *message, size_t size);
void ark__module_close(void *module);

/* The address of an exported symbol, or NULL. */
void *ark__module_symbol(void *module, const char *name);

/* The same of whatever object in the process exports it first. */
void *ark__process_symbol(const char *name);

/* Where the shared object of a module, or the one around an address, begins: tells objects apart. NULL when unknown. */
const void *ark__module_base(void *module);
const void *ark__base_of(const void *address);

/* The path of the shared object around an address, valid while it is loaded, or NULL. */
const char *ark__path_of(const void *address);

/* Copies from or to an address that may be wrong, and says so instead of ending the process. DENIED where the system
 * has no way that it allows. */
typedef enum ark__copied { ARK__COPY_DONE, ARK__COPY_FAULT, ARK__COPY_DENIED } ark__copied;
ark__copied ark__copy_in(void *out, uintptr_t address, size_t size);
ark__copied ark__copy_out(uintptr_t address, const void *bytes, size_t size);

bool ark__file_exists(const char *path);

/* Whether a file is a shared object, or a program, for this very machine. */
bool ark__file_is_library(const char *path);

/* Calls `visit` for each file in a folder; for each that the loader finds by its bare name alone, which is false when
 * memory ran out. The texts live until `visit` returns. */
typedef void (*ark__file_visitor)(void *context, const char *file, const char *path);
void ark__each_file(const char *folder, ark__file_visitor visit, void *context);
bool ark__each_loadable(ark__file_visitor visit, void *context);

/* Calls `visit` for each symbol that a module exports; for the process (`whole_process`), that any object in it does.
 * `visit` must not load or unload anything. */
typedef void (*ark__symbol_visitor)(void *context, const char *name, bool is_function);
void ark__module_each_symbol(void *module, bool whole_process, ark__symbol_visitor visit, void *context);

#endif
