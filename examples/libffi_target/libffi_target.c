#if !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif
#include "libffi_target.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#if defined(_WIN32)
#include <windows.h>
#else
#include <time.h>
#endif

double add(double a, double b) {
  return a + b;
}

double multiply(double a, double b) {
  return a * b;
}

double divide(double a, double b) {
  return b == 0 ? 0 : a / b;
}

/* Unsigned, because an int cannot hold -INT_MIN. */
static unsigned magnitude(int value) {
  return value < 0 ? 0u - (unsigned)value : (unsigned)value;
}

int gcd(int a, int b) {
  unsigned greater = magnitude(a);
  unsigned lesser = magnitude(b);
  while (lesser != 0) {
    unsigned rest = greater % lesser;
    greater = lesser;
    lesser = rest;
  }
  return greater > INT_MAX ? 0 : (int)greater;
}

int64_t factorial(int n) {
  if (n < 0 || n > 20) return 0;
  int64_t product = 1;
  for (int factor = 2; factor <= n; factor++) product *= factor;
  return product;
}

const char *getVersion(void) {
  return "1.0.0";
}

double compute(int mode, double value, const char *name) {
  if (name != NULL && strcmp(name, "square") == 0) return value * value;
  if (name != NULL && strcmp(name, "half") == 0) return value / 2;
  return mode == 1 ? 2 * value : value;
}

int compareStrings(const char *left, const char *right) {
  int order = strcmp(left == NULL ? "" : left, right == NULL ? "" : right);
  /* C specifies only the sign of strcmp, and C libraries return different values. */
  return (order > 0) - (order < 0);
}

double weightedSum(int firstWeight, double first, int secondWeight, double second) {
  return firstWeight * first + secondWeight * second;
}

int apply_callback(int (*callback)(int), int value) {
  return callback == NULL ? 0 : callback(value);
}

static bool is_prime(int number) {
  if (number < 4) return number >= 2;
  if (number % 2 == 0) return false;
  /* Compared by division, because the square of the divisor may be larger than an int. */
  for (int divisor = 3; divisor <= number / divisor; divisor += 2) {
    if (number % divisor == 0) return false;
  }
  return true;
}

int64_t count_primes(int limit) {
  int64_t count = 0;
  /* The counter has 64 bits, so that the loop also ends if `limit` is INT_MAX. */
  for (int64_t number = 2; number <= limit; number++) count += is_prime((int)number);
  return count;
}

int sleep_ms(int milliseconds) {
  if (milliseconds < 0) milliseconds = 0;
#if defined(_WIN32)
  Sleep((DWORD)milliseconds);
#else
  struct timespec rest = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
  /* A signal ends the sleep early and leaves the remaining time in `rest`. */
  while (nanosleep(&rest, &rest) != 0 && errno == EINTR) {
  }
#endif
  return milliseconds;
}
