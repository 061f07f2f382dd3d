/* AAPCS64, 64-bit ARM (6.8): code of shims and of entry points. Encodings are those of the Arm ARM, C6 and C7. */
#include "cpu/assembly.h"
#include "cpu/code.h"

#if ARK__AAPCS64
#include <assert.h>
#include <string.h>

/* No function keeps x16, x17 and d16 across calls or takes an argument in them. 31 is the stack pointer in an address.
 */
enum { SCRATCH = 16, CALLED = 17, FRAME = 29, STACK = 31 };

/* What does not fit into `room` bytes is counted in `length` but not written. */
typedef struct writer {
  uint8_t *out;
  size_t room, length;
  uint32_t base;   /* the register that points to the caller's stack */
  uint32_t offset; /* of its first argument, in 8-byte slots */
} writer;

static void code_put(writer *code, uint32_t instruction) {
  if (code->length + sizeof instruction <= code->room) {
    memcpy(code->out + code->length, &instruction, sizeof instruction);
  }
  code->length += sizeof instruction;
}

static void code_load(writer *code, uint32_t opcode, uint32_t reg, uint8_t slot) {
  code_put(code, opcode | (code->offset + slot) << 10 | code->base << 5 | reg);
}

#define LDR_X 0xf9400000u
#define STR_X 0xf9000000u
#define LDR_D 0xfd400000u
#define STR_D 0xfd000000u

/* Loads an integer register from any location. */
static void code_load_integer(writer *code, uint32_t reg, const ark__transfer *move) {
  uint32_t from = move->from.index;
  if (!move->converts) {
    if (move->from.kind == ARK__ON_STACK) {
      code_load(code, LDR_X, reg, move->from.index);
    } else if (from != reg) {
      code_put(code, 0xaa0003e0 | from << 16 | reg); /* mov */
    }
    return;
  }
  if (move->from.kind == ARK__ON_STACK) code_load(code, LDR_D, from = SCRATCH, move->from.index);
  code_put(code, 0x9e780000 | from << 5 | reg); /* fcvtzs */
}

static void code_write_move(writer *code, const ark__transfer *move) {
  uint32_t to = move->to.index, from = move->from.index;
  switch (move->to.kind) {
  case ARK__IN_INTEGER: code_load_integer(code, to, move); break;
  case ARK__IN_FLOAT:
    if (move->from.kind == ARK__ON_STACK) {
      code_load(code, LDR_D, to, move->from.index);
    } else if (from != to) {
      code_put(code, 0x1e604000 | from << 5 | to); /* fmov */
    }
    break;
  case ARK__ON_STACK:
    if (move->from.kind == ARK__IN_FLOAT && !move->converts) {
      code_put(code, STR_D | to << 10 | STACK << 5 | from);
    } else {
      code_load_integer(code, SCRATCH, move);
      code_put(code, STR_X | to << 10 | STACK << 5 | SCRATCH);
    }
  }
}

static void code_put_address(writer *code, uint32_t reg, uintptr_t address) {
  code_put(code, 0xd2800000 | (uint32_t)(address & 0xffff) << 5 | reg); /* movz */
  for (uint32_t part = 1; part < 4; part++) {
    code_put(code, 0xf2800000 | part << 21 | (uint32_t)(address >> 16 * part & 0xffff) << 5 | reg); /* movk */
  }
}

size_t ark__shim_write(const ark__shim *shim, void *const *target, uint8_t *out, size_t room) {
  writer code = {.out = out, .room = room, .base = STACK};
  bool returns = shim->result || shim->stack || shim->called || shim->mark;
  code_put(&code, 0xd503245f); /* bti c */
  if (returns) {
    code_put(&code, 0xa9bf7bfd); /* stp x29, x30, [sp, #-16]! */
    code_put(&code, 0x910003fd); /* mov x29, sp */
    if (shim->stack) code_put(&code, 0xd10003ff | (uint32_t)(16 * ((shim->stack + 1) / 2)) << 10); /* sub sp, sp */
    code.base = FRAME;
    code.offset = 2;
  }
  if (ark__stores_doubles(shim)) {
    code_put_address(&code, SCRATCH, (uintptr_t)(shim->mark ? shim->mark : shim->called));
    code_put(&code, 0x52800031); /* mov w17, #1 */
    code_put(&code, 0x39000211); /* strb w17, [x16] */
  }
  /* Before the moves, which may overwrite the register that it comes in. */
  if (shim->given) code_load_integer(&code, CALLED, &(ark__transfer){.from = *shim->given, .converts = true});
  for (size_t i = 0; i < shim->count; i++) code_write_move(&code, &shim->moves[i]);
  if (!shim->given) {
    code_put_address(&code, CALLED, (uintptr_t)target);
    code_put(&code, 0xf9400231); /* ldr x17, [x17] */
  }
  if (!returns) {
    code_put(&code, 0xd61f0220); /* br x17 */
    return code.length;
  }
  code_put(&code, 0xd63f0220); /* blr x17 */
  if (shim->result) code_put_address(&code, SCRATCH, (uintptr_t)shim->results);
  if (shim->result == ARK__FLOAT) code_put(&code, 0xfd000200); /* str d0, [x16] */
  if (shim->result == ARK__INTEGER || shim->result == ARK__WIDE_INTEGER)
    code_put(&code, 0xf9000200); /* str x0, [x16] */
  if (shim->result == ARK__WIDE_INTEGER) {
    code_put(&code, 0x9e620000);                                /* scvtf d0, x0 */
    if (ark__stores_doubles(shim)) code_put(&code, 0xfd000600); /* str d0, [x16, #8] */
  }
  if (shim->called) {
    code_put_address(&code, SCRATCH, (uintptr_t)shim->called);
    code_put(&code, 0x39400211); /* ldrb w17, [x16] */
    code_put(&code, 0x32000231); /* orr w17, w17, #1 */
    code_put(&code, 0x39000211); /* strb w17, [x16] */
  }
  if (shim->mark) {
    code_put_address(&code, SCRATCH, (uintptr_t)shim->mark);
    code_put(&code, 0x3900021f); /* strb wzr, [x16] */
  }
  code_put(&code, 0x910003bf); /* mov sp, x29 */
  code_put(&code, 0xa8c17bfd); /* ldp x29, x30, [sp], #16 */
  code_put(&code, 0xd65f03c0); /* ret */
  return code.length;
}

/* Stores x8 and all argument registers below the frame record, so that what lies there is an ark__received, calls the
 * receiver and loads the registers of the result. */
void ark__receive(void);

/* Numbers in the assembly below. */
static_assert(offsetof(ark__received, indirect) == 48 && offsetof(ark__received, integers) == 64 &&
                  offsetof(ark__received, floats) == 128 && offsetof(ark__received, frame) == 192,
              "registers are stored at these offsets");
static_assert(offsetof(ark__returned, integers) == 0 && offsetof(ark__returned, floats) == 16,
              "results are loaded from these offsets");

/* x16 the closure. "hint 34" is `bti c`, which older assemblers do not know. */
/* clang-format off */ /* an instruction a line, whatever describes it */
ARK__ASSEMBLY(
    "ark__receive",
    "  hint 34\n"
    ARK__SEH("nop")
    "  sub sp, sp, 208\n"
    ARK__SEH("stackalloc 208")
    "  .cfi_def_cfa_offset 208\n"
    "  stp x29, x30, [sp, 192]\n"
    ARK__SEH("save_fplr 192")
    "  .cfi_offset 29, -16\n"
    "  .cfi_offset 30, -8\n"
    "  add x29, sp, 192\n"
    ARK__SEH("add_fp 192")
    ARK__SEH("endprologue")
    "  str x8, [sp, 48]\n"
    "  stp x0, x1, [sp, 64]\n"
    "  stp x2, x3, [sp, 80]\n"
    "  stp x4, x5, [sp, 96]\n"
    "  stp x6, x7, [sp, 112]\n"
    "  stp d0, d1, [sp, 128]\n"
    "  stp d2, d3, [sp, 144]\n"
    "  stp d4, d5, [sp, 160]\n"
    "  stp d6, d7, [sp, 176]\n"
    "  mov x0, x16\n"
    "  mov x1, sp\n"
    "  ldr x9, [x16]\n"
    "  blr x9\n"
    "  cbnz x1, 1f\n"
    "  fmov d0, x0\n"
    "  b 2f\n"
    "1: ldp d0, d1, [x1, 16]\n"
    "  ldp d2, d3, [x1, 32]\n"
    "  ldp x0, x1, [x1]\n"
    "2:\n"
    ARK__SEH("startepilogue")
    "  ldp x29, x30, [sp, 192]\n"
    ARK__SEH("save_fplr 192")
    "  add sp, sp, 208\n"
    ARK__SEH("stackalloc 208")
    ARK__SEH("endepilogue")
    "  .cfi_restore 29\n"
    "  .cfi_restore 30\n"
    "  .cfi_def_cfa_offset 0\n"
    "  ret\n");
/* clang-format on */

ark__reception ark__reception_of(const ark_signature *signature) {
  (void)signature;
  return ark__receive;
}

/* Sizes in bytes of the code below. */
static_assert(4 * (4 + 1) <= ARK__ENTRIES_START, "the shared code fits in front of the entry points");
static_assert(4 * (1 + 4 + 1) <= ARK__ENTRY_SIZE, "the code of an entry point fits");

void ark__entries_write(uint8_t *page, size_t page_size, const void *closures, size_t closure_size) {
  writer code = {.out = page, .room = page_size};
  code_put_address(&code, 17, (uintptr_t)ark__receive);
  code_put(&code, 0xd61f0220); /* br x17 */
  for (size_t i = 0; i < ark__entry_count(page_size); i++) {
    code.length = ark__entry_at(i);
    code_put(&code, 0xd503245f); /* bti c */
    code_put_address(&code, SCRATCH, (uintptr_t)closures + i * closure_size);
    code_put(&code, 0x14000000 | ((uint32_t)(0 - code.length / 4) & 0x3ffffff)); /* b to the page's start */
  }
}
#endif
