/* The functions that all contenders call. They do next to nothing, so that the measured time is that of the call.
 *
 * Thread rule: no function keeps any state, so each may be called from any number of threads at once.
 * Ownership: arguments stay the caller's and are only read during the call; the string and the ring are static.
 */
#define _POSIX_C_SOURCE 200809L
#include "measured.h"
#include <time.h>

void noop(void) {}

double add(double a, double b) {
  return a + b;
}

int add_int(int a, int b) {
  return a + b;
}

double mix(int a, double b, int c, double d) {
  return a * b + c * d;
}

int64_t sum8(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h) {
  return a + b + c + d + e + f + g + h;
}

int sum12(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l) {
  return a + b + c + d + e + f + g + h + i + j + k + l;
}

uint8_t next(uint8_t value, bool is_up) {
  return (uint8_t)(is_up ? value + 1 : value - 1);
}

static char ring[RING_SIZE];

void *ring_start(void) {
  return ring;
}

void *ring_step(void *at) {
  return (char *)at == ring + RING_SIZE - 1 ? ring : (char *)at + 1;
}

int ring_position(void *at) {
  return (int)((char *)at - ring);
}

int first_of_text(const char *text) {
  return (unsigned char)text[0];
}

int length_of_text(const char *text) {
  int length = 0;
  while (text[length]) length++;
  return length;
}

const char *greeting(void) {
  return "hello world";
}

uint8_t first_of_bytes(const uint8_t *bytes) {
  return bytes[0];
}

complex_number multiply(complex_number a, complex_number b) {
  return (complex_number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

int repeat(int (*function)(int), int count) {
  int sum = 0;
  for (int i = 0; i < count; i++) sum += function(i);
  return sum;
}

int sleep_ms(int milliseconds) {
  nanosleep(&(struct timespec){milliseconds / 1000, milliseconds % 1000 * 1000000L}, NULL);
  return milliseconds;
}

/* Defines a thousand functions, many_000 to many_999. */
#define ONE(n)                                                                                                         \
  double many_##n(double a, double b) {                                                                                \
    return a + b;                                                                                                      \
  }
#define TEN(n) ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4) ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define HUNDRED(n) TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4) TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)

HUNDRED(0)
HUNDRED(1)
HUNDRED(2)
HUNDRED(3)
HUNDRED(4)
HUNDRED(5)
HUNDRED(6)
HUNDRED(7)
HUNDRED(8)
HUNDRED(9)
