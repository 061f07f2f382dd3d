/* How the system writes paths, and lists of folders.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PATHS_H
#define ARK__PATHS_H

#include <stdbool.h>
#include <stddef.h>

/* What separates a folder from what is in it, in a path that arkffi makes. */
extern const char ark__folder_separator;

/* The length in bytes of the first folder of a list, up to its separator or the end of the text. */
size_t ark__list_first(const char *list);

/* Whether a name of a library is a path, so that it is not looked for in folders. */
bool ark__name_is_path(const char *name);

bool ark__path_is_absolute(const char *path);

/* The last name in a path, which is the whole text where it has no folder. */
const char *ark__path_name(const char *path);

#endif
