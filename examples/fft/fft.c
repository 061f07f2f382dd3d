#include "fft.h"
#include <math.h>

#define PI 3.14159265358979323846

complex_number complex_mul(complex_number a, complex_number b) {
  return (complex_number){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

double complex_abs(complex_number a) {
  return hypot(a.re, a.im);
}

static void swap(complex_number *a, complex_number *b) {
  complex_number held = *a;
  *a = *b;
  *b = held;
}

/* Moves each number to the index that has the bits of its own index in reverse order. */
static void reverse_bits(complex_number *values, size_t count) {
  for (size_t i = 1, j = 0; i < count; i++) {
    size_t bit = count / 2;
    for (; j & bit; bit /= 2) j ^= bit;
    j ^= bit;
    if (i < j) swap(&values[i], &values[j]);
  }
}

/* Joins two adjacent transforms of half the length. */
static void join(complex_number *values, size_t length) {
  size_t half = length / 2;
  for (size_t k = 0; k < half; k++) {
    double angle = -2 * PI * (double)k / (double)length;
    complex_number turned = complex_mul(values[half + k], (complex_number){cos(angle), sin(angle)});
    values[half + k] = (complex_number){values[k].re - turned.re, values[k].im - turned.im};
    values[k] = (complex_number){values[k].re + turned.re, values[k].im + turned.im};
  }
}

int fft(complex_number *values, size_t count) {
  if (count == 0 || count & (count - 1)) return -1;
  reverse_bits(values, count);
  for (size_t length = 2; length <= count; length *= 2) {
    for (size_t at = 0; at < count; at += length) join(values + at, length);
  }
  return 0;
}
