/* Files, as far as finding libraries needs them.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__FILES_H
#define ARK__FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool ark__file_exists(const char *path);

/* Whether a file is a shared object or program for this system and CPU. */
bool ark__file_is_library(const char *path);

/* POSIX: what a path names that is no regular file, as "it is …"; NULL for a regular one, and for nothing. */
const char *ark__file_irregular(const char *path);

/* POSIX: reads the first bytes of a regular file, at most `size`, and sets *length to their number and *file_size to
 * that of the file. False for what is no regular file, and for one that cannot be read. */
bool ark__file_read_start(const char *path, void *out, size_t size, size_t *length, uint64_t *file_size);

/* Describes in `out`, as "it is …", a file that cannot be a library for this system and CPU. False for a file that can
 * be one, or cannot be read. */
bool ark__file_explain(const char *path, char *out, size_t size);

/* Whether a path names something other than a regular file, or a file that is ELF's, but no library for this system and
 * CPU, or that ends before the bytes that the loader would map. Loaders do not check all of it. They wait for ever for
 * the other end of a pipe, or end the process: musl's takes a library for any CPU. What takes the place of the file
 * after this was asked is not known: loaders take no open file, and by another path they would look elsewhere for what
 * a library needs. */
bool ark__file_is_unfit(const char *path);

/* The absolute path of a relative one, without looking whether anything is there. False if it does not fit. */
bool ark__file_absolute(const char *path, char *out, size_t size);

/* Called for each file, with its name and its path; both are valid until it returns. */
typedef void (*ark__file_visitor)(void *context, const char *file, const char *path);

/* Calls `visit` for each file in a folder; for none if it cannot be read. */
void ark__each_file(const char *folder, ark__file_visitor visit, void *context);

/* Called for each folder; true ends the walk. */
typedef bool (*ark__folder_visitor)(void *context, const char *folder);

/* Calls `visit` for each folder of a list, in which they are separated by colons or ends of lines; NULL is an empty
 * list, and a folder that is too long for a path is left out. True when the visitor ended the walk. */
bool ark__each_folder_in(const char *list, ark__folder_visitor visit, void *context);

/* The context of ark__folder_list. */
typedef struct ark__folder_listing {
  ark__file_visitor visit;
  void *context; /* of the visitor of files */
} ark__folder_listing;

/* An ark__folder_visitor: visits each file in the folder, and never ends the walk. */
bool ark__folder_list(void *listing, const char *folder);

/* The context of ark__folder_look_in. */
typedef struct ark__folder_search {
  const char *name;
  char *path; /* where the result goes, of `size` bytes */
  size_t size;
  bool is_found;
} ark__folder_search;

/* An ark__folder_visitor: looks for a library of that name in the folder, and ends the walk when it is there. */
bool ark__folder_look_in(void *search, const char *folder);

/* Writes into `out`, of `size` bytes, the path of the file that the loader would take for a bare name; it is empty when
 * there is none, or it does not fit. False when out of memory. */
bool ark__find_loadable(const char *name, char *out, size_t size);

/* Calls `visit` for each file that the loader finds by its bare name. False when out of memory. */
bool ark__each_loadable(ark__file_visitor visit, void *context);

#endif
