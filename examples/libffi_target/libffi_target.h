/* libffi_target: the library that the guide, the demonstration and the examples call.
 *
 * Thread rule: no function keeps any state, so each may be called from any number of threads at once.
 * Ownership: strings passed in stay the caller's and are only read during the call; strings that come back
 * are static and must not be freed. A NULL string counts as empty.
 */
#ifndef LIBFFI_TARGET_H
#define LIBFFI_TARGET_H

#include <stdint.h>

#if defined(_WIN32)
#define FFI_TARGET_API __declspec(dllexport)
#else
#define FFI_TARGET_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* a + b */
FFI_TARGET_API double add(double a, double b);

/* a × b */
FFI_TARGET_API double multiply(double a, double b);

/* a ÷ b, or 0 where b is zero. */
FFI_TARGET_API double divide(double a, double b);

/* The greatest common divisor of |a| and |b|; gcd(0, 0) is 0. One that an int cannot hold, 2^31, is given as 0. */
FFI_TARGET_API int gcd(int a, int b);

/* n!, for n from 0 to 20; 0 for any other n, where an int64_t cannot hold it or it is not defined. */
FFI_TARGET_API int64_t factorial(int n);

/* This library's version, "1.0.0". */
FFI_TARGET_API const char *getVersion(void);

/* value² where name is "square", value ÷ 2 where it is "half"; for any other name 2 × value in mode 1, and in every
 * other mode the value itself. */
FFI_TARGET_API double compute(int mode, double value, const char *name);

/* -1, 0 or 1: whether the bytes of `left` sort before those of `right`, are the same, or sort behind them. */
FFI_TARGET_API int compareStrings(const char *left, const char *right);

/* firstWeight × first + secondWeight × second */
FFI_TARGET_API double weightedSum(int firstWeight, double first, int secondWeight, double second);

/* What `callback` returns for `value`; it runs on the calling thread, before this returns. 0 for a NULL callback. */
FFI_TARGET_API int apply_callback(int (*callback)(int), int value);

/* How many primes there are up to and including `limit`, by trial division: real work for one core, about a second
 * for a limit of ten million. */
FFI_TARGET_API int64_t count_primes(int limit);

/* Blocks the calling thread for at least that many milliseconds and returns their number; a negative one counts as 0. */
FFI_TARGET_API int sleep_ms(int milliseconds);

/* Is told how many of how many bytes are done; anything but 0 as its answer ends the work. */
typedef int (*hash_progress)(int64_t done, int64_t total);

/* The SHA-256 of a file, 64 hexadecimal digits and a zero, into `digits`: real work for one core, two to three seconds
 * for half a gigabyte. `progress`, unless it is NULL, is called on the calling thread for each hundredth of the file and
 * at its end. Returns how many bytes were hashed; fewer than the file has, and no digits, where `progress` ended it; -1
 * with errno set, and no digits, where the file cannot be read. `path` must not be NULL. */
FFI_TARGET_API int64_t hash_file(const char *path, char digits[65], hash_progress progress);

#ifdef __cplusplus
}
#endif
#endif
