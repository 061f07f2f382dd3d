/* Opens the shared object of a library by its name.
 *
 * Thread rule: any thread; a search belongs to one.
 */
#ifndef ARK__LIBRARY_SEARCH_H
#define ARK__LIBRARY_SEARCH_H

#include "arkffi/error.h"
#include <stdbool.h>
#include <stddef.h>

/* What one search found out; all zero at first, but for `flags`. */
typedef struct ark__library_search {
  unsigned flags;                  /* ark_open_flags */
  char reason[ARK_ERROR_SIZE / 2]; /* after a failure: what the loader said, or what the file is */
  char tried[ARK_ERROR_SIZE / 2];  /* after a failure: the paths that were tried besides, separated by commas */
  size_t tried_length;
  char replaced[128]; /* after a success: as ark_library_replaced; empty for none */
  bool out_of_memory;
} ark__library_search;

/* Looks for a library as ark_library_open does. Returns the loader's handle, which the caller owns, or NULL. */
void *ark__library_search_open(ark__library_search *log, const char *name, const char *search, const char *beside);

#endif
