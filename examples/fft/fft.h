/* The fast Fourier transform, as a C library has it: complex numbers are structs, in arrays and by value. */
#ifndef FFT_H
#define FFT_H

#include <stddef.h>

typedef struct complex_number {
  double re, im;
} complex_number;

complex_number complex_mul(complex_number a, complex_number b);
double complex_abs(complex_number a);

/* Transforms `count` numbers in place, a power of two of them. 0, or -1 for another count. */
int fft(complex_number *values, size_t count);

#endif
