/* Shims for the calling convention of 64-bit ARM (AAPCS64, 6.8). Encodings are those of the Arm ARM, C6 and C7. */
#include "assembly.h"
#include "code.h"

#if ARK__AAPCS64

/* x16 and d16 belong to nobody between two functions; 31 is the stack pointer where an address is meant. */
enum { SCRATCH = 16, FRAME = 29, STACK = 31 };

typedef struct writer {
  uint32_t *at;
  uint32_t base;   /* the register that the caller's stack is reached by */
  uint32_t offset; /* of its first slot, in slots */
} writer;

static void put(writer *code, uint32_t instruction) {
  *code->at++ = instruction;
}

static void load(writer *code, uint32_t opcode, uint32_t reg, uint8_t slot) {
  put(code, opcode | (code->offset + slot) << 10 | code->base << 5 | reg);
}

static const uint32_t LDR_X = 0xf9400000, STR_X = 0xf9000000, LDR_D = 0xfd400000, STR_D = 0xfd000000;

/* Into an integer register from anywhere. */
static void load_integer(writer *code, uint32_t reg, const ark__transfer *move) {
  uint32_t from = move->from.index;
  if (!move->converts) {
    if (move->from.kind == ARK__ON_STACK) {
      load(code, LDR_X, reg, move->from.index);
    } else {
      put(code, 0xaa0003e0 | from << 16 | reg); /* mov */
    }
    return;
  }
  if (move->from.kind == ARK__ON_STACK) load(code, LDR_D, from = SCRATCH, move->from.index);
  put(code, 0x9e780000 | from << 5 | reg); /* fcvtzs */
}

static void write_move(writer *code, const ark__transfer *move) {
  uint32_t to = move->to.index, from = move->from.index;
  switch (move->to.kind) {
  case ARK__IN_INTEGER: load_integer(code, to, move); break;
  case ARK__IN_FLOAT:
    if (move->from.kind == ARK__ON_STACK) {
      load(code, LDR_D, to, move->from.index);
    } else if (from != to) {
      put(code, 0x1e604000 | from << 5 | to); /* fmov */
    }
    break;
  case ARK__ON_STACK:
    if (move->from.kind == ARK__IN_FLOAT && !move->converts) {
      put(code, (uint32_t)STR_D | to << 10 | STACK << 5 | from);
    } else {
      load_integer(code, SCRATCH, move);
      put(code, (uint32_t)STR_X | to << 10 | STACK << 5 | SCRATCH);
    }
  }
}

static void put_address(writer *code, uint32_t reg, uintptr_t address) {
  put(code, 0xd2800000 | (uint32_t)(address & 0xffff) << 5 | reg); /* movz */
  for (uint32_t part = 1; part < 4; part++) {
    put(code, 0xf2800000 | part << 21 | (uint32_t)(address >> 16 * part & 0xffff) << 5 | reg); /* movk */
  }
}

size_t ark__code_write(const ark__shim *shim, void *const *target, uint8_t *out) {
  writer code = {(uint32_t *)(void *)out, STACK, 0};
  bool returns = shim->result || shim->stack;
  put(&code, 0xd503245f); /* bti c */
  if (returns) {
    put(&code, 0xa9bf7bfd); /* stp x29, x30, [sp, #-16]! */
    put(&code, 0x910003fd); /* mov x29, sp */
    if (shim->stack) put(&code, 0xd10003ff | (uint32_t)(16 * ((shim->stack + 1) / 2)) << 10); /* sub sp, sp */
    code.base = FRAME;
    code.offset = 2;
  }
  for (size_t i = 0; i < shim->count; i++) write_move(&code, &shim->moves[i]);
  if (shim->called) {
    put_address(&code, SCRATCH, (uintptr_t)shim->called);
    put(&code, 0x52800031); /* mov w17, #1 */
    put(&code, 0x39000211); /* strb w17, [x16] */
  }
  put_address(&code, SCRATCH, (uintptr_t)target);
  put(&code, 0xf9400210); /* ldr x16, [x16] */
  if (!returns) {
    put(&code, 0xd61f0200); /* br x16 */
    return (size_t)((uint8_t *)code.at - out);
  }
  put(&code, 0xd63f0200); /* blr x16 */
  if (shim->result) put_address(&code, SCRATCH, (uintptr_t)shim->results);
  if (shim->result == ARK__FLOAT) put(&code, 0xfd000200);                                        /* str d0, [x16] */
  if (shim->result == ARK__INTEGER || shim->result == ARK__WIDE_INTEGER) put(&code, 0xf9000200); /* str x0, [x16] */
  if (shim->result == ARK__WIDE_INTEGER) {
    put(&code, 0x9e620000); /* scvtf d0, x0 */
    put(&code, 0xfd000600); /* str d0, [x16, #8] */
  }
  put(&code, 0x910003bf); /* mov sp, x29 */
  put(&code, 0xa8c17bfd); /* ldp x29, x30, [sp], #16 */
  put(&code, 0xd65f03c0); /* ret */
  return (size_t)((uint8_t *)code.at - out);
}

void ark__receive(void);

/* x16 the cell. "hint 34" is `bti c`, which older assemblers do not know. */
ARK__ASSEMBLY("ark__receive", "  hint 34\n"
                              "  sub sp, sp, 144\n"
                              "  .cfi_def_cfa_offset 144\n"
                              "  stp x29, x30, [sp, 128]\n"
                              "  .cfi_offset 29, -16\n"
                              "  .cfi_offset 30, -8\n"
                              "  add x29, sp, 128\n"
                              "  stp x0, x1, [sp, 0]\n"
                              "  stp x2, x3, [sp, 16]\n"
                              "  stp x4, x5, [sp, 32]\n"
                              "  stp x6, x7, [sp, 48]\n"
                              "  stp d0, d1, [sp, 64]\n"
                              "  stp d2, d3, [sp, 80]\n"
                              "  stp d4, d5, [sp, 96]\n"
                              "  stp d6, d7, [sp, 112]\n"
                              "  mov x0, x16\n"
                              "  mov x1, sp\n"
                              "  bl ark__received\n"
                              "  fmov d0, x0\n"
                              "  ldp x29, x30, [sp, 128]\n"
                              "  add sp, sp, 144\n"
                              "  .cfi_restore 29\n"
                              "  .cfi_restore 30\n"
                              "  .cfi_def_cfa_offset 0\n"
                              "  ret\n");

void ark__entries_write(uint8_t *page, size_t count, const void *cells, size_t cell_size) {
  writer code = {(uint32_t *)(void *)page, STACK, 0};
  uint32_t *shared = code.at;
  put_address(&code, 17, (uintptr_t)ark__receive);
  put(&code, 0xd61f0220); /* br x17 */
  for (size_t i = 0; i < count; i++) {
    code.at = (uint32_t *)(void *)(page + ark__entry_at(i));
    put(&code, 0xd503245f); /* bti c */
    put_address(&code, SCRATCH, (uintptr_t)cells + i * cell_size);
    put(&code, 0x14000000 | ((uint32_t)(shared - code.at) & 0x3ffffff)); /* b */
  }
}
#endif
