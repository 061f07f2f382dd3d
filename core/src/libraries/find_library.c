#include "arkffi/find_library.h"
#include "arkffi/alloc.h"
#include "os/files.h"
#include "os/library_names.h"
#include "os/paths.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One search for a library, and what it has found. */
typedef struct sought {
  const char *name; /* "m" for "libm.so.6" */
  size_t length;
  char *best;               /* the best file name so far; owned */
  ark__file_version chosen; /* of the best one, in its text */
  bool out_of_memory;
} sought;

/* Compares two versions of the same kind, number by number: which one is higher, or has more numbers. */
static int find_compare(ark__name_part version, ark__name_part than) {
  const char *at = version.text, *end = at + version.length, *other_at = than.text, *other_end = other_at + than.length;
  while (at < end && other_at < other_end) {
    unsigned long mine = strtoul(at + 1, (char **)&at, 10), other = strtoul(other_at + 1, (char **)&other_at, 10);
    if (mine != other) return mine > other ? 1 : -1;
  }
  return (at < end) - (other_at < other_end);
}

/* Whether the shorter one of two versions is the beginning of the other one, up to a whole number. */
static bool find_begins_same(ark__name_part version, ark__name_part than) {
  size_t shorter = version.length < than.length ? version.length : than.length;
  ark__name_part longer = version.length < than.length ? than : version;
  return strncmp(version.text, than.text, shorter) == 0 && (longer.length == shorter || longer.text[shorter] == '.');
}

/* How likely a version is that of a library and not of a file for compilers. */
static int find_rank(ark__file_version version) {
  if (!ark__library_plain_is_for_compilers) return 0;
  return version.abi.length ? 2 : version.release.length ? 1 : 0;
}

/* Whether one version is preferred to another. A file that has the version of its ABI, or at least of its release, is
 * preferred to one without any where that may be for compilers only. A name without a release is preferred to one with
 * it; then the higher release; then the higher version of the ABI, and "1", which is the ABI's, to that of a release of
 * it, "1.2.13". */
static bool find_is_better(ark__file_version version, ark__file_version than) {
  int mine = find_rank(version), other = find_rank(than);
  if (mine != other) return mine > other;
  if (!version.release.length != !than.release.length) return !version.release.length;
  int order = find_compare(version.release, than.release);
  if (order) return order > 0;
  if (find_begins_same(version.abi, than.abi)) return version.abi.length < than.abi.length;
  return find_compare(version.abi, than.abi) > 0;
}

static void find_offer_file(void *context, const char *file, const char *path) {
  sought *wanted = context;
  ark__file_version version;
  if (!ark__library_name_matches(file, wanted->name, wanted->length, &version)) return;
  if (wanted->best && !find_is_better(version, wanted->chosen)) return;
  if (!ark__file_is_library(path)) return;
  char *copy = ark_copy_text(file, strlen(file));
  if (!copy) {
    wanted->out_of_memory = true;
    return;
  }
  ark_free(wanted->best);
  wanted->best = copy;
  ark__library_name_matches(copy, wanted->name, wanted->length, &wanted->chosen);
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
    size_t folder = ark__list_first(at);
    if (folder) find_look_in(&wanted, at, folder);
    at += folder + (at[folder] != '\0');
  }
  if (beside && !wanted.best) find_look_in(&wanted, beside, strlen(beside));
  return wanted;
}

ark_status ark_find_library(const char *name, const char *search, const char *beside, char **out, ark_error *error) {
  sought wanted = find_search(name, strlen(name), search, beside);
  ark__name_part inner = ark__library_name_in(ark__path_name(name));
  bool is_file_name = !wanted.best && inner.length && inner.length < strlen(name);
  sought meant = is_file_name ? find_search(inner.text, inner.length, search, beside) : (sought){0};
  bool has_hint = meant.best != NULL;
  ark_free(meant.best);
  if (wanted.out_of_memory || meant.out_of_memory) {
    ark_free(wanted.best);
    return ark_fail_memory(error);
  }
  *out = wanted.best;
  if (*out) return ARK_OK;
  return ark_fail(error, ARK_LIBRARY_NOT_FOUND,
                  "no library '%s': looked for %s%s%s and versions of it in the loader's folders%s%s%s%s%s%.*s%s", name,
                  ark__library_prefix, name, ark__library_suffix, search && *search ? ", " : "", search ? search : "",
                  beside ? ", " : "", beside ? beside : "", has_hint ? "; did you mean '" : "",
                  has_hint ? (int)inner.length : 0, inner.text, has_hint ? "'?" : "");
}

enum { FIND_LONGEST_MEANT = 64 }; /* bytes; libraries have shorter names */

char *ark_find_meant_library(const char *name, const char *search, const char *beside) {
  if (ark__name_is_path(name) || strlen(name) > FIND_LONGEST_MEANT) return NULL;
  ark__name_part inner = ark__library_name_in(name);
  if (!inner.length) return NULL;
  sought meant = find_search(inner.text, inner.length, search, beside);
  if (meant.best && strcmp(meant.best, name) != 0) return meant.best;
  ark_free(meant.best);
  return NULL;
}
