#include "support.h"
#include "arkffi/thread.h"
#include <pthread.h>
#include <sched.h>

enum { THREADS = 4, ROUNDS = 20000 };

static struct {
  ark_lock lock;
  ark_condition changed;
  pthread_barrier_t start;
  long count;
  int turn;
  uintptr_t ids[2];
} shared;

static int set_up(void **state) {
  (void)state;
  memset(&shared, 0, sizeof shared);
  ark_lock_init(&shared.lock);
  ark_condition_init(&shared.changed);
  return pthread_barrier_init(&shared.start, NULL, THREADS);
}

static int tear_down(void **state) {
  (void)state;
  pthread_barrier_destroy(&shared.start);
  ark_condition_destroy(&shared.changed);
  ark_lock_destroy(&shared.lock);
  return 0;
}

static void *count_under_lock(void *unused) {
  (void)unused;
  pthread_barrier_wait(&shared.start);
  for (int i = 0; i < ROUNDS; i++) {
    ark_lock_enter(&shared.lock);
    /* Without the lock, the counts of other threads would be lost here. */
    long count = shared.count;
    if (i % 16 == 0) sched_yield();
    shared.count = count + 1;
    ark_lock_leave(&shared.lock);
  }
  return NULL;
}

static void should_let_one_thread_into_a_lock_at_a_time(void **state) {
  (void)state;
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; i++) assert_int_equal(pthread_create(&threads[i], NULL, count_under_lock, NULL), 0);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  assert_int_equal(shared.count, THREADS * ROUNDS);
}

/* Two threads take turns; each waits for the other. */
static void take_turns(int mine) {
  for (int i = 0; i < ROUNDS; i++) {
    ark_lock_enter(&shared.lock);
    while (shared.turn % 2 != mine) ark_condition_wait(&shared.changed, &shared.lock);
    shared.turn++;
    shared.ids[mine] = ark_thread_id();
    ark_condition_signal(&shared.changed);
    ark_lock_leave(&shared.lock);
  }
}

static void *play_second(void *unused) {
  (void)unused;
  take_turns(1);
  return NULL;
}

static void should_wake_a_thread_that_waits_and_distinguish_threads(void **state) {
  (void)state;
  pthread_t second;
  assert_int_equal(pthread_create(&second, NULL, play_second, NULL), 0);
  take_turns(0);
  pthread_join(second, NULL);
  assert_int_equal(shared.turn, 2 * ROUNDS);
  assert_int_equal(shared.ids[0], ark_thread_id());
  assert_int_not_equal(shared.ids[1], ark_thread_id());
}

static void *find_stack(void *out) {
  char here;
  ark_stack *stack = out;
  assert_true(ark_thread_stack(stack));
  assert_in_range((uintptr_t)&here, stack->low, stack->high - 1);
  return NULL;
}

static void should_know_the_stack_of_each_thread(void **state) {
  (void)state;
  enum { SIZE = 1 << 22 }; /* ThreadSanitizer adds 0.7 MB to it */
  pthread_t thread;
  pthread_attr_t attributes;
  ark_stack own, other;
  find_stack(&own);
  assert_true(own.high - own.low >= SIZE);
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, SIZE);
  assert_int_equal(pthread_create(&thread, &attributes, find_stack, &other), 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
  assert_in_range(other.high - other.low, SIZE / 2, 2 * SIZE);
  assert_true(other.high <= own.low || other.low >= own.high);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(should_let_one_thread_into_a_lock_at_a_time, set_up, tear_down),
      cmocka_unit_test_setup_teardown(should_wake_a_thread_that_waits_and_distinguish_threads, set_up, tear_down),
      cmocka_unit_test(should_know_the_stack_of_each_thread),
  };
  return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
