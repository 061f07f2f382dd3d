#include "arkffi/suggest.h"
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
}

void ark_suggest_offer(ark_suggestion *suggestion, const char *name) {
  size_t wanted_length = strlen(suggestion->wanted), length = strlen(name);
  if (wanted_length > ARK_SUGGEST_LENGTH || length > ARK_SUGGEST_LENGTH) return;
  size_t difference = wanted_length > length ? wanted_length - length : length - wanted_length;
  if (difference >= suggestion->distance) return;
  size_t distance = suggest_distance(suggestion->wanted, wanted_length, name, length);
  if (distance >= suggestion->distance) return;
  suggestion->distance = distance;
  memcpy(suggestion->found, name, length + 1);
}

static const char *suggest_next_digit(const char *at) {
  return at + strcspn(at, "0123456789");
}

bool ark_suggest_is_same_width(const char *wanted, const char *name) {
  if ((suggest_fold(*wanted) == 'u') != (suggest_fold(*name) == 'u')) return false;
  wanted = suggest_next_digit(wanted);
  name = suggest_next_digit(name);
  while (*wanted && *wanted == *name) {
    wanted = suggest_next_digit(wanted + 1);
    name = suggest_next_digit(name + 1);
  }
  return *wanted == *name;
}
