/* The system's loader of shared objects.
 *
 * A module is the loader's handle for a shared object, or for the process.
 * Thread rule: any thread.
 */
#ifndef ARK__LOADER_H
#define ARK__LOADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those of ark_open_flags that the loader does not know. */
extern const unsigned ark__unknown_flags;

/* Whether a module can be opened with ARK_OPEN_DEEP here. It cannot where something has replaced the C library's
 * malloc: a deep library would call the C library's, and the others the replacement. */
bool ark__can_open_deep(void);

/* Writes into `name`, of `size` bytes, the first function of the program that would be called in place of the library's
 * own, or of one of the libraries that it needs, if the shared object at `path`, which is not loaded yet, were opened,
 * and not deep. It is empty when there is none, and where the file cannot be read. False when out of memory. */
bool ark__find_replaced(const char *path, char *name, size_t size);

/* Whether the shared object that ark__module_open would open for `path` is loaded already. */
bool ark__module_is_loaded(const char *path);

/* Opens the shared object at `path`, which may also be a name for the loader to look for, or NULL for the process;
 * `flags` are ark_open_flags. The caller ends the module with ark__module_close. NULL on failure; then `message`, of
 * `size` bytes, has what the loader said. */
void *ark__module_open(const char *path, unsigned flags, char *message, size_t size);
void ark__module_close(void *module);

/* Writes into `out`, of `size` bytes, which library the loader did not find when it opened the file at `path` and
 * failed with `message`. False if it is not another library that is missing, or the loader does not say which. */
bool ark__module_find_missing(const char *path, const char *message, char *out, size_t size);

/* The address of a symbol that a module exports, or NULL. */
void *ark__module_symbol(void *module, const char *name);

/* The address of a symbol in the first object of the process that exports it, or NULL. */
void *ark__process_symbol(const char *name);

/* The address at which a module's shared object begins, which identifies it; NULL when unknown. */
const void *ark__module_base(void *module);

/* The address at which the shared object that contains `address` begins; NULL when there is none. */
const void *ark__base_of(const void *address);

/* Addresses of a shared object that it has for one purpose. */
typedef struct ark__part {
  uintptr_t start;
  size_t size;
  bool is_data; /* which cannot be called */
} ark__part;

/* The part that an address lies in, which stays true while the object is loaded. All zero where nothing is known. */
ark__part ark__part_at(const void *address);

/* Whether the symbol of that name at an address is a function, which cannot be read or written. False where nothing is
 * known of it. */
bool ark__is_function(const char *name, const void *address);

/* The path of the shared object that contains `address`, which the caller frees with ark_free; NULL when there is none
 * or when out of memory. */
char *ark__path_of(const void *address);

/* Called for each symbol; `name` is valid until it returns. It must not load or unload anything. */
typedef void (*ark__symbol_visitor)(void *context, const char *name, bool is_function);

/* Calls `visit` for each symbol that a module exports; with `whole_process`, that any object in the process exports. */
void ark__module_each_symbol(void *module, bool whole_process, ark__symbol_visitor visit, void *context);

#endif
