#include "types/text_writer.h"
#include <stdio.h>

ark__text_writer ark__text_writer_to(char *out, size_t size) {
  return (ark__text_writer){.at = out, .end = size ? out + size - 1 : NULL};
}

void ark__write_char(ark__text_writer *to, char c) {
  if (to->end && to->at < to->end) *to->at++ = c;
  to->length++;
}

void ark__write_number(ark__text_writer *to, size_t number) {
  char digits[24];
  snprintf(digits, sizeof digits, "%zu", number);
  for (const char *digit = digits; *digit; digit++) ark__write_char(to, *digit);
}

size_t ark__text_writer_end(ark__text_writer *to) {
  if (to->end) *to->at = '\0';
  return to->length;
}
