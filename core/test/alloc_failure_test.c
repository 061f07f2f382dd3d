/* Makes every function that allocates fail at its first allocation, then at its second, and so on until it succeeds. */
#include "support.h"
#include "arkffi/arena.h"
#include "arkffi/closure.h"
#include "arkffi/handles.h"
#include "arkffi/layout.h"
#include "arkffi/find_library.h"
#include "arkffi/library.h"
#include "closures/static_closure.h"
#include "needs.h"
#include <ffi.h>

/* Makes something; on ARK_OK, `take_back` frees it with everything that was allocated for it. */
typedef ark_status (*maker)(void **made, ark_error *error);

/* Expects `otherwise` when no allocation fails. Returns the number of allocations that this takes. Without `take_back`,
 * the caller keeps what is made. */
static size_t assert_fails_cleanly(maker make, void (*take_back)(void *made), ark_status otherwise) {
  for (size_t nth = 1;; nth++) {
    ark_error error;
    memset(&error, 'x', sizeof error);
    void *made = NULL;
    size_t alive = allocations_alive();
    allocations_fail(nth);
    ark_status status = make(&made, &error);
    bool failed = allocations_failed();
    allocations_fail(0);

    ark_status expected = failed ? ARK_NO_MEMORY : otherwise;
    if (status != expected) {
      /* So that later tests are not affected. */
      if (!status && take_back) take_back(made);
      fail_msg("allocation %zu: %s instead of %s", nth, ark_status_code(status), ark_status_code(expected));
    }
    if (status) {
      assert_non_null(memchr(error.message, '\0', sizeof error.message));
      assert_true(error.message[0] != '\0');
      if (allocations_alive() != alive) fail_msg("allocation %zu: something is leaked", nth);
    } else if (take_back) {
      take_back(made);
      assert_int_equal(allocations_alive(), alive);
    }
    if (!failed) return nth - 1;
  }
}

static int start(void **state) {
  (void)state;
  allocations_start();
  return 0;
}

static int stop(void **state) {
  (void)state;
  allocations_stop();
  return 0;
}

/* ---- Signatures */

static ark_status make_signature(void **made, ark_error *error) {
  return ark_signature_parse("pLLk(pk(i)i)ik()v", "i", (ark_signature **)made, error);
}

static void free_signature(void *made) {
  ark_signature_free(made);
}

static void should_fail_cleanly_to_parse_a_signature(void **state) {
  (void)state;
  assert_true(assert_fails_cleanly(make_signature, free_signature, ARK_OK) > 0);
}

static ark_status make_bad_signature(void **made, ark_error *error) {
  return ark_signature_parse("pLLk(pk(i)i)ik(?)v", "i", (ark_signature **)made, error);
}

static void should_fail_cleanly_to_refuse_a_signature(void **state) {
  (void)state;
  assert_true(assert_fails_cleanly(make_bad_signature, NULL, ARK_BAD_SIGNATURE) > 0);
}

/* For functions that need a signature. */
static ark_signature *signature;

static ark_status make_signature_copy(void **made, ark_error *error) {
  return ark_signature_copy(signature, (ark_signature **)made, error);
}

static void should_fail_cleanly_to_copy_a_signature(void **state) {
  (void)state;
  signature = signature_of("pLLk(pk(i)i)ik({i{dd}}){c}", "i");
  assert_true(assert_fails_cleanly(make_signature_copy, free_signature, ARK_OK) > 0);
  ark_signature_free(signature);
}

/* ---- Plans and closures */

static ark_status make_plan(void **made, ark_error *error) {
  return ark_plan_create(signature, (ark_plan **)made, error);
}

static void free_plan(void *made) {
  ark_plan_free(made);
}

static void should_fail_cleanly_to_make_a_plan(void **state) {
  (void)state;
  static const char *const args[] = {"", "id", "iiiiiiiiiiiiiiiiiiiidddddddddddd"};
  for (size_t i = 0; i < COUNT_OF(args); i++) {
    signature = signature_of(args[i], "d");
    assert_true(assert_fails_cleanly(make_plan, free_plan, ARK_OK) > 0);
    ark_signature_free(signature);
  }
}

static void should_fail_cleanly_to_make_a_plan_with_structs(void **state) {
  needs_structs();
  (void)state;
  signature = signature_of("i{dd}{[20l]}d", "{ld}");
  assert_true(assert_fails_cleanly(make_plan, free_plan, ARK_OK) > 1);
  ark_signature_free(signature);
}

static size_t closures_freed;

/* Closures stay in quarantine, and need their signatures there. */
static ark_signature *kept[4];

static ark_signature *kept_signature(const char *args, const char *result) {
  for (size_t i = 0; i < COUNT_OF(kept); i++) {
    if (!kept[i]) return kept[i] = signature_of(args, result);
  }
  fail_msg("more signatures than places");
  return NULL;
}

static void handle(void *context, const ark_value *args, ark_value *result) {
  (void)context;
  (void)args;
  *result = of_i64(5);
}

static void count_freed(void *context) {
  (void)context;
  closures_freed++;
}

static ark_closure *made_closure;

static ark_status make_closure(void **made, ark_error *error) {
  (void)made;
  return ark_closure_create(signature, handle, NULL, count_freed, &made_closure, error);
}

static void should_fail_cleanly_to_make_a_closure(void **state) {
  (void)state;
  signature = kept_signature("id", "i");
  /* The first closure needs a page of entry points and a block of closures. */
  assert_true(assert_fails_cleanly(make_closure, NULL, ARK_OK) > 0);
  /* The caller keeps the context of a closure that was not made. */
  assert_int_equal(closures_freed, 0);
  ark_value args[] = {of_i64(1), of_f64(2)};
  assert_value(call(ark_closure_code(made_closure), "id", "i", args), of_i64(5));
  ark_closure_retire(made_closure);
}

/* ---- Failures of the system and of libffi */

/* The linker has this program call these instead of libffi's functions. */
void *__real_ffi_closure_alloc(size_t size, void **code);
void *__wrap_ffi_closure_alloc(size_t size, void **code);
ffi_status __real_ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned count, ffi_type *result, ffi_type **types);
ffi_status __wrap_ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned count, ffi_type *result, ffi_type **types);

bool __real_ark__page_seal(void *page, size_t size);
bool __wrap_ark__page_seal(void *page, size_t size);

static bool refuse_pages, refuse_memory, refuse_types;

/* The number of entry points in a page, or more. */
enum { MORE_THAN_A_PAGE = 4096 };

bool __wrap_ark__page_seal(void *page, size_t size) {
  return refuse_pages ? false : __real_ark__page_seal(page, size);
}

void *__wrap_ffi_closure_alloc(size_t size, void **code) {
  return refuse_memory ? NULL : __real_ffi_closure_alloc(size, code);
}

ffi_status __wrap_ffi_prep_cif(ffi_cif *cif, ffi_abi abi, unsigned count, ffi_type *result, ffi_type **types) {
  return refuse_types ? FFI_BAD_TYPEDEF : __real_ffi_prep_cif(cif, abi, count, result, types);
}

/* Makes closures until none can be had, calls each, and returns their number. */
static size_t use_up(ark_closure **all, size_t room) {
  ark_error error;
  size_t count = 0;
  ark_value args[] = {of_i64(1), of_f64(2)};
  while (count < room && !ark_closure_create(signature, handle, NULL, count_freed, &all[count], &error)) {
    assert_value(call(ark_closure_code(all[count++]), "id", "i", args), of_i64(5));
  }
  return count;
}

/* The last of the tests of closures: the system is not asked again after it has refused. */
static void should_use_the_entry_points_of_the_binary_where_the_system_refuses_pages(void **state) {
  needs_code();
  (void)state;
  size_t count = ark__static_closure_count(), room = 2 * count + MORE_THAN_A_PAGE;
  ark_closure **all = calloc(room, sizeof *all);
  signature = kept_signature("id", "i");
  ark_error error;
  closures_freed = 0;
  refuse_pages = true;
  /* Those that are left of a page, and those of the binary. */
  size_t made = use_up(all, room);
  assert_true(made >= count && made <= count + MORE_THAN_A_PAGE);
  refuse_pages = false;
  size_t alive = allocations_alive();
  assert_fails(ARK_NO_MEMORY, ark_closure_create(signature, handle, NULL, count_freed, &made_closure, &error));
  assert_contains(error.message, "close some");
  assert_int_equal(allocations_alive(), alive);
  /* Whatever closes, of a page or of the binary, can be used again. */
  size_t freed = closures_freed;
  for (size_t i = 0; i < made; i++) ark_closure_retire(all[i]);
  assert_int_equal(use_up(all, room), made);
  /* The binary has some more, so that closed ones can stay in quarantine. */
  assert_int_equal(closures_freed, freed + made - ARK__STATIC_QUARANTINE);
  for (size_t i = 0; i < made; i++) ark_closure_retire(all[i]);
  free(all);
}

static void should_fail_cleanly_where_libffi_makes_no_closure(void **state) {
  needs_libffi();
  (void)state;
  ark_error error;
  signature = kept_signature("id", "i");
  size_t alive = allocations_alive();
  refuse_types = true;
  assert_fails(ARK_BAD_SIGNATURE, ark_closure_create(signature, handle, NULL, count_freed, &made_closure, &error));
  refuse_types = false;
  refuse_memory = true;
  assert_fails(ARK_NO_MEMORY, ark_closure_create(signature, handle, NULL, count_freed, &made_closure, &error));
  refuse_memory = false;
  assert_int_equal(allocations_alive(), alive);
}

static void should_fail_cleanly_to_make_a_closure_with_structs(void **state) {
  needs_structs();
  (void)state;
  closures_freed = 0;
  signature = kept_signature("i{dd}{[20l]}d", "{ld}");
  assert_true(assert_fails_cleanly(make_closure, NULL, ARK_OK) > 0);
  ark_closure_retire(made_closure);
  assert_int_equal(closures_freed, 0);
}

static void should_fail_cleanly_where_libffi_refuses_the_types(void **state) {
  needs_libffi();
  (void)state;
  signature = signature_of("iiiiiiiiiiiiiiiiiiii", "i");
  ark_plan *plan;
  ark_error error;
  refuse_types = true;
  size_t alive = allocations_alive();
  assert_fails(ARK_BAD_SIGNATURE, ark_plan_create(signature, &plan, &error));
  refuse_types = false;
  assert_int_equal(allocations_alive(), alive);
  ark_signature_free(signature);
}

/* ---- Handles */

static ark_status make_handle(void **made, ark_error *error) {
  static int object;
  ark_handles *handles = malloc(sizeof *handles);
  ark_handles_init(handles);
  ark_handle given;
  ark_status status = ark_handles_add(handles, &object, &given, error);
  if (status) {
    ark_handles_destroy(handles);
    free(handles);
    return status;
  }
  *made = handles;
  return ARK_OK;
}

static void free_handles(void *made) {
  ark_handles_destroy(made);
  free(made);
}

static void should_fail_cleanly_to_give_out_a_handle(void **state) {
  (void)state;
  assert_true(assert_fails_cleanly(make_handle, free_handles, ARK_OK) > 0);
}

/* ---- Layouts */

static void free_layout(void *made) {
  ark_type_release(made);
}

static ark_status make_layout(void **made, ark_error *error) {
  return ark_layout_parse("{i{dd}[3h]{c{l}}I:3}", (const ark_aggregate **)made, error);
}

static void should_fail_cleanly_to_lay_out_a_struct(void **state) {
  (void)state;
  assert_true(assert_fails_cleanly(make_layout, free_layout, ARK_OK) > 0);
}

/* ---- Libraries */

#define NAMED "libarkffi_named" SUFFIX

static const char *name, *search, *beside;

static ark_status make_library(void **made, ark_error *error) {
  return ark_library_open(name, 0, search, beside, (ark_library **)made, error);
}

static void close_library(void *made) {
  ark_library_close(made);
}

static void should_fail_cleanly_to_open_a_library(void **state) {
  (void)state;
  static const char *const cases[][3] = {
      {FOLDERS "/first/" NAMED, NULL, NULL},
      {NAMED, FOLDERS "/nowhere" AND FOLDERS "/first", NULL},
      {NAMED, FOLDERS "/first" AND FOLDERS "/second", FOLDERS "/beside"},
      {NAMED, FOLDERS "/nowhere", FOLDERS "/beside"},
      {LIBC, NULL, NULL},
      {NULL, NULL, NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    name = cases[i][0];
    search = cases[i][1];
    beside = cases[i][2];
    assert_true(assert_fails_cleanly(make_library, close_library, ARK_OK) > 0);
  }
}

static void should_fail_cleanly_to_find_a_library(void **state) {
  (void)state;
  static const char *const cases[][3] = {
      {FOLDERS "/nowhere/" NAMED, NULL, NULL},
      {"libarkffi_nowhere.so", FOLDERS "/first" AND FOLDERS "/second", FOLDERS "/beside"},
      {"libarkffi_broken.so", FOLDERS "/first" AND FOLDERS "/broken", NULL},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    name = cases[i][0];
    search = cases[i][1];
    beside = cases[i][2];
    assert_true(assert_fails_cleanly(make_library, NULL, ARK_LIBRARY_NOT_FOUND) > 0);
  }
}

static ark_status find_library(void **made, ark_error *error) {
  return ark_find_library(name, search, beside, (char **)made, error);
}

static ark_status list_library(void **made, ark_error *error) {
  ark_library *library;
  ark_status status = ark_library_open(FIXTURE, 0, NULL, NULL, &library, error);
  if (status) return status;
  status = ark_library_list(library, (char **)made, error);
  ark_library_close(library);
  return status;
}

static void should_fail_cleanly_to_look_for_a_library(void **state) {
  (void)state;
  name = "arkffi_named";
  search = FOLDERS "/nowhere" AND FOLDERS "/first";
  beside = FOLDERS "/beside";
  assert_true(assert_fails_cleanly(find_library, ark_free, ARK_OK) > 0);
}

static void should_fail_cleanly_to_list_a_library(void **state) {
  (void)state;
  assert_true(assert_fails_cleanly(list_library, ark_free, ARK_OK) > 0);
}

static void should_leave_nothing_open_when_opening_failed(void **state) {
  (void)state;
  ark_error error;
  ark_library *library;
  assert_ok(ark_library_open(FOLDERS "/first/" NAMED, 0, NULL, NULL, &library, &error));
  void *symbol;
  assert_ok(ark_library_symbol(library, "answer", &symbol, &error));
  ark_mapping *mapping = ark_library_mapping(library);
  ark_mapping_retain(mapping);

  /* A second open that runs out of memory is not counted, whichever of its allocations fails. */
  for (size_t nth = 1; nth < 10; nth++) {
    ark_library *second = NULL;
    allocations_fail(nth);
    if (ark_library_open(FOLDERS "/first/" NAMED, 0, NULL, NULL, &second, &error) == ARK_OK) ark_library_close(second);
    allocations_fail(0);
    assert_true(ark_mapping_is_open(mapping));
  }
  ark_library_close(library);
  assert_false(ark_mapping_is_open(mapping));
  ark_mapping_release(mapping);
  assert_int_equal(allocations_alive(), 0);
}

static void should_return_no_folder_when_out_of_memory(void **state) {
  (void)state;
  void *address = (void *)(uintptr_t)fixture("echo_i32");
  allocations_fail(1);
  assert_null(ark_folder_of(address));
  assert_true(allocations_failed());
  char *folder = ark_folder_of(address);
  assert_non_null(folder);
  ark_free(folder);
  assert_int_equal(allocations_alive(), 0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void) {
  const struct CMUnitTest tests[] = {
      CASE(should_fail_cleanly_to_parse_a_signature),
      CASE(should_fail_cleanly_to_refuse_a_signature),
      CASE(should_fail_cleanly_to_copy_a_signature),
      CASE(should_fail_cleanly_to_make_a_plan),
      CASE(should_fail_cleanly_to_make_a_plan_with_structs),
      CASE(should_fail_cleanly_to_make_a_closure),
      CASE(should_fail_cleanly_to_make_a_closure_with_structs),
      CASE(should_use_the_entry_points_of_the_binary_where_the_system_refuses_pages),
      CASE(should_fail_cleanly_where_libffi_makes_no_closure),
      CASE(should_fail_cleanly_where_libffi_refuses_the_types),
      CASE(should_fail_cleanly_to_give_out_a_handle),
      CASE(should_fail_cleanly_to_lay_out_a_struct),
      CASE(should_fail_cleanly_to_open_a_library),
      CASE(should_fail_cleanly_to_find_a_library),
      CASE(should_fail_cleanly_to_look_for_a_library),
      CASE(should_fail_cleanly_to_list_a_library),
      CASE(should_leave_nothing_open_when_opening_failed),
      CASE(should_return_no_folder_when_out_of_memory),
  };
  return cmocka_run_group_tests_name("allocation failure", tests, NULL, NULL);
}
