#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bindable.h"

struct bound_db {
  int number;
};

int bound_counter = 3;

int bound_next(int x) {
  return x + 1;
}

int bound_open(const char *path, bound_db **out) {
  *out = malloc(sizeof(bound_db));
  return (int)strlen(path);
}

int bound_close(bound_db *db) {
  free(db);
  return 7;
}

bound_db *bound_self(bound_db *db) {
  return db;
}

int bound_printf(const char *format, ...) {
  va_list list;
  va_start(list, format);
  char text[64];
  int length = vsnprintf(text, sizeof text, format, list);
  va_end(list);
  return length;
}

void bound_sort(void *base, size_t n, size_t size, bound_compare function) {
  qsort(base, n, size, function);
}

double bound_sum(bound_point p, union bound_either e) {
  return p.x + p.y + e.i;
}

char *bound_text(void) {
  return strdup("owned");
}
