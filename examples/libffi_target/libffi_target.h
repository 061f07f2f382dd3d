/* libffi_target: the library that the guide, the demonstration and the examples call.
 *
 * Thread rule: no function keeps state, so each may be called from any number of threads at once.
 * Ownership: string arguments belong to the caller and are read only during the call. Returned strings are static and
 * must not be freed. A NULL string is treated as empty.
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

/* a ÷ b, or 0 if b is zero. */
FFI_TARGET_API double divide(double a, double b);

/* The greatest common divisor of |a| and |b|. gcd(0, 0) is 0. The divisor 2^31, which an int cannot hold, gives 0. */
FFI_TARGET_API int gcd(int a, int b);

/* n! for n from 0 to 20. For any other n the result is 0, because n! is undefined or does not fit into an int64_t. */
FFI_TARGET_API int64_t factorial(int n);

/* The version of this library, "1.0.0". */
FFI_TARGET_API const char *getVersion(void);

/* value² if name is "square", value ÷ 2 if name is "half". For any other name: 2 × value if mode is 1, else value. */
FFI_TARGET_API double compute(int mode, double value, const char *name);

/* -1, 0 or 1 if the bytes of `left` sort before those of `right`, are equal to them, or sort after them. */
FFI_TARGET_API int compareStrings(const char *left, const char *right);

/* firstWeight × first + secondWeight × second */
FFI_TARGET_API double weightedSum(int firstWeight, double first, int secondWeight, double second);

/* Calls `callback` with `value` on the calling thread and returns its result. Returns 0 if `callback` is NULL. */
FFI_TARGET_API int apply_callback(int (*callback)(int), int value);

/* The number of primes up to and including `limit`, found by trial division. This is real work for one core: about a
 * second for a limit of ten million. */
FFI_TARGET_API int64_t count_primes(int limit);

/* Blocks the calling thread for at least `milliseconds` and returns their number. Negative values are treated as 0. */
FFI_TARGET_API int sleep_ms(int milliseconds);

/* Receives the number of bytes that are done and their total. Any result but 0 ends the work. */
typedef int (*hash_progress)(int64_t done, int64_t total);

/* Writes the SHA-256 of a file to `digits`, as 64 hexadecimal digits and a NUL. This is real work for one core: two to
 * three seconds for half a gigabyte. `progress`, unless it is NULL, is called on the calling thread for each hundredth
 * of the file and at its end. Returns the number of bytes that were hashed. If `progress` ended the work, this is less
 * than the size of the file, and `digits` is empty. If the file cannot be read, returns -1 with errno set, and `digits`
 * is empty. `path` must not be NULL. */
FFI_TARGET_API int64_t hash_file(const char *path, char digits[65], hash_progress progress);

#ifdef __cplusplus
}
#endif
#endif
