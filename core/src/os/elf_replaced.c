/* Which functions of a library the program replaces.
 *
 * The loader looks a name up in the program first, also when a library calls its own function of that name. So a
 * library that the program contains as well, as Node.js contains zlib, OpenSSL and libuv, is mixed with the program's
 * copy. The tables of the library's file, and of what it needs, tell it before any of its code runs. */
#include "arkffi/alloc.h"
#include "arkffi/open_flags.h"
#include "os/elf_file.h"
#include "os/files.h"
#include "os/loader.h"

#if ARK__ELF
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A library that would be loaded, or one that is loaded already. */
typedef struct replaced_object {
  char *path;   /* owned; NULL for a loaded one */
  void *module; /* the loader's handle of a loaded one */
  ark__elf_file file;
} replaced_object;

typedef struct replaced_search {
  ark__elf_tables program, c_library;
  replaced_object *objects; /* the library, then what it needs, then what those need */
  size_t count, room;
  bool lacks_memory;
} replaced_search;

/* An address inside the C library. Not that of a function, which may be the address of a stub in the program. */
static const void *replaced_place_in_c_library(void) {
  return stderr;
}

/* Reads the program, which is the first object, and the C library. */
static int replaced_read_tables(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  replaced_search *search = data;
  if (!search->program.symbols) return !ark__elf_tables_of(object, &search->program);
  bool is_c_library = ark__elf_segment_at(object, replaced_place_in_c_library());
  return is_c_library && ark__elf_tables_of(object, &search->c_library);
}

/* Makes room for one more. False when out of memory. */
static bool replaced_grow(replaced_search *search) {
  if (search->count < search->room) return true;
  size_t room = search->room ? 2 * search->room : 16;
  replaced_object *larger = ark_resize(search->objects, room * sizeof *larger);
  if (!larger) return false;
  search->objects = larger;
  search->room = room;
  return true;
}

static void replaced_close_object(replaced_object *object) {
  if (object->module) {
    dlclose(object->module);
  } else {
    ark__elf_file_close(&object->file);
  }
  ark_free(object->path);
}

static bool replaced_has(const replaced_search *search, const replaced_object *wanted) {
  for (size_t i = 0; i < search->count; i++) {
    const replaced_object *object = &search->objects[i];
    if (wanted->module ? object->module == wanted->module : object->path && strcmp(object->path, wanted->path) == 0) {
      return true;
    }
  }
  return false;
}

/* Adds an object that is not there yet, or closes it. */
static void replaced_add(replaced_search *search, replaced_object object) {
  bool is_new = !replaced_has(search, &object);
  if (is_new && replaced_grow(search)) {
    search->objects[search->count++] = object;
    return;
  }
  search->lacks_memory |= is_new;
  replaced_close_object(&object);
}

/* Adds the library at a path. */
static void replaced_add_file(replaced_search *search, const char *path) {
  replaced_object object = {.path = ark_copy_text(path, strlen(path))};
  search->lacks_memory |= !object.path;
  if (object.path && ark__elf_file_open(path, &object.file)) {
    replaced_add(search, object);
  } else {
    ark_free(object.path);
  }
}

/* Looks in the folders of a run path, in which $ORIGIN is the folder of the library that has it. */
static bool replaced_find_in_run_path(const char *run_path, const char *origin, const char *name, char *out,
                                      size_t size) {
  static const char *const words[] = {"$ORIGIN", "${ORIGIN}"};
  const char *slash = strrchr(origin, '/');
  for (const char *at = run_path; at && *at;) {
    size_t length = strcspn(at, ":"), word = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
      if (strncmp(at, words[i], strlen(words[i])) == 0) word = strlen(words[i]);
    }
    int folder = word && slash ? (int)(slash - origin) : 0;
    int written = snprintf(out, size, "%.*s%.*s/%s", folder, origin, (int)(length - word), at + word, name);
    if (written > 0 && (size_t)written < size && ark__file_exists(out)) return true;
    at += length + (at[length] == ':');
  }
  return false;
}

/* Adds a library that the one at `origin` needs. */
static void replaced_add_needed(replaced_search *search, const ark__elf_file *by, const char *origin,
                                const char *name) {
  char path[PATH_MAX];
  void *module = dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
  if (module) {
    replaced_add(search, (replaced_object){.module = module});
    return;
  }
  const char *run_path = ark__elf_file_text_of(by, DT_RUNPATH);
  if (!run_path) run_path = ark__elf_file_text_of(by, DT_RPATH);
  if (strchr(name, '/')) {
    replaced_add_file(search, name);
  } else {
    bool is_found = replaced_find_in_run_path(run_path, origin, name, path, sizeof path);
    if (!is_found) search->lacks_memory |= !ark__find_loadable(name, path, sizeof path);
    if (*path) replaced_add_file(search, path);
  }
}

/* Adds what the object at `index` needs. */
static void replaced_add_all_needed(replaced_search *search, size_t index) {
  const ark__elf_file file = search->objects[index].file; /* a copy, because the array of objects grows */
  const char *origin = search->objects[index].path;
  if (search->objects[index].module) return; /* what a loaded library needs is loaded as well */
  for (size_t i = 0; i < file.dynamic_count && file.dynamic[i].d_tag != DT_NULL; i++) {
    if (file.dynamic[i].d_tag != DT_NEEDED) continue;
    const char *name = ark__elf_file_text(&file, file.dynamic[i].d_un.d_val);
    if (name) replaced_add_needed(search, &file, origin, name);
  }
}

/* Whether a program means its function of that name for all libraries: one of the C library, such as malloc, or C++'s
 * operator new and delete. */
static bool replaced_on_purpose(const replaced_search *search, const char *name) {
  static const char *const operators[] = {"_Znw", "_Zna", "_Zdl", "_Zda"};
  for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
    if (strncmp(name, operators[i], strlen(operators[i])) == 0) return true;
  }
  return ark__elf_find(&search->c_library, name) != 0;
}

/* Weak functions do not count: C++ makes inline functions and templates weak, so that all objects share one copy. */
static bool replaced_is_own(const ark__elf_tables *tables, size_t index) {
  return ark__elf_is_exported(tables, index) && ark__elf_is_function(tables, index) &&
         ark__elf_is_strong(tables, index);
}

static bool replaced_by_program(const replaced_search *search, const char *name) {
  size_t index = ark__elf_find(&search->program, name);
  return index && replaced_is_own(&search->program, index) && !replaced_on_purpose(search, name);
}

/* Whether some object other than the program has a function of that name. */
static bool replaced_is_elsewhere(const replaced_search *search, const char *name) {
  for (size_t i = 0; i < search->count; i++) {
    const replaced_object *object = &search->objects[i];
    if (object->module) {
      if (dlsym(object->module, name)) return true;
    } else {
      size_t index = ark__elf_find(&object->file.tables, name);
      if (index && replaced_is_own(&object->file.tables, index)) return true;
    }
  }
  return false;
}

/* The name of a function that an object calls, or takes the address of, and gets from the program instead of from
 * itself or another library; NULL when there is none. */
static const char *replaced_in(const replaced_search *search, const ark__elf_file *file) {
  const ark__elf_tables *tables = &file->tables;
  bool is_symbolic = ark__elf_file_is_symbolic(file);
  for (size_t table = 0; table < 2; table++) {
    const ark__elf_relocations *read = &file->relocations[table];
    for (size_t i = 0; i < read->count; i++) {
      size_t index = ELF64_R_SYM(read->at[i].r_info);
      if (!index || index >= tables->count) continue;
      const char *name = tables->strings + tables->symbols[index].st_name;
      bool is_imported = tables->symbols[index].st_shndx == SHN_UNDEF;
      if (!is_imported && (is_symbolic || !replaced_is_own(tables, index))) continue;
      if (!replaced_by_program(search, name)) continue;
      if (!is_imported || replaced_is_elsewhere(search, name)) return name;
    }
  }
  return NULL;
}

/* Reads the library at a path, and all that it needs. */
static const char *replaced_look(replaced_search *search, const char *path) {
  const char *name = NULL;
  replaced_add_file(search, path);
  for (size_t i = 0; i < search->count; i++) replaced_add_all_needed(search, i);
  for (size_t i = 0; i < search->count && !name; i++) {
    if (!search->objects[i].module) name = replaced_in(search, &search->objects[i].file);
  }
  return name;
}

bool ark__find_replaced(const char *path, char *name, size_t size) {
  replaced_search search = {.count = 0};
  *name = '\0';
  dl_iterate_phdr(replaced_read_tables, &search);
  /* A program that has all of its C library inside shares no names with its libraries. */
  const char *found = search.c_library.symbols ? replaced_look(&search, path) : NULL;
  if (found) snprintf(name, size, "%s", found);
  for (size_t i = 0; i < search.count; i++) replaced_close_object(&search.objects[i]);
  ark_free(search.objects);
  return !search.lacks_memory;
}

/* Ends the walk at the C library, or at an object before it that has a malloc of its own. The loader lists the objects
 * in the order in which it looks names up: the program, what is preloaded, and what the program needs. */
static int replaced_look_for_malloc(struct dl_phdr_info *object, size_t size, void *data) {
  (void)size;
  bool *is_replaced = data;
  ark__elf_tables tables;
  if (ark__elf_segment_at(object, replaced_place_in_c_library())) return 1;
  *is_replaced = ark__elf_tables_of(object, &tables) && ark__elf_find(&tables, "malloc");
  return *is_replaced;
}

bool ark__can_open_deep(void) {
  bool is_replaced = false;
  if (ark__unknown_flags & ARK_OPEN_DEEP) return false;
  dl_iterate_phdr(replaced_look_for_malloc, &is_replaced);
  return !is_replaced;
}
#endif
