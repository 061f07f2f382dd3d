/* What the core's tests share. */
#ifndef ARKFFI_TEST_SUPPORT_H
#define ARKFFI_TEST_SUPPORT_H

#include "arkffi/alloc.h"
#include "arkffi/error.h"
#include "arkffi/plan.h"
#include "arkffi/signature.h"
#include "arkffi/type.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What differs between C libraries: the names of its parts, and whether dlclose unmaps a library, which musl's does
 * not. */
#if defined(WINDOWS) /* as CMakeLists.txt says */
#define LIBC "msvcrt.dll"
#define LIBM "msvcrt.dll"
#define LOADER_UNMAPS true
#define SUFFIX ".dll"
#define SLASH "\\"
#define AND ";"
#elif defined(__GLIBC__)
#define LIBC "libc.so.6"
#define LIBM "libm.so.6"
#define LOADER_UNMAPS true
#else
#define LIBC "libc.so"
#define LIBM "libm.so"
#define LOADER_UNMAPS false
#endif

/* How libraries end, what separates a folder and a file in a path that arkffi makes, and the folders of a list. */
#ifndef SUFFIX
#define SUFFIX ".so"
#define SLASH "/"
#define AND ":"
#endif

/* assert_ok and assert_fails need an `ark_error error` in scope. A failure is reported with its message. */
#define assert_ok(call)                                                                                                \
  do {                                                                                                                 \
    ark_status assert_status = (call);                                                                                 \
    if (assert_status) fail_msg("%s: %s: %s", #call, ark_status_code(assert_status), error.message);                   \
  } while (0)
#define assert_fails(expected, call)                                                                                   \
  do {                                                                                                                 \
    error.message[0] = '\0';                                                                                           \
    ark_status assert_status = (call);                                                                                 \
    if (assert_status != (expected)) {                                                                                 \
      fail_msg("%s: %s instead of %s", #call, ark_status_code(assert_status), ark_status_code(expected));              \
    }                                                                                                                  \
    if (!error.message[0]) fail_msg("%s: failed without a message", #call);                                            \
  } while (0)

/* Fails unless `text` contains `part`. */
void assert_contains(const char *text, const char *part);

/* Compares all 64 bits, so that a value that is widened wrongly is different. */
#define assert_value(actual, expected) assert_int_equal((actual).bits, (expected).bits)

/* ---- Values, widened as ark_value says */

ark_value of_i64(int64_t value);
ark_value of_u64(uint64_t value);
ark_value of_f32(float value);
ark_value of_f64(double value);
ark_value of_pointer(const void *value);

/* A number of that type, as C converts it from a double. */
ark_value of_number(const ark_type *type, double number);

/* The next number of a fixed random sequence, so that a failure can be repeated. */
uint64_t random_bits(void);

/* Begins another sequence, for tests that print their seed. */
void random_seed(uint64_t seed);

size_t random_below(size_t limit);

/* The bit by which a quiet NaN differs from a signaling one. */
#define QUIET_NAN (1u << 22)

/* A random value of a type. A float is no signaling NaN: processors that pass a float as a double, such as POWER, make
 * it a quiet one. */
ark_value random_value(const ark_type *type);

/* ---- Signatures, plans and calls; whatever fails here fails the test */

/* The caller frees it with ark_signature_free. */
ark_signature *signature_of(const char *args, const char *result);

/* A signature and its plan, together. */
typedef struct bound {
  ark_signature *signature;
  ark_plan *plan;
} bound;

bound bind(const char *args, const char *result);
void unbind(bound it);

/* A function of the fixture library, whose name is formatted as by printf. */
ark_c_function fixture(const char *format, ...) ARK_PRINTF(1, 2);

/* Calls a function once. */
ark_value call(ark_c_function function, const char *args, const char *result, const ark_value *values);

/* ---- Allocations; between start and stop the core allocates through these */

void allocations_start(void);
void allocations_stop(void);

/* The number of blocks that were allocated since the start and not freed. */
size_t allocations_alive(void);

/* Makes the nth allocation from now on fail, and no other; 0 for none. */
void allocations_fail(size_t nth);

/* Whether that allocation was reached. */
bool allocations_failed(void);

#endif
