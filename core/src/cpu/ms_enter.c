/* Written in assembly, because C cannot express a call whose stack has a size that is known only at run time. */
#include "cpu/assembly.h"
#include "cpu/block_enter.h"

#if ARK__MS
#include <assert.h>

/* Numbers in the assembly below. */
static_assert(ARK__INTEGER_WORDS == 0 && 8 * ARK__FLOAT_WORDS == 64, "registers are loaded from these offsets");
static_assert(8 * (ARK__STACK_WORDS - 1) == 136, "the copy of the stack begins at this offset");
static_assert(offsetof(ark__returned, integers) == 0 && offsetof(ark__returned, floats) == 16,
              "results are stored at these offsets");

/* rcx function, rdx block, r8 words of stack, r9 out. Between the return address and the arguments on the stack there
 * are 32 bytes in which the callee may store its registers. No argument has an alignment of more than 8. */
/* clang-format off */ /* an instruction a line, whatever describes it */
ARK__FRAMED_ASSEMBLY(
    "ark__enter_ms",
    "  pushq %rbx\n"
    ARK__SEH("pushreg %rbx")
    "  .cfi_offset %rbx, -24\n"
    "  subq $8, %rsp\n"
    ARK__SEH("stackalloc 8")
    ARK__SEH("setframe %rbp, 16")
    ARK__SEH("endprologue")
    "  movq %rcx, %r11\n"
    "  movq %rdx, %rax\n"
    "  movq %r9, %rbx\n"
    "  leaq 32(,%r8,8), %r10\n"
    "  subq %r10, %rsp\n"
    "  andq $-16, %rsp\n"
    "  testq %r8, %r8\n"
    "  jz 2f\n"
    "1: movq 136(%rax,%r8,8), %r10\n" /* from the last word down: block[ARK__STACK_WORDS + r8 - 1] */
    "  movq %r10, 24(%rsp,%r8,8)\n"
    "  decq %r8\n"
    "  jnz 1b\n"
    "2: movsd 64(%rax), %xmm0\n"
    "  movsd 72(%rax), %xmm1\n"
    "  movsd 80(%rax), %xmm2\n"
    "  movsd 88(%rax), %xmm3\n"
    "  movq 0(%rax), %rcx\n"
    "  movq 8(%rax), %rdx\n"
    "  movq 16(%rax), %r8\n"
    "  movq 24(%rax), %r9\n"
    "  call *%r11\n"
    "  movq %rax, 0(%rbx)\n"
    "  movups %xmm0, 16(%rbx)\n" /* whole: a result of 16 bytes fills it */
    "  movq -8(%rbp), %rbx\n");
/* clang-format on */
#endif
