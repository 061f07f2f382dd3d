/* The functions that all contenders call, described in measured.c. The hand-written addon is linked with them; the
 * others open the library. */
#ifndef ARKFFI_BENCH_LIBRARY_H
#define ARKFFI_BENCH_LIBRARY_H

#include <stdbool.h>
#include <stdint.h>

enum { RING_SIZE = 4096 };

typedef struct complex_number {
  double re, im;
} complex_number;

void noop(void);
double add(double a, double b);
int add_int(int a, int b);
double mix(int a, double b, int c, double d);
int64_t sum8(int64_t a, int64_t b, int64_t c, int64_t d, int64_t e, int64_t f, int64_t g, int64_t h);
int sum12(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l);
uint8_t next(uint8_t value, bool is_up);

/* A ring of bytes to step through: its start, the byte after a given one, and the index of a byte. */
void *ring_start(void);
void *ring_step(void *at);
int ring_position(void *at);

int first_of_text(const char *text);
int length_of_text(const char *text);
const char *greeting(void);
uint8_t first_of_bytes(const uint8_t *bytes);
complex_number multiply(complex_number a, complex_number b);

/* Returns the sum of the results of `function` for 0 to count - 1. */
int repeat(int (*function)(int), int count);

/* Blocks the thread for that many milliseconds and returns their number. */
int sleep_ms(int milliseconds);

#endif
