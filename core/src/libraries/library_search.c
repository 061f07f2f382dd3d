#include "libraries/library_search.h"
#include "arkffi/alloc.h"
#include "arkffi/open_flags.h"
#include "os/files.h"
#include "os/loader.h"
#include "os/paths.h"
#include <stdio.h>
#include <string.h>

/* Whether a path is in the list already: a folder may be named twice. */
static bool search_was_tried(const ark__library_search *log, const char *path) {
  size_t length = strlen(path);
  for (const char *at = log->tried; (at = strstr(at, path)); at += length) {
    bool begins = at == log->tried || at[-1] == ' ';
    if (begins && (at[length] == ',' || !at[length])) return true;
  }
  return false;
}

static void search_note_tried(ark__library_search *log, const char *path) {
  if (search_was_tried(log, path)) return;
  size_t room = sizeof log->tried - log->tried_length;
  int length = snprintf(log->tried + log->tried_length, room, "%s%s", log->tried_length ? ", " : "", path);
  if (length >= 0 && (size_t)length < room) {
    log->tried_length += (size_t)length;
  } else {
    /* A path that does not fit is left out as a whole: a cut might split a character. */
    log->tried[log->tried_length] = '\0';
  }
}

/* If the missing library is not the file itself, it is one that the file needs. */
static void search_name_missing(ark__library_search *log, const char *path) {
  char named[sizeof log->reason / 2];
  if (!ark__module_find_missing(path, log->reason, named, sizeof named)) return;
  snprintf(log->reason, sizeof log->reason, "it needs the library %s, which is not found", named);
}

/* Whether a library has to be opened deep, so that its own functions are called. Its file is looked for and read only
 * if it decides that: not if the flags do, and not if the library is loaded, because how it was opened first cannot be
 * changed. */
static bool search_needs_deep(ark__library_search *log, const char *name) {
  char found[sizeof log->reason];
  const char *path = name;
  log->replaced[0] = '\0';
  if (log->flags & (ARK_OPEN_DEEP | ARK_OPEN_SHALLOW) || ark__module_is_loaded(name)) return false;
  if (!ark__name_is_path(name)) {
    log->out_of_memory = !ark__find_loadable(name, found, sizeof found);
    path = found;
  }
  if (!*path || log->out_of_memory) return false;
  log->out_of_memory = !ark__find_replaced(path, log->replaced, sizeof log->replaced);
  if (!log->replaced[0] || !ark__can_open_deep()) return false;
  log->replaced[0] = '\0';
  return true;
}

/* Opens what the loader finds by a name or path, or the process for NULL. */
static void *search_open_module(ark__library_search *log, const char *name) {
  unsigned flags = log->flags & ~(unsigned)ARK_OPEN_SHALLOW;
  if (name && search_needs_deep(log, name)) flags |= ARK_OPEN_DEEP;
  if (log->out_of_memory) return NULL;
  return ark__module_open(name, flags, log->reason, sizeof log->reason);
}

/* Opens the file at a path. */
static void *search_open_file(ark__library_search *log, const char *path) {
  void *module = ark__file_is_unfit(path) ? NULL : search_open_module(log, path);
  if (!module && !ark__file_explain(path, log->reason, sizeof log->reason) && ark__file_exists(path)) {
    search_name_missing(log, path);
  }
  return module;
}

/* Looks in one folder. Returns NULL with *found set if the file exists but the loader refuses it. */
static void *search_open_in_folder(const char *folder, size_t length, const char *name, ark__library_search *log,
                                   bool *found) {
  size_t size = length + strlen(name) + 2;
  char *path = ark_alloc(size, 1);
  if (!path) {
    log->out_of_memory = true;
    return NULL;
  }
  snprintf(path, size, "%.*s%c%s", (int)length, folder, ark__folder_separator, name);
  void *module = NULL;
  *found = ark__file_exists(path);
  if (*found) module = search_open_file(log, path);
  search_note_tried(log, path);
  ark_free(path);
  return module;
}

static void *search_open_beyond_loader(const char *name, const char *search, const char *beside,
                                       ark__library_search *log) {
  bool found = false;
  void *module = NULL;
  while (search && *search && !module && !found && !log->out_of_memory) {
    size_t length = ark__list_first(search);
    if (length) module = search_open_in_folder(search, length, name, log, &found);
    search += length + (search[length] != '\0');
  }
  if (module || found || log->out_of_memory || !beside) return module;
  return search_open_in_folder(beside, strlen(beside), name, log, &found);
}

static void search_note(ark__library_search *log, const char *before, const char *path, const char *after) {
  size_t length = strlen(log->reason);
  int added = snprintf(log->reason + length, sizeof log->reason - length, "%s%s%s", before, path, after);
  if (added < 0 || (size_t)added >= sizeof log->reason - length) log->reason[length] = '\0';
}

void *ark__library_search_open(ark__library_search *log, const char *name, const char *search, const char *beside) {
  char path[sizeof log->reason];
  if (!name) return search_open_module(log, NULL);
  if (ark__name_is_path(name)) {
    void *module = search_open_file(log, name);
    if (!module && !ark__path_is_absolute(name) && ark__file_absolute(name, path, sizeof path)) {
      search_note(log, "; its absolute path is ", path, "");
    }
    return module;
  }
  void *module = search_open_module(log, name);
  if (!module && !log->out_of_memory) module = search_open_beyond_loader(name, search, beside, log);
  if (!module && ark__file_exists(name)) search_note(log, "; there is such a file here: write './", name, "'");
  return module;
}
