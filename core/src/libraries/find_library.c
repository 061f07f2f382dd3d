#include "arkffi/find_library.h"
#include "arkffi/alloc.h"
#include "arkffi/suggest.h"
#include "os/files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One search for a library, and what it has found. */
typedef struct sought {
  const char *name; /* without "lib" and ".so" */
  size_t length;
  char *best; /* the best file name so far; owned */
  bool out_of_memory;
} sought;

/* Copies the short name of a library for which a file name was given: "m" for "libm.so.6". False for other names. */
static bool find_short_name(const char *name, char *out, size_t size) {
  const char *slash = strrchr(name, '/');
  const char *file = slash ? slash + 1 : name;
  const char *start = strncmp(file, "lib", 3) == 0 ? file + 3 : file;
  const char *suffix = strstr(start, ".so");
  size_t length = suffix ? (size_t)(suffix - start) : strlen(start);
  if (start == file && !suffix && !slash) return false;
  if (!length || length >= size) return false;
  memcpy(out, start, length);
  out[length] = '\0';
  return true;
}

/* What comes after "lib<name>.so" in the name of a file: "", ".6" or ".1.2.13"; NULL for other files. */
static const char *find_version_in(const sought *wanted, const char *file) {
  if (strncmp(file, "lib", 3) != 0 || strncmp(file + 3, wanted->name, wanted->length) != 0) return NULL;
  const char *rest = file + 3 + wanted->length;
  if (strncmp(rest, ".so", 3) != 0) return NULL;
  const char *version = rest + 3;
  for (rest = version; *rest == '.';) {
    size_t digits = strspn(++rest, "0123456789");
    if (!digits) return NULL;
    rest += digits;
  }
  return *rest ? NULL : version;
}

/* Whether one version is preferred to another. A higher one is; the version of an ABI, "1", to that of a release of it,
 * "1.2.13"; and any version to none, because a file without one is for compilers and may not be a library. */
static bool find_is_better(const char *version, const char *than) {
  if (!*version || !*than) return *version != '\0';
  while (*version && *than) {
    unsigned long mine = strtoul(version + 1, (char **)&version, 10);
    unsigned long other = strtoul(than + 1, (char **)&than, 10);
    if (mine != other) return mine > other;
  }
  return !*version && *than;
}

static void find_offer_file(void *context, const char *file, const char *path) {
  sought *wanted = context;
  const char *version = find_version_in(wanted, file);
  if (!version || (wanted->best && !find_is_better(version, find_version_in(wanted, wanted->best)))) return;
  if (!ark__file_is_library(path)) return;
  char *copy = ark_copy_text(file, strlen(file));
  if (!copy) {
    wanted->out_of_memory = true;
    return;
  }
  ark_free(wanted->best);
  wanted->best = copy;
}

static void find_look_in(sought *wanted, const char *folder, size_t length) {
  char *path = ark_copy_text(folder, length);
  if (path) {
    ark__each_file(path, find_offer_file, wanted);
  } else {
    wanted->out_of_memory = true;
  }
  ark_free(path);
}

ark_status ark_find_library(const char *name, const char *search, const char *beside, char **out, ark_error *error) {
  sought wanted = {name, strlen(name), NULL, false};
  if (!ark__each_loadable(find_offer_file, &wanted)) wanted.out_of_memory = true;
  for (const char *at = search; at && *at && !wanted.best;) {
    size_t length = strcspn(at, ":");
    if (length) find_look_in(&wanted, at, length);
    at += length + (at[length] == ':');
  }
  if (beside && !wanted.best) find_look_in(&wanted, beside, strlen(beside));
  if (wanted.out_of_memory) {
    ark_free(wanted.best);
    return ark_fail_memory(error);
  }
  *out = wanted.best;
  if (*out) return ARK_OK;
  char meant[ARK_SUGGEST_LENGTH + 1] = "";
  bool is_file_name = find_short_name(name, meant, sizeof meant);
  return ark_fail(
      error, ARK_LIBRARY_NOT_FOUND,
      "no library '%s': looked for lib%s.so and versions of it in the loader's folders and cache%s%s%s%s%s%s%s", name,
      name, search && *search ? ", " : "", search ? search : "", beside ? ", " : "", beside ? beside : "",
      is_file_name ? "; a short name is '" : "", meant, is_file_name ? "'" : "");
}
