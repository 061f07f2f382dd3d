/* Shims for the System V calling convention of x86-64 (psABI 3.2). Encodings are those of Intel's manual, volume 2. */
#include "assembly.h"
#include "code.h"

#if ARK__SYSTEM_V
#include <string.h>

enum { RAX = 0, R11 = 11, IN_MEMORY = 4 };

/* rdi rsi rdx rcx r8 r9 */
static const uint8_t integer_registers[] = {7, 6, 2, 1, 8, 9};

typedef struct writer {
  uint8_t *at;
  uint32_t frame; /* bytes between the stack pointer and the return address */
} writer;

static void put(writer *code, const char *bytes, size_t count) {
  memcpy(code->at, bytes, count);
  code->at += count;
}

static void put32(writer *code, uint32_t value) {
  memcpy(code->at, &value, sizeof value);
  code->at += sizeof value;
}

static void put64(writer *code, uint64_t value) {
  memcpy(code->at, &value, sizeof value);
  code->at += sizeof value;
}

/* An instruction of 64 bits on two registers; `prefix` is 0 for none. */
static void on_registers(writer *code, uint8_t prefix, const char *opcode, uint8_t reg, uint8_t other) {
  if (prefix) *code->at++ = prefix;
  *code->at++ = (uint8_t)(0x48 | (reg >> 3) << 2 | other >> 3);
  put(code, opcode, strlen(opcode));
  *code->at++ = (uint8_t)(0xc0 | (reg & 7) << 3 | (other & 7));
}

/* The same on a register and [rsp + offset]. */
static void on_stack(writer *code, uint8_t prefix, const char *opcode, uint8_t reg, uint32_t offset) {
  if (prefix) *code->at++ = prefix;
  *code->at++ = (uint8_t)(0x48 | (reg >> 3) << 2);
  put(code, opcode, strlen(opcode));
  *code->at++ = (uint8_t)(0x80 | (reg & 7) << 3 | IN_MEMORY);
  *code->at++ = 0x24;
  put32(code, offset);
}

/* Into an integer register from anywhere. */
static void load_integer(writer *code, uint8_t reg, const ark__transfer *move) {
  uint32_t offset = code->frame + 8 + 8u * move->from.index;
  if (move->from.kind == ARK__ON_STACK) {
    if (move->converts) {
      on_stack(code, 0xf2, "\x0f\x2c", reg, offset); /* cvttsd2si */
    } else {
      on_stack(code, 0, "\x8b", reg, offset); /* mov */
    }
  } else if (move->converts) {
    on_registers(code, 0xf2, "\x0f\x2c", reg, move->from.index);
  } else {
    on_registers(code, 0, "\x8b", reg, integer_registers[move->from.index]);
  }
}

static void write_move(writer *code, const ark__transfer *move) {
  uint8_t to = move->to.index;
  switch (move->to.kind) {
  case ARK__IN_INTEGER: load_integer(code, integer_registers[to], move); break;
  case ARK__IN_FLOAT:
    if (move->from.kind == ARK__ON_STACK) {
      on_stack(code, 0xf2, "\x0f\x10", to, code->frame + 8 + 8u * move->from.index); /* movsd */
    } else if (move->from.index != to) {
      on_registers(code, 0, "\x0f\x28", to, move->from.index); /* movaps */
    }
    break;
  case ARK__ON_STACK:
    if (move->from.kind == ARK__IN_FLOAT && !move->converts) {
      on_stack(code, 0xf2, "\x0f\x11", move->from.index, 8u * to);
    } else {
      load_integer(code, RAX, move);
      on_stack(code, 0, "\x89", RAX, 8u * to);
    }
  }
}

/* Into r11, which belongs to nobody between two functions. */
static void put_address(writer *code, const void *address) {
  put(code, "\x49\xbb", 2);
  put64(code, (uintptr_t)address);
}

static void put_result(writer *code, const ark__shim *shim) {
  put_address(code, shim->results);
  if (shim->result == ARK__FLOAT) {
    put(code, "\xf2\x41\x0f\x11\x03", 5); /* movsd [r11], xmm0 */
    return;
  }
  put(code, "\x49\x89\x03", 3); /* mov [r11], rax */
  if (shim->result == ARK__INTEGER) return;
  put(code, "\x66\x0f\xef\xc0", 4);         /* pxor xmm0, xmm0 */
  put(code, "\xf2\x48\x0f\x2a\xc0", 5);     /* cvtsi2sd xmm0, rax */
  put(code, "\xf2\x41\x0f\x11\x43\x08", 6); /* movsd [r11 + 8], xmm0 */
}

size_t ark__code_write(const ark__shim *shim, void *const *target, uint8_t *out) {
  writer code = {out, 0};
  bool returns = shim->result || shim->stack;
  /* With the return address the stack is aligned to 16 bytes at the call. */
  if (returns) code.frame = (uint32_t)(8 * (shim->stack | 1));
  if (returns) put(&code, "\x48\x81\xec", 3), put32(&code, code.frame); /* sub rsp */
  for (size_t i = 0; i < shim->count; i++) write_move(&code, &shim->moves[i]);
  if (shim->called) {
    put_address(&code, shim->called);
    put(&code, "\x41\xc6\x03\x01", 4); /* mov byte [r11], 1 */
  }
  put_address(&code, target);
  if (!returns) {
    put(&code, "\x41\xff\x23", 3); /* jmp [r11] */
    return (size_t)(code.at - out);
  }
  put(&code, "\x41\xff\x13", 3); /* call [r11] */
  if (shim->result) put_result(&code, shim);
  put(&code, "\x48\x81\xc4", 3), put32(&code, code.frame); /* add rsp */
  put(&code, "\xc3", 1);                                   /* ret */
  return (size_t)(code.at - out);
}

void ark__receive(void);

/* r10 the cell. */
ARK__FRAMED_ASSEMBLY("ark__receive", "  subq $112, %rsp\n"
                                     "  movq %rdi, 0(%rsp)\n"
                                     "  movq %rsi, 8(%rsp)\n"
                                     "  movq %rdx, 16(%rsp)\n"
                                     "  movq %rcx, 24(%rsp)\n"
                                     "  movq %r8, 32(%rsp)\n"
                                     "  movq %r9, 40(%rsp)\n"
                                     "  movsd %xmm0, 48(%rsp)\n"
                                     "  movsd %xmm1, 56(%rsp)\n"
                                     "  movsd %xmm2, 64(%rsp)\n"
                                     "  movsd %xmm3, 72(%rsp)\n"
                                     "  movsd %xmm4, 80(%rsp)\n"
                                     "  movsd %xmm5, 88(%rsp)\n"
                                     "  movsd %xmm6, 96(%rsp)\n"
                                     "  movsd %xmm7, 104(%rsp)\n"
                                     "  movq %r10, %rdi\n"
                                     "  movq %rsp, %rsi\n"
                                     "  call ark__received\n"
                                     "  movq %rax, %xmm0\n");

void ark__entries_write(uint8_t *page, size_t count, const void *cells, size_t cell_size) {
  writer code = {page, 0};
  put(&code, "\x49\xbb", 2), put64(&code, (uintptr_t)ark__receive); /* mov r11 */
  put(&code, "\x41\xff\xe3", 3);                                    /* jmp r11 */
  for (size_t i = 0; i < count; i++) {
    code.at = page + ark__entry_at(i);
    put(&code, "\x49\xba", 2), put64(&code, (uintptr_t)cells + i * cell_size); /* mov r10 */
    put(&code, "\xe9", 1), put32(&code, (uint32_t)(page - (code.at + 4)));     /* jmp */
  }
}
#endif
