/* A header with everything that `arkffi bind` writes types of: bind.test.mjs compiles bound.c and uses it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "bindable_inner.h"

typedef struct bound_point {
  double x, y;
} bound_point;

typedef struct bound_db bound_db;
typedef int (*bound_compare)(const void *a, const void *b);
enum bound_color { BOUND_RED, BOUND_GREEN = 5 };

union bound_either {
  int i;
  float f;
};

struct bound_bits {
  unsigned a : 3, : 2, b : 4;
  struct {
    int inside;
    union {
      int u;
      double d;
    };
  };
  char name[8];
  struct {
    int deep;
  } nested[2];
  char *label;
};

#define BOUND_SQUARE(x) ((x) * (x))
#define BOUND_LIMIT (1 << 10)
#define BOUND_BIG 0xffffffffffffffffULL
#define BOUND_NAME "it's a \\ name"

static inline double bound_norm(bound_point p) {
  return p.x * p.x + p.y * p.y;
}
static inline const char *bound_same(const char *text) {
  return text;
}
static inline bound_point bound_first(const bound_point *points, int in, bound_compare compare) {
  return compare ? points[in] : points[0];
}
inline static void bound_nothing(void) {}
static __inline__ __attribute__((always_inline)) int bound_half(int x) {
  return x / 2;
}

int bound_open(const char *path, bound_db **out);
int bound_close(bound_db *db);
bound_db *bound_self(bound_db *db);
extern int bound_counter;
int bound_printf(const char *format, ...);
void bound_sort(void *base, size_t n, size_t size, bound_compare function);
double bound_sum(bound_point p, union bound_either e);
char *bound_text(void);
typedef float bound_four __attribute__((vector_size(16)));
void bound_print(FILE *file, bound_four list);
