/* A small C library for the fast Fourier transform. Complex numbers are structs, in arrays and by value. */
#ifndef FFT_H
#define FFT_H

#include <stddef.h>

typedef struct complex_number {
  double re, im;
} complex_number;

complex_number complex_mul(complex_number a, complex_number b);
double complex_abs(complex_number a);

/* Transforms `count` numbers in place. Returns 0, or -1 if `count` is not a power of two. */
int fft(complex_number *values, size_t count);

#endif
