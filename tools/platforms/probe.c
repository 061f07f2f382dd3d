/* Finds out where arguments are passed, by their bytes: see arm-places.mjs. Linked with calls.c.
 *
 * For each argument it prints where its members are, separated by commas: "i0" and "f0" are registers, "i0+4" is byte 4
 * of one, "@12" byte 12 of the stack. "&i0" stands for a whole struct whose address is passed, "-" for one that is not
 * passed. After "=" come the members of a struct that is the result, or "x8" if its address is passed. */
#include "probe.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 48, REGISTERS = 128, STACK = 8192, MOST_LEAVES = 256 };

/* A call as its callee finds it: x0 to x7, d0 to d7, then the stack; and what the callee returns in x0, x1 and d0 to
 * d3. */
struct {
  unsigned char bytes[REGISTERS + STACK];
  uint64_t stack; /* its address */
  uint64_t returned[6];
} probe_call;

static struct {
  unsigned char bytes[REGISTERS + STACK], returned[48];
  uint64_t stack;
  unsigned char values[MOST_LEAVES][8];
} rounds[ROUNDS];

__asm__(".text\n"
        ".globl probe\n"
        "probe:\n"
        "  adrp x9, probe_call\n"
        "  add x9, x9, :lo12:probe_call\n"
        "  stp x0, x1, [x9, 0]\n"
        "  stp x2, x3, [x9, 16]\n"
        "  stp x4, x5, [x9, 32]\n"
        "  stp x6, x7, [x9, 48]\n"
        "  stp d0, d1, [x9, 64]\n"
        "  stp d2, d3, [x9, 80]\n"
        "  stp d4, d5, [x9, 96]\n"
        "  stp d6, d7, [x9, 112]\n"
        "  add x10, x9, 128\n"
        "  mov x11, 0\n"
        "1: ldr x12, [sp, x11]\n"
        "  str x12, [x10, x11]\n"
        "  add x11, x11, 8\n"
        "  cmp x11, 8192\n"
        "  b.ne 1b\n"
        "  add x10, x10, x11\n"
        "  mov x12, sp\n"
        "  str x12, [x10], 8\n"
        "  ldp x0, x1, [x10]\n"
        "  ldp d0, d1, [x10, 16]\n"
        "  ldp d2, d3, [x10, 32]\n"
        "  ret\n");

static uint64_t random_bits(void) {
  static uint64_t state = 0x9e3779b97f4a7c15;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state * 0x2545f4914f6cdd1d;
}

long random_i(void) {
  return (long)(random_bits() >> 8); /* the lowest bit, which is all that a bool takes, is one of the better ones */
}

float random_f(void) {
  return (float)(int32_t)(random_bits() >> 36) + 0.5f;
}

double random_d(void) {
  return (double)(int64_t)(random_bits() >> 12) + 0.5;
}

static int leaf_count(const probed *it) {
  int count = 0;
  while (it->leaves[count].size) count++;
  return count;
}

static void run(const probed *it) {
  int leaves = leaf_count(it);
  if (leaves > MOST_LEAVES) exit(2);
  for (int round = 0; round < ROUNDS; round++) {
    it->fill();
    for (int i = 0; i < 6; i++) probe_call.returned[i] = random_bits();
    it->call();
    memcpy(rounds[round].bytes, probe_call.bytes, sizeof probe_call.bytes);
    memcpy(rounds[round].returned, probe_call.returned, sizeof probe_call.returned);
    rounds[round].stack = probe_call.stack;
    for (int i = 0; i < leaves; i++) {
      const void *at = (const void *)it->leaves[i].at;
      if (it->leaves[i].becomes_double) {
        double value = *(const float *)at;
        memcpy(rounds[round].values[i], &value, 8);
      } else {
        memcpy(rounds[round].values[i], at, it->leaves[i].size);
      }
    }
  }
}

/* Whether a member has been at that byte of the call in every round. */
static int is_at(const leaf *part, int index, size_t place) {
  size_t size = part->becomes_double ? 8 : part->size;
  for (int round = 0; round < ROUNDS; round++) {
    if (memcmp(rounds[round].bytes + place, rounds[round].values[index], size) != 0) return 0;
  }
  return 1;
}

/* Whether the word at that byte of the call has always led to the member. */
static int is_behind(const leaf *part, int index, const char *base, size_t place) {
  for (int round = 0; round < ROUNDS; round++) {
    uint64_t address;
    memcpy(&address, rounds[round].bytes + place, 8);
    uint64_t from = address - rounds[round].stack + (uint64_t)((const char *)part->at - base);
    if (from > STACK - part->size) return 0;
    if (memcmp(rounds[round].bytes + REGISTERS + from, rounds[round].values[index], part->size) != 0) return 0;
  }
  return 1;
}

static void print_place(size_t place) {
  if (place >= REGISTERS) {
    printf("@%zu", place - REGISTERS);
    return;
  }
  printf("%c%zu", place < REGISTERS / 2 ? 'i' : 'f', place % (REGISTERS / 2) / 8);
  if (place % 8) printf("+%zu", place % 8);
}

/* The first and the last member of an argument, as a range of indexes. */
static int leaves_of(const probed *it, int arg, int *end) {
  int first = 0;
  while (it->leaves[first].size && it->leaves[first].arg != arg) first++;
  *end = first;
  while (it->leaves[*end].size && it->leaves[*end].arg == arg) ++*end;
  return first;
}

/* Whether something is at one byte of the call, as one of the functions below finds out. */
typedef int (*finder)(const probed *it, int index, size_t place);

/* The first byte at which `is_there` is true; -1 if there is none. A value that the caller has put on the stack is
 * often left in a register too, so that the part of the stack that arguments can take goes first. The other way round
 * it is rare: in one of 4,210 random signatures the compiler had kept the address of a copy there for itself. */
static long find_place(const probed *it, int index, size_t step, finder is_there) {
  size_t most = REGISTERS + 16 * (size_t)it->count;
  for (int i = 0; it->leaves[i].size; i++) most += it->leaves[i].size;
  for (size_t place = REGISTERS; place < most; place += step) {
    if (is_there(it, index, place)) return (long)place;
  }
  for (size_t place = 0; place < REGISTERS; place += step) {
    if (is_there(it, index, place)) return (long)place;
  }
  return -1;
}

static int find_member(const probed *it, int index, size_t place) {
  return is_at(&it->leaves[index], index, place);
}

static int find_reference(const probed *it, int arg, size_t place) {
  int end, first = leaves_of(it, arg, &end);
  for (int i = first; i < end; i++) {
    if (!is_behind(&it->leaves[i], i, it->bases[arg], place)) return 0;
  }
  return 1;
}

static void print_argument(const probed *it, int arg) {
  int end, first = leaves_of(it, arg, &end);
  if (first == end) {
    printf("-");
    return;
  }
  long reference = it->bases[arg] ? find_place(it, arg, 8, find_reference) : -1;
  if (reference >= 0) {
    printf("&");
    print_place((size_t)reference);
    return;
  }
  for (int i = first; i < end; i++) {
    long place = find_place(it, i, 1, find_member);
    if (i > first) printf(",");
    if (place < 0) {
      printf("?");
    } else {
      print_place((size_t)place);
    }
  }
}

static void print_result(const probed *it) {
  int end, first = leaves_of(it, -1, &end);
  for (int i = first; i < end; i++) {
    size_t place = 0, size = it->leaves[i].size;
    int is_there = 0;
    for (; place + size <= 48 && !is_there; place++) {
      is_there = 1;
      for (int round = 0; round < ROUNDS && is_there; round++) {
        is_there = memcmp(rounds[round].returned + place, rounds[round].values[i], size) == 0;
      }
    }
    printf("%s", i > first ? "," : " =");
    if (!is_there) {
      printf("x8");
      return;
    }
    place--;
    printf("%c%zu", place < 16 ? 'i' : 'f', place < 16 ? place / 8 : (place - 16) / 8);
    if (place % 8) printf("+%zu", place % 8);
  }
}

static void run_all(void) {
  for (unsigned long i = 0; i < case_count; i++) {
    const probed *it = &cases[i];
    run(it);
    printf("%s %s", *it->args ? it->args : "-", it->result);
    for (int arg = 0; arg < it->count; arg++) {
      printf(" ");
      print_argument(it, arg);
    }
    if (it->is_struct) print_result(it);
    printf("\n");
  }
}

int main(void) {
  /* So that STACK bytes of the stack above any call can be read. */
  volatile char above[2 * STACK];
  above[0] = 0;
  above[sizeof above - 1] = 0;
  run_all();
  return above[0];
}
