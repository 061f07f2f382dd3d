/* Files, as far as finding libraries needs them.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__FILES_H
#define ARK__FILES_H

#include <stdbool.h>

bool ark__file_exists(const char *path);

/* Whether a file is a shared object or program for this system and CPU. */
bool ark__file_is_library(const char *path);

/* Called for each file, with its name and its path; both are valid until it returns. */
typedef void (*ark__file_visitor)(void *context, const char *file, const char *path);

/* Calls `visit` for each file in a folder; for none if it cannot be read. */
void ark__each_file(const char *folder, ark__file_visitor visit, void *context);

/* Calls `visit` for each file that the loader finds by its bare name. False when out of memory. */
bool ark__each_loadable(ark__file_visitor visit, void *context);

#endif
