#include "arkffi/suggest.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static char suggest_fold(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t suggest_least(size_t a, size_t b) {
  return a < b ? a : b;
}

/* Edits between two names of at most ARK_SUGGEST_LENGTH characters: insertions, deletions, substitutions and swaps
 * of neighbours (optimal string alignment). Upper and lower case are the same. */
static size_t suggest_distance(const char *left, size_t left_length, const char *right, size_t right_length) {
  size_t rows[3][ARK_SUGGEST_LENGTH + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= right_length; j++) above[j] = j;
  for (size_t i = 1; i <= left_length; i++) {
    row[0] = i;
    for (size_t j = 1; j <= right_length; j++) {
      char a = suggest_fold(left[i - 1]), b = suggest_fold(right[j - 1]);
      row[j] = suggest_least(above[j - 1] + (a != b), suggest_least(above[j], row[j - 1]) + 1);
      if (i > 1 && j > 1 && a == suggest_fold(right[j - 2]) && suggest_fold(left[i - 2]) == b) {
        row[j] = suggest_least(row[j], before[j - 2] + 1);
      }
    }
    size_t *oldest = before;
    before = above;
    above = row;
    row = oldest;
  }
  return above[right_length];
}

void ark_suggest_start(ark_suggestion *suggestion, const char *wanted) {
  suggestion->wanted = wanted;
  suggestion->found[0] = '\0';
  /* One edit in three characters is a typing error; more make another name. */
  size_t tolerance = strlen(wanted) / 3;
  suggestion->distance = (tolerance ? tolerance : 1) + 1;
  suggestion->other_sign = SIZE_MAX;
}

/* Edits between a name and the wanted one, or SIZE_MAX if the found one is more similar. */
static size_t suggest_compare(const ark_suggestion *suggestion, const char *name) {
  size_t wanted_length = strlen(suggestion->wanted), length = strlen(name);
  if (wanted_length > ARK_SUGGEST_LENGTH || length > ARK_SUGGEST_LENGTH) return SIZE_MAX;
  size_t difference = wanted_length > length ? wanted_length - length : length - wanted_length;
  return difference <= suggestion->distance ? suggest_distance(suggestion->wanted, wanted_length, name, length)
                                            : SIZE_MAX;
}

void ark_suggest_offer(ark_suggestion *suggestion, const char *name) {
  size_t distance = suggest_compare(suggestion, name);
  if (distance >= suggestion->distance) return;
  suggestion->distance = distance;
  memcpy(suggestion->found, name, strlen(name) + 1);
}

static const char *suggest_next_digit(const char *at) {
  return at + strcspn(at, "0123456789");
}

/* Whether an 'f' stands before a width, as in f32. */
static bool suggest_is_float(const char *name) {
  const char *digit = suggest_next_digit(name);
  return *digit && digit > name && suggest_fold(digit[-1]) == 'f';
}

/* Whether the numbers in two names of types, which are widths, are the same, and both or neither are of floats. */
static bool suggest_is_same_width(const char *wanted, const char *name) {
  if (suggest_is_float(wanted) != suggest_is_float(name)) return false;
  wanted = suggest_next_digit(wanted);
  name = suggest_next_digit(name);
  while (*wanted && *wanted == *name) {
    wanted = suggest_next_digit(wanted + 1);
    name = suggest_next_digit(name + 1);
  }
  return *wanted == *name;
}

static bool suggest_has_u(const char *name) {
  return strpbrk(name, "uU") != NULL;
}

/* Whether a word of the name begins with 'u', which is the sign. */
static bool suggest_is_unsigned(const char *name) {
  bool is_start = true;
  for (; *name; name++) {
    if (is_start && suggest_fold(*name) == 'u') return true;
    is_start = *name == '_';
  }
  return false;
}

void ark_suggest_offer_type(ark_suggestion *suggestion, const char *name) {
  if (!suggest_is_same_width(suggestion->wanted, name)) return;
  /* A 'u' that has been written may be a sign in the wrong place: iunt32_t is not int32_t. */
  if (suggest_has_u(suggestion->wanted) && !suggest_has_u(name)) return;
  if (suggest_has_u(suggestion->wanted) || !suggest_is_unsigned(name)) {
    ark_suggest_offer(suggestion, name);
    return;
  }
  size_t distance = suggest_compare(suggestion, name);
  if (distance < suggestion->other_sign) suggestion->other_sign = distance;
}

const char *ark_suggest_found_type(const ark_suggestion *suggestion) {
  return suggestion->distance < suggestion->other_sign ? suggestion->found : "";
}
