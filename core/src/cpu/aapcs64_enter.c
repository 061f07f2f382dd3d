/* Written in assembly, because C cannot express a call whose stack has a size that is known only at run time. */
#include "cpu/block_enter.h"
#include "cpu/assembly.h"

#if ARK__AAPCS64
#include <assert.h>

/* Numbers in the assembly below. */
static_assert(ARK__INTEGER_WORDS == 0 && 8 * ARK__FLOAT_WORDS == 64 && 8 * ARK__INDIRECT_WORD == 128,
              "registers are loaded from these offsets");
static_assert(8 * ARK__STACK_WORDS == 144, "the copy of the stack begins at this offset");
static_assert(ARK__MAX_STACK_ALIGN == 64, "the stack is aligned by a mask of -64");
static_assert(offsetof(ark__returned, integers) == 0 && offsetof(ark__returned, floats) == 16 &&
                  sizeof(ark__returned) == 48,
              "results are stored at these offsets");

/* x0 function, x1 block, x2 words of stack, x3 out. "hint 34" is `bti c`, which older assemblers do not know. */
/* clang-format off */ /* an instruction a line, whatever describes it */
ARK__ASSEMBLY(
    "ark__enter",
    "  hint 34\n"
    ARK__SEH("nop")
    "  stp x29, x30, [sp, -32]!\n"
    ARK__SEH("save_fplr_x 32")
    "  .cfi_def_cfa_offset 32\n"
    "  .cfi_offset 29, -32\n"
    "  .cfi_offset 30, -24\n"
    "  mov x29, sp\n"
    ARK__SEH("set_fp")
    "  .cfi_def_cfa_register 29\n"
    "  str x19, [sp, 16]\n"
    ARK__SEH("save_reg x19, 16")
    ARK__SEH("endprologue")
    "  .cfi_offset 19, -16\n"
    "  mov x19, x3\n"
    "  mov x9, x0\n"
    "  mov x10, x1\n"
    "  lsl x11, x2, 3\n"
    "  sub x11, sp, x11\n"
    "  and sp, x11, -64\n"
    "  add x12, x10, 144\n"
    /* block[ARK__STACK_WORDS]
                                                                                                      */
    "  cbz x2, 2f\n"
    "1: sub x2, x2, 1\n"
    "  ldr x13, [x12, x2, lsl 3]\n"
    "  str x13, [sp, x2, lsl 3]\n"
    "  cbnz x2, 1b\n"
    "2: ldp d0, d1, [x10, 64]\n"
    "  ldp d2, d3, [x10, 80]\n"
    "  ldp d4, d5, [x10, 96]\n"
    "  ldp d6, d7, [x10, 112]\n"
    "  ldr x8, [x10, 128]\n"
    "  ldp x0, x1, [x10, 0]\n"
    "  ldp x2, x3, [x10, 16]\n"
    "  ldp x4, x5, [x10, 32]\n"
    "  ldp x6, x7, [x10, 48]\n"
    "  blr x9\n"
    "  stp x0, x1, [x19, 0]\n"
    "  stp d0, d1, [x19, 16]\n"
    "  stp d2, d3, [x19, 32]\n"
    ARK__SEH("startepilogue")
    "  mov sp, x29\n"
    ARK__SEH("set_fp")
    "  ldr x19, [sp, 16]\n"
    ARK__SEH("save_reg x19, 16")
    "  ldp x29, x30, [sp], 32\n"
    ARK__SEH("save_fplr_x 32")
    ARK__SEH("endepilogue")
    "  .cfi_def_cfa 31, 0\n"
    "  ret\n");
/* clang-format on */
#endif
