#include "arkffi/library.h"
#include "arkffi/alloc.h"
#include "platform/platform.h"
#include "arkffi/suggest.h"
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

struct ark_image {
  void *module;
  const void *base;
  _Atomic uint32_t opens;      /* libraries open on it */
  _Atomic uint32_t uses;       /* those, and holds; the mapping ends with the last */
  _Atomic uint32_t references; /* those, and referrers; the structure ends with the last */
  ark_image *next;             /* in the list of open images */
};

struct ark_library {
  ark_image *image;
  char *name; /* for messages; NULL for the process */
};

/* Images with at least one open library. Shared by all threads, under the process lock. */
static ark_image *open_images;

/* Must be called under the process lock. */
static ark_image *find_image(const void *base) {
  ark_image *image = open_images;
  while (image && image->base != base) image = image->next;
  return image;
}

/* The image of `module`, opened once more. Takes over the module in every case. */
static ark_image *open_image(void *module) {
  const void *base = ark__module_base(module);
  ark_image *created = ark_alloc(1, sizeof *created);
  ark__process_enter();
  ark_image *image = find_image(base ? base : module);
  if (!image && created) {
    image = created;
    image->module = module;
    image->base = base ? base : module;
    image->next = open_images;
    open_images = image;
  }
  if (image) {
    image->opens++;
    image->uses++;
    image->references++;
  }
  ark__process_leave();

  /* One image needs one of the loader's handles. */
  if (image != created) ark_free(created);
  if (!image || image != created) ark__module_close(module);
  return image;
}

static void close_image(ark_image *image) {
  ark__process_enter();
  if (--image->opens == 0) {
    ark_image **link = &open_images;
    while (*link != image) link = &(*link)->next;
    *link = image->next;
  }
  ark__process_leave();
  ark_image_drop(image);
}

ark_image *ark_image_at(const void *address) {
  const void *base = ark__base_of(address);
  if (!base) return NULL;
  ark__process_enter();
  ark_image *image = find_image(base);
  if (image) image->references++;
  ark__process_leave();
  return image;
}

void ark_image_refer(ark_image *image) {
  image->references++;
}

void ark_image_release(ark_image *image) {
  if (image && --image->references == 0) ark_free(image);
}

bool ark_image_is_open(const ark_image *image) {
  return image->opens > 0;
}

bool ark_image_hold(ark_image *image) {
  if (!ark_image_is_open(image)) return false;
  /* Another thread may close the last library just now: what has gone to zero must not come back. */
  uint32_t uses = image->uses;
  do {
    if (!uses) return false;
  } while (!atomic_compare_exchange_weak(&image->uses, &uses, uses + 1));
  image->references++;
  return true;
}

void ark_image_drop(ark_image *image) {
  if (--image->uses == 0) ark__module_close(image->module);
  ark_image_release(image);
}

/* Words of the loader, and the paths that were tried, for one failed open. */
typedef struct attempt {
  unsigned flags;
  char reason[ARK_ERROR_SIZE / 2];
  char tried[ARK_ERROR_SIZE / 2];
  size_t tried_length;
  bool out_of_memory;
} attempt;

/* Whether a path is in the list already: folders are named twice where one is both searched and beside. */
static bool was_tried(const attempt *log, const char *path) {
  size_t length = strlen(path);
  for (const char *at = log->tried; (at = strstr(at, path)); at += length) {
    bool begins = at == log->tried || at[-1] == ' ';
    if (begins && (at[length] == ',' || !at[length])) return true;
  }
  return false;
}

static void note_tried(attempt *log, const char *path) {
  if (was_tried(log, path)) return;
  size_t room = sizeof log->tried - log->tried_length;
  int length = snprintf(log->tried + log->tried_length, room, "%s%s", log->tried_length ? ", " : "", path);
  if (length >= 0 && (size_t)length < room) {
    log->tried_length += (size_t)length;
  } else {
    /* A path is told whole or not at all: a cut might split a character. */
    log->tried[log->tried_length] = '\0';
  }
}

/* Looks in one folder. NULL with `*found` set when the file is there but the loader refuses it. */
static void *open_in_folder(const char *folder, size_t length, const char *name, attempt *log, bool *found) {
  size_t size = length + strlen(name) + 2;
  char *path = ark_alloc(size, 1);
  if (!path) {
    log->out_of_memory = true;
    return NULL;
  }
  snprintf(path, size, "%.*s/%s", (int)length, folder, name);
  void *module = NULL;
  *found = ark__file_exists(path);
  if (*found) module = ark__module_open(path, log->flags, log->reason, sizeof log->reason);
  note_tried(log, path);
  ark_free(path);
  return module;
}

static void *open_beyond_loader(const char *name, const char *search, const char *beside, attempt *log) {
  bool found = false;
  void *module = NULL;
  while (search && *search && !module && !found && !log->out_of_memory) {
    size_t length = strcspn(search, ":");
    if (length) module = open_in_folder(search, length, name, log, &found);
    search += length + (search[length] == ':');
  }
  if (module || found || log->out_of_memory || !beside) return module;
  return open_in_folder(beside, strlen(beside), name, log, &found);
}

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

  attempt log = {.flags = flags};
  bool is_bare = name && !strchr(name, '/');
  void *module = ark__module_open(name, flags, log.reason, sizeof log.reason);
  if (!module && is_bare) module = open_beyond_loader(name, search, beside, &log);
  library->image = module ? open_image(module) : NULL;
  if (!library->image) {
    ark_free(library);
    ark_free(copy);
    if (module || log.out_of_memory) return ark_fail_memory(error);
    return ark_fail(error, ARK_LIBRARY_NOT_FOUND, "cannot load '%s': %s%s%s", name, log.reason,
                    log.tried_length ? "; also tried " : "", log.tried);
  }
  library->name = copy;
  *out = library;
  return ARK_OK;
}

void ark_library_close(ark_library *library) {
  if (!library) return;
  close_image(library->image);
  ark_library_leave(library);
}

void ark_library_leave(ark_library *library) {
  if (!library) return;
  ark_free(library->name);
  ark_free(library);
}

ark_image *ark_library_image(const ark_library *library) {
  return library->image;
}

static void offer_symbol(void *context, const char *name, bool is_function) {
  (void)is_function;
  ark_suggest_offer(context, name);
}

ark_status ark_library_symbol(const ark_library *library, const char *name, void **out, ark_error *error) {
  *out = ark__module_symbol(library->image->module, name);
  if (*out) return ARK_OK;
  ark_suggestion near;
  ark_suggest_start(&near, name);
  ark__module_each_symbol(library->image->module, !library->name, offer_symbol, &near);
  const char *where = library->name ? library->name : "the running process";
  if (!near.found[0]) return ark_fail(error, ARK_SYMBOL_NOT_FOUND, "%s: not exported by %s", name, where);
  return ark_fail(error, ARK_SYMBOL_NOT_FOUND, "%s: not exported by %s; did you mean '%s'?", name, where, near.found);
}

typedef struct listing {
  char *text;
  size_t length, room;
  bool out_of_memory;
} listing;

/* Copied, because what another thread closes meanwhile takes its names along. */
static void list_symbol(void *context, const char *name, bool is_function) {
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
  ark__module_each_symbol(library->image->module, !library->name, list_symbol, &list);
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

const char *ark_file_of(const void *address) {
  const char *path = ark__path_of(address);
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash ? slash + 1 : path;
}

char *ark_folder_of(const void *address) {
  const char *path = ark__path_of(address);
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash ? ark_copy_text(path, (size_t)(slash - path)) : NULL;
}
