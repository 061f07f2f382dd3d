#include "support.h"
#include <dlfcn.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>

void assert_contains(const char *text, const char *part) {
  if (!strstr(text, part)) fail_msg("'%s' does not contain '%s'", text, part);
}

ark_value of_i64(int64_t value) {
  return (ark_value){.i64 = value};
}

ark_value of_u64(uint64_t value) {
  return (ark_value){.u64 = value};
}

ark_value of_f32(float value) {
  ark_value result = {0};
  memcpy(&result, &value, sizeof value);
  return result;
}

ark_value of_f64(double value) {
  return (ark_value){.f64 = value};
}

ark_value of_pointer(const void *value) {
  return (ark_value){.bits = (uintptr_t)value};
}

ark_value of_number(const ark_type *type, double number) {
  if (type->id == ARK_TYPE_FLOAT) return of_f32((float)number);
  if (type->id == ARK_TYPE_DOUBLE) return of_f64(number);
  if (type->kind == ARK_KIND_BOOL) return of_u64(number != 0);
  return of_i64((int64_t)number);
}

/* Any number except 0. */
static uint64_t state = 0x9E3779B97F4A7C15u;

void random_seed(uint64_t seed) {
  state ^= seed;
  if (!state) state = 1;
}

uint64_t random_bits(void) {
  /* xorshift64*, by Sebastiano Vigna. */
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545F4914F6CDD1Du;
}

size_t random_below(size_t limit) {
  return (size_t)((random_bits() >> 16) % limit);
}

ark_value random_value(const ark_type *type) {
  uint64_t bits = random_bits();
  if (type->kind == ARK_KIND_BOOL) return of_u64(bits >> 63);
  unsigned unused = 64 - 8 * (unsigned)type->size;
  if (type->kind == ARK_KIND_SIGNED) return of_i64((int64_t)bits >> unused);
  ark_value value = of_u64(bits >> unused);
  if (type->id == ARK_TYPE_FLOAT && isnan(value.f32)) value.bits |= QUIET_NAN;
  return value;
}

ark_signature *signature_of(const char *args, const char *result) {
  ark_error error;
  ark_signature *signature = NULL;
  assert_ok(ark_signature_parse(args, result, &signature, &error));
  assert_non_null(signature);
  return signature;
}

bound bind(const char *args, const char *result) {
  ark_error error;
  bound it = {.signature = signature_of(args, result)};
  assert_ok(ark_plan_create(it.signature, &it.plan, &error));
  assert_non_null(it.plan);
  return it;
}

void unbind(bound it) {
  ark_plan_free(it.plan);
  ark_signature_free(it.signature);
}

ark_c_function fixture(const char *format, ...) {
  static void *library;
  if (!library) library = dlopen(FIXTURE, RTLD_NOW | RTLD_LOCAL);
  if (!library) fail_msg("%s", dlerror());
  char name[64];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  void *symbol = dlsym(library, name);
  if (!symbol) fail_msg("the fixture library has no '%s'", name);
  return (ark_c_function)(uintptr_t)symbol;
}

ark_value call(ark_c_function function, const char *args, const char *result, const ark_value *values) {
  bound it = bind(args, result);
  /* Not zero, so that a test notices a result that is not set. */
  ark_value out = {.bits = 0x5A5A5A5A5A5A5A5A};
  ark_plan_call(it.plan, function, values, &out);
  unbind(it);
  return out;
}

/* Atomic, because threads allocate too. */
static atomic_size_t alive, made, failing;
static atomic_bool failed;

static void *counting_resize(void *block, size_t size) {
  /* AddressSanitizer reports such a size as an error, where allocators return NULL. */
  if (size > PTRDIFF_MAX) return NULL;
  if (++made == failing) {
    failed = true;
    return NULL;
  }
  void *resized = realloc(block, size);
  if (resized && !block) alive++;
  return resized;
}

static void counting_release(void *block) {
  if (block) alive--;
  free(block);
}

void allocations_start(void) {
  static const ark_allocator counting = {counting_resize, counting_release};
  alive = 0;
  allocations_fail(0);
  ark_set_allocator(&counting);
}

void allocations_stop(void) {
  ark_set_allocator(NULL);
}

size_t allocations_alive(void) {
  return alive;
}

void allocations_fail(size_t nth) {
  made = 0;
  failing = nth;
  failed = false;
}

bool allocations_failed(void) {
  return failed;
}
