/* System V (psABI 3.2) and Microsoft's convention, x86-64: code of shims and of entry points. Encodings are those of
 * Intel's manual, volume 2. */
#include "cpu/code.h"

#if ARK__MS
#include <assert.h>
#include <string.h>

/* No function keeps r11 across calls or takes an argument in it. */
enum { RAX = 0, RBX = 3, R11 = 11, IN_MEMORY = 4 };

/* The numbers of rcx rdx r8 r9, Microsoft's. */
static const uint8_t code_ms_registers[] = {1, 2, 8, 9};

static_assert(sizeof code_ms_registers == ARK__POSITIONS, "one number for each register");

/* The registers of this machine's own convention, by which shims are called. */
#if ARK__SYSTEM_V
static const uint8_t code_own_registers[] = {7, 6, 2, 1, 8, 9}; /* rdi rsi rdx rcx r8 r9 */

static_assert(sizeof code_own_registers == ARK__CODE_INTEGERS, "one number for each register");
#else
#define code_own_registers code_ms_registers
#endif

/* What does not fit into `room` bytes is counted in `length` but not written. */
typedef struct writer {
  uint8_t *out;
  size_t room, length;
  uint32_t frame;           /* bytes between the stack pointer and the return address */
  const uint8_t *registers; /* of the target's convention */
} writer;

static void code_put(writer *code, const void *bytes, size_t count) {
  if (code->length <= code->room && count <= code->room - code->length) memcpy(code->out + code->length, bytes, count);
  code->length += count;
}

static void code_put8(writer *code, int value) {
  uint8_t byte = (uint8_t)value;
  code_put(code, &byte, sizeof byte);
}

static void code_put32(writer *code, uint32_t value) {
  code_put(code, &value, sizeof value);
}

static void code_put64(writer *code, uint64_t value) {
  code_put(code, &value, sizeof value);
}

/* Where an indirect branch may go to when the CPU enforces that (Intel CET). */
static void code_put_endbr64(writer *code) {
  code_put(code, "\xf3\x0f\x1e\xfa", 4);
}

/* Writes a 64-bit instruction on two registers; `prefix` is 0 for none. */
static void code_on_registers(writer *code, uint8_t prefix, const char *opcode, uint8_t reg, uint8_t other) {
  if (prefix) code_put8(code, prefix);
  code_put8(code, 0x48 | (reg >> 3) << 2 | other >> 3);
  code_put(code, opcode, strlen(opcode));
  code_put8(code, 0xc0 | (reg & 7) << 3 | (other & 7));
}

/* Writes a 64-bit instruction on a register and [rsp + offset]; `prefix` is 0 for none. */
static void code_on_stack(writer *code, uint8_t prefix, const char *opcode, uint8_t reg, uint32_t offset) {
  if (prefix) code_put8(code, prefix);
  code_put8(code, 0x48 | (reg >> 3) << 2);
  code_put(code, opcode, strlen(opcode));
  code_put8(code, 0x80 | (reg & 7) << 3 | IN_MEMORY);
  code_put8(code, 0x24);
  code_put32(code, offset);
}

/* Writes a 64-bit instruction on a register and [base + offset]; `prefix` is 0 for none. */
static void code_at(writer *code, uint8_t prefix, const char *opcode, uint8_t reg, uint8_t base, int32_t offset) {
  if (prefix) code_put8(code, prefix);
  code_put8(code, 0x48 | (reg >> 3) << 2 | base >> 3);
  code_put(code, opcode, strlen(opcode));
  code_put8(code, (offset ? 0x80 : 0) | (reg & 7) << 3 | (base & 7));
  if (offset) code_put32(code, (uint32_t)offset);
}

/* Loads an integer register from any location. */
static void code_load_integer(writer *code, uint8_t reg, const ark__transfer *move) {
  uint32_t offset = code->frame + 8 + 8u * move->from.index;
  if (move->from.kind == ARK__ON_STACK) {
    if (move->converts) {
      code_on_stack(code, 0xf2, "\x0f\x2c", reg, offset); /* cvttsd2si */
    } else {
      code_on_stack(code, 0, "\x8b", reg, offset); /* mov */
    }
  } else if (move->converts) {
    code_on_registers(code, 0xf2, "\x0f\x2c", reg, move->from.index);
  } else if (code_own_registers[move->from.index] != reg) {
    code_on_registers(code, 0, "\x8b", reg, code_own_registers[move->from.index]);
  }
}

static void code_write_move(writer *code, const ark__transfer *move) {
  uint8_t to = move->to.index;
  switch (move->to.kind) {
  case ARK__IN_INTEGER: code_load_integer(code, code->registers[to], move); break;
  case ARK__IN_FLOAT:
    if (move->from.kind == ARK__ON_STACK) {
      code_on_stack(code, 0xf2, "\x0f\x10", to, code->frame + 8 + 8u * move->from.index); /* movsd */
    } else if (move->from.index != to) {
      code_on_registers(code, 0, "\x0f\x28", to, move->from.index); /* movaps */
    }
    break;
  case ARK__ON_STACK:
    if (move->from.kind == ARK__IN_FLOAT && !move->converts) {
      code_on_stack(code, 0xf2, "\x0f\x11", move->from.index, 8u * to);
    } else {
      code_load_integer(code, RAX, move);
      code_on_stack(code, 0, "\x89", RAX, 8u * to);
    }
  }
}

/* Loads an address into r11. */
static void code_put_address(writer *code, const void *address) {
  code_put(code, "\x49\xbb", 2);
  code_put64(code, (uintptr_t)address);
}

static void code_put_result(writer *code, const ark__shim *shim) {
  uint8_t base = shim->mark ? RBX : R11;
  int32_t offset = shim->mark ? (int32_t)((intptr_t)shim->results - (intptr_t)shim->mark) : 0;
  if (!shim->mark) code_put_address(code, shim->results);
  if (shim->result == ARK__FLOAT) {
    code_at(code, 0xf2, "\x0f\x11", 0, base, offset); /* movsd [results], xmm0 */
    return;
  }
  code_at(code, 0, "\x89", RAX, base, offset); /* mov [results], rax */
  if (shim->result == ARK__INTEGER) return;
  code_put(code, "\x66\x0f\xef\xc0", 4);                                               /* pxor xmm0, xmm0 */
  code_put(code, "\xf2\x48\x0f\x2a\xc0", 5);                                           /* cvtsi2sd xmm0, rax */
  if (ark__stores_doubles(shim)) code_at(code, 0xf2, "\x0f\x11", 0, base, offset + 8); /* movsd [results + 8], xmm0 */
}

/* Begins a frame that has `stack` words of arguments. Together with the return address it keeps the stack aligned to 16
 * bytes at the call. The address of the mark is in rbx, which C leaves as it is. */
static void code_put_frame(writer *code, const ark__shim *shim) {
  size_t kept = shim->mark ? 1 : 0;
  code->frame = (uint32_t)(8 * ((shim->stack + kept) | 1));
  uint32_t rest = code->frame - (uint32_t)(8 * kept);
  if (shim->mark) code_put(code, "\x53", 1);                           /* push rbx */
  if (rest) code_put(code, "\x48\x81\xec", 3), code_put32(code, rest); /* sub rsp */
  if (!shim->mark) return;
  code_put(code, "\x48\xbb", 2), code_put64(code, (uintptr_t)shim->mark); /* mov rbx */
  code_put(code, "\xc6\x03\x01", 3);                                      /* mov byte [rbx], 1 */
}

static void code_put_return(writer *code, const ark__shim *shim) {
  uint32_t rest = code->frame - (shim->mark ? 8 : 0);
  if (shim->mark) code_put(code, "\xc6\x03\0", 3);                     /* mov byte [rbx], 0 */
  if (rest) code_put(code, "\x48\x81\xc4", 3), code_put32(code, rest); /* add rsp */
  if (shim->mark) code_put(code, "\x5b", 1);                           /* pop rbx */
  code_put(code, "\xc3", 1);                                           /* ret */
}

size_t ark__shim_write(const ark__shim *shim, void *const *target, uint8_t *out, size_t room) {
  writer code = {.out = out, .room = room};
  code.registers = shim->is_ms ? code_ms_registers : code_own_registers;
  bool returns = shim->result || shim->stack || shim->called || shim->mark;
  code_put_endbr64(&code);
  if (returns) code_put_frame(&code, shim);
  if (shim->called) {
    code_put_address(&code, shim->called);
    code_put(&code, "\x41\xc6\x03\x01", 4); /* mov byte [r11], 1 */
  }
  /* Before the moves, which may overwrite the register that it comes in. */
  if (shim->given) code_load_integer(&code, R11, &(ark__transfer){.from = *shim->given, .converts = true});
  for (size_t i = 0; i < shim->count; i++) code_write_move(&code, &shim->moves[i]);
  if (!shim->given) code_put_address(&code, target);
  if (!returns) {
    code_put(&code, shim->given ? "\x41\xff\xe3" : "\x41\xff\x23", 3); /* jmp r11, or jmp [r11] */
    return code.length;
  }
  code_put(&code, shim->given ? "\x41\xff\xd3" : "\x41\xff\x13", 3); /* call r11, or call [r11] */
  if (shim->result) code_put_result(&code, shim);
  if (shim->called) {
    code_put_address(&code, shim->called);
    code_put(&code, "\x41\x80\x0b\x01", 4); /* or byte [r11], 1 */
  }
  code_put_return(&code, shim);
  return code.length;
}

/* System V's and Microsoft's. */
void ark__receive(void);
void ark__receive_ms(void);

ark__reception ark__reception_of(const ark_signature *signature) {
#if ARK__SYSTEM_V
  if (!ark__is_ms(signature)) return ark__receive;
#else
  (void)signature;
#endif
  return ark__receive_ms;
}

/* Sizes in bytes of the code below. */
static_assert(10 + 3 + 4 <= ARK__ENTRIES_START, "the shared code fits in front of the entry points");
static_assert(4 + 6 + 5 <= ARK__ENTRY_SIZE, "the code of an entry point fits");
static_assert(offsetof(ark__entered, reception) == 8, "entry points continue at this address of their closures");

/* An entry point has the offset of its closure, the shared code adds the address of the first one: a whole address
 * would not fit into 16 bytes. */
void ark__entries_write(uint8_t *page, size_t page_size, const void *closures, size_t closure_size) {
  writer code = {.out = page, .room = page_size};
  code_put_address(&code, closures);
  code_put(&code, "\x4d\x01\xda", 3);     /* add r10, r11 */
  code_put(&code, "\x41\xff\x62\x08", 4); /* jmp [r10 + 8] */
  for (size_t i = 0; i < ark__entry_count(page_size); i++) {
    code.length = ark__entry_at(i);
    code_put_endbr64(&code);
    code_put(&code, "\x41\xba", 2), code_put32(&code, (uint32_t)(i * closure_size));  /* mov r10d */
    code_put(&code, "\xe9", 1), code_put32(&code, (uint32_t)(0 - (code.length + 4))); /* jmp to the page's start */
  }
}
#endif
