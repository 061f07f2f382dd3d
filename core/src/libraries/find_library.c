#include "arkffi/find_library.h"
#include "arkffi/alloc.h"
#include "os/files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the name of a file says of the version of a library: "-2.1" and ".7" in "libevent-2.1.so.7". Each is "" where
 * the name has none; the first one is followed by ".so", and the second one ends the name. */
typedef struct found_version {
  const char *release, *abi;
} found_version;

/* One search for a library, and what it has found. */
typedef struct sought {
  const char *name; /* without "lib" and ".so" */
  size_t length;
  char *best;           /* the best file name so far; owned */
  found_version chosen; /* of the best one, in its text */
  bool out_of_memory;
} sought;

/* Skips a version, numbers that each have a dot before them, or `first` before the first one. NULL where a number is
 * missing. */
static const char *find_skip_version(const char *at, char first) {
  for (char before = first; *at == before && !(before == '.' && strncmp(at, ".so", 3) == 0); before = '.') {
    size_t digits = strspn(++at, "0123456789");
    if (!digits) return NULL;
    at += digits;
  }
  return at;
}

/* Whether a file is a version of the library, and which one. */
static bool find_version_in(const sought *wanted, const char *file, found_version *out) {
  if (strncmp(file, "lib", 3) != 0 || strncmp(file + 3, wanted->name, wanted->length) != 0) return false;
  const char *release = file + 3 + wanted->length, *rest = find_skip_version(release, '-');
  if (!rest || strncmp(rest, ".so", 3) != 0) return false;
  *out = (found_version){rest == release ? "" : release, rest + 3};
  rest = find_skip_version(out->abi, '.');
  return rest && !*rest;
}

/* Compares two versions of the same kind, number by number: which one is higher, or has more numbers. */
static int find_compare(const char *version, const char *than) {
  bool has_more = false, has_less = false;
  while (!has_more && !has_less) {
    unsigned long mine = strtoul(version + 1, (char **)&version, 10);
    unsigned long other = strtoul(than + 1, (char **)&than, 10);
    if (mine != other) return mine > other ? 1 : -1;
    bool mine_ends = *version != '.' || strncmp(version, ".so", 3) == 0;
    bool other_ends = *than != '.' || strncmp(than, ".so", 3) == 0;
    if (mine_ends && other_ends) return 0;
    has_more = other_ends, has_less = mine_ends;
  }
  return has_more ? 1 : -1;
}

/* Whether one version is preferred to another. A file that has the version of its ABI, or at least of its release, is
 * preferred to one without any, which is for compilers and may not be a library. A name without a release is preferred
 * to one with it; then the higher release; then the higher version of the ABI, and "1", which is the ABI's, to that of
 * a release of it, "1.2.13". */
static bool find_is_better(found_version version, found_version than) {
  int mine = *version.abi ? 2 : *version.release ? 1 : 0, other = *than.abi ? 2 : *than.release ? 1 : 0;
  if (mine != other) return mine > other;
  if (!*version.release != !*than.release) return !*version.release;
  int order = *version.release ? find_compare(version.release, than.release) : 0;
  if (order) return order > 0;
  if (!*version.abi) return false;
  const char *a = version.abi, *b = than.abi;
  size_t shorter = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
  bool begins_same =
      strncmp(a, b, shorter) == 0 && (!a[shorter] || a[shorter] == '.') && (!b[shorter] || b[shorter] == '.');
  return begins_same ? strlen(a) < strlen(b) : find_compare(a, b) > 0;
}

static void find_offer_file(void *context, const char *file, const char *path) {
  sought *wanted = context;
  found_version version;
  if (!find_version_in(wanted, file, &version)) return;
  if (wanted->best && !find_is_better(version, wanted->chosen)) return;
  if (!ark__file_is_library(path)) return;
  char *copy = ark_copy_text(file, strlen(file));
  if (!copy) {
    wanted->out_of_memory = true;
    return;
  }
  ark_free(wanted->best);
  wanted->best = copy;
  find_version_in(wanted, copy, &wanted->chosen);
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

/* Looks in all places for a name of `length` bytes. */
static sought find_search(const char *name, size_t length, const char *search, const char *beside) {
  sought wanted = {.name = name, .length = length};
  if (!ark__each_loadable(find_offer_file, &wanted)) wanted.out_of_memory = true;
  for (const char *at = search; at && *at && !wanted.best;) {
    size_t folder = strcspn(at, ":");
    if (folder) find_look_in(&wanted, at, folder);
    at += folder + (at[folder] == ':');
  }
  if (beside && !wanted.best) find_look_in(&wanted, beside, strlen(beside));
  return wanted;
}

/* The name inside a path or file name, "m" in "/lib/libm.so.6", and its length; the whole name for any other. */
static const char *find_name_in(const char *name, size_t *length) {
  const char *slash = strrchr(name, '/'), *file = slash ? slash + 1 : name;
  const char *start = strncmp(file, "lib", 3) == 0 ? file + 3 : file, *end = strstr(start, ".so");
  *length = end ? (size_t)(end - start) : strlen(start);
  return start;
}

ark_status ark_find_library(const char *name, const char *search, const char *beside, char **out, ark_error *error) {
  sought wanted = find_search(name, strlen(name), search, beside);
  size_t inner_length;
  const char *inner = find_name_in(name, &inner_length);
  bool is_file_name = !wanted.best && inner_length && inner_length < strlen(name);
  sought meant = is_file_name ? find_search(inner, inner_length, search, beside) : (sought){0};
  bool has_hint = meant.best != NULL;
  ark_free(meant.best);
  if (wanted.out_of_memory || meant.out_of_memory) {
    ark_free(wanted.best);
    return ark_fail_memory(error);
  }
  *out = wanted.best;
  if (*out) return ARK_OK;
  return ark_fail(
      error, ARK_LIBRARY_NOT_FOUND,
      "no library '%s': looked for lib%s.so and versions of it in the loader's folders and cache%s%s%s%s%s%.*s%s", name,
      name, search && *search ? ", " : "", search ? search : "", beside ? ", " : "", beside ? beside : "",
      has_hint ? "; did you mean '" : "", has_hint ? (int)inner_length : 0, inner, has_hint ? "'?" : "");
}
