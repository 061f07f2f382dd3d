#include "arkffi/library.h"
#include "arkffi/alloc.h"
#include "arkffi/suggest.h"
#include "libraries/library_search.h"
#include "libraries/open_mappings.h"
#include "os/loader.h"
#include "os/paths.h"
#include <stdio.h>
#include <string.h>

struct ark_library {
  ark_mapping *mapping;
  char *name; /* owned, for messages; NULL for the process */
  char replaced[sizeof((ark__library_search *)0)->replaced];
};

ark_status ark_library_open(const char *name, unsigned flags, const char *search, const char *beside, ark_library **out,
                            ark_error *error) {
  if (name && !*name) return ark_fail(error, ARK_LIBRARY_NOT_FOUND, "a library's name is empty");
  if (flags & ark__unknown_flags) {
    return ark_fail(error, ARK_NOT_SUPPORTED, "this system's loader cannot let a library's own symbols go first");
  }
  ark_library *library = ark_alloc(1, sizeof *library);
  char *copy = name ? ark_copy_text(name, strlen(name)) : NULL;
  if (!library || (name && !copy)) {
    ark_free(library);
    ark_free(copy);
    return ark_fail_memory(error);
  }

  ark__library_search log = {.flags = flags};
  void *module = ark__library_search_open(&log, name, search, beside);
  library->mapping = module ? ark__mapping_open(module) : NULL;
  if (!library->mapping) {
    ark_free(library);
    ark_free(copy);
    if (module || log.out_of_memory) return ark_fail_memory(error);
    return ark_fail(error, ARK_LIBRARY_NOT_FOUND, "cannot load '%s': %s%s%s", name, log.reason,
                    log.tried_length ? "; also tried " : "", log.tried);
  }
  library->name = copy;
  memcpy(library->replaced, log.replaced, sizeof library->replaced);
  *out = library;
  return ARK_OK;
}

void ark_library_close(ark_library *library) {
  if (!library) return;
  ark__mapping_close(library->mapping);
  ark_library_abandon(library);
}

void ark_library_abandon(ark_library *library) {
  if (!library) return;
  ark_free(library->name);
  ark_free(library);
}

ark_mapping *ark_library_mapping(const ark_library *library) {
  return library->mapping;
}

const char *ark_library_replaced(const ark_library *library) {
  return library->replaced[0] ? library->replaced : NULL;
}

/* A search for what may have been meant by a name that is not exported. */
typedef struct near_symbol {
  ark_suggestion near;
  char prefix[ARK_SUGGEST_LENGTH + 32];     /* how C++ compilers begin the name of such a function */
  char mangled[4 * ARK_SUGGEST_LENGTH + 1]; /* the name of one; empty while there is none */
} near_symbol;

static void library_offer_symbol(void *context, const char *name, bool is_function) {
  near_symbol *sought = context;
  ark_suggest_offer(&sought->near, name);
  if (!is_function || sought->mangled[0] || !sought->prefix[0] || strlen(name) >= sizeof sought->mangled) return;
  if (strncmp(name, sought->prefix, strlen(sought->prefix)) == 0) memcpy(sought->mangled, name, strlen(name) + 1);
}

static const char *library_called(const ark_library *library) {
  return library->name ? library->name : "the running process";
}

ark_status ark_library_symbol(const ark_library *library, const char *name, void **out, ark_error *error) {
  *out = ark__module_symbol(ark__mapping_module(library->mapping), name);
  if (*out) return ARK_OK;
  near_symbol sought = {.near = {0}};
  ark_suggest_start(&sought.near, name);
  if (strlen(name) <= ARK_SUGGEST_LENGTH) {
    snprintf(sought.prefix, sizeof sought.prefix, "_Z%zu%s", strlen(name), name);
  }
  ark__module_each_symbol(ark__mapping_module(library->mapping), !library->name, library_offer_symbol, &sought);
  const char *where = library_called(library);
  if (sought.mangled[0]) {
    return ark_fail(error, ARK_SYMBOL_NOT_FOUND,
                    "%s: not exported by %s; it exports the C++ function %s: declare it extern \"C\" there", name,
                    where, sought.mangled);
  }
  const char *near = sought.near.found;
  if (!near[0]) return ark_fail(error, ARK_SYMBOL_NOT_FOUND, "%s: not exported by %s", name, where);
  return ark_fail(error, ARK_SYMBOL_NOT_FOUND, "%s: not exported by %s; did you mean '%s'?", name, where, near);
}

ark_status ark_library_function(const ark_library *library, const char *name, void **out, ark_error *error) {
  ark_status status = ark_library_symbol(library, name, out, error);
  if (status || !ark__part_at(*out).is_data) return status;
  return ark_fail(error, ARK_BAD_SIGNATURE, "%s: it is a variable of %s, not a function: its definition needs a type",
                  name, library_called(library));
}

ark_status ark_library_variable(const ark_library *library, const char *name, void **out, ark_error *error) {
  ark_status status = ark_library_symbol(library, name, out, error);
  if (status || !ark__is_function(name, *out)) return status;
  return ark_fail(error, ARK_BAD_SIGNATURE,
                  "%s: it is a function of %s, not a variable: its definition needs args and returns instead of a type",
                  name, library_called(library));
}

/* Whether there is a function. Most functions of a library are in one part of it, which is remembered, because looking
 * one up takes longer than the search by name. */
static bool library_has_function(const ark_library *library, const char *name, ark__part *last) {
  const void *address = ark__module_symbol(ark__mapping_module(library->mapping), name);
  if (!address) return false;
  if ((uintptr_t)address - last->start >= last->size) *last = ark__part_at(address);
  return !last->is_data;
}

bool ark_library_has_functions(const ark_library *library, char *names, size_t count) {
  ark__part last = {0};
  for (char *name = names, *next; name; name = next) {
    char *end = strchr(name, '\n');
    next = end ? end + 1 : NULL;
    if (end) *end = '\0';
    if (!count-- || (*name && !library_has_function(library, name, &last))) return false;
  }
  return !count;
}

typedef struct listing {
  char *text;
  size_t length, room;
  bool out_of_memory;
} listing;

/* Copies the name, because it is unmapped with its library, which another thread may close at any time. */
static void library_list_symbol(void *context, const char *name, bool is_function) {
  listing *list = context;
  size_t needed = list->length + strlen(name) + 3; /* the letter, the NUL, and the one at the end of all */
  if (needed > list->room) {
    char *larger = ark_resize(list->text, 2 * needed);
    if (!larger) {
      list->out_of_memory = true;
      return;
    }
    list->text = larger;
    list->room = 2 * needed;
  }
  list->text[list->length] = is_function ? 'f' : 'd';
  memcpy(list->text + list->length + 1, name, needed - list->length - 2);
  list->length = needed - 1;
}

ark_status ark_library_list(const ark_library *library, char **out, ark_error *error) {
  listing list = {.text = ark_alloc(1, 1), .room = 1};
  if (!list.text) return ark_fail_memory(error);
  ark__module_each_symbol(ark__mapping_module(library->mapping), !library->name, library_list_symbol, &list);
  if (list.out_of_memory) {
    ark_free(list.text);
    return ark_fail_memory(error);
  }
  list.text[list.length] = '\0';
  *out = list.text;
  return ARK_OK;
}

void *ark_process_symbol(const char *name) {
  return ark__process_symbol(name);
}

char *ark_path_of(const void *address) {
  return ark__path_of(address);
}

char *ark_file_of(const void *address) {
  char *path = ark__path_of(address);
  if (!path) return NULL;
  const char *name = ark__path_name(path);
  memmove(path, name, strlen(name) + 1);
  return path;
}

char *ark_folder_of(const void *address) {
  char *path = ark__path_of(address);
  const char *name = path ? ark__path_name(path) : NULL;
  if (name == path) {
    ark_free(path);
    return NULL;
  }
  path[name - path - 1] = '\0';
  return path;
}
