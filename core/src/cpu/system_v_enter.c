/* Written in assembly, because C cannot express a call whose stack has a size that is known only at run time. */
#include "cpu/block_enter.h"
#include "cpu/assembly.h"

#if ARK__SYSTEM_V
#include <assert.h>

/* Numbers in the assembly below. */
static_assert(ARK__INTEGER_WORDS == 0 && 8 * ARK__FLOAT_WORDS == 64, "registers are loaded from these offsets");
static_assert(8 * (ARK__STACK_WORDS - 1) == 136, "the copy of the stack begins at this offset");
static_assert(ARK__MAX_STACK_ALIGN == 64, "the stack is aligned by a mask of -64");
static_assert(offsetof(ark__returned, integers) == 0 && offsetof(ark__returned, floats) == 16,
              "results are stored at these offsets");

/* rdi function, rsi block, rdx words of stack, rcx out. The stack is aligned to ARK__MAX_STACK_ALIGN where the callee's
 * arguments begin. `al` is the number of float registers, which variadic functions read. */
ARK__FRAMED_ASSEMBLY("ark__enter",
                     "  pushq %rbx\n"
                     "  .cfi_offset %rbx, -24\n"
                     "  movq %rdi, %r11\n"
                     "  movq %rsi, %rax\n"
                     "  movq %rcx, %rbx\n"
                     "  leaq 0(,%rdx,8), %r10\n"
                     "  subq %r10, %rsp\n"
                     "  andq $-64, %rsp\n"
                     "  testq %rdx, %rdx\n"
                     "  jz 2f\n"
                     "1: movq 136(%rax,%rdx,8), %r10\n" /* from the last word down: block[ARK__STACK_WORDS + rdx - 1] */
                     "  movq %r10, -8(%rsp,%rdx,8)\n"
                     "  decq %rdx\n"
                     "  jnz 1b\n"
                     "2: movsd 64(%rax), %xmm0\n"
                     "  movsd 72(%rax), %xmm1\n"
                     "  movsd 80(%rax), %xmm2\n"
                     "  movsd 88(%rax), %xmm3\n"
                     "  movsd 96(%rax), %xmm4\n"
                     "  movsd 104(%rax), %xmm5\n"
                     "  movsd 112(%rax), %xmm6\n"
                     "  movsd 120(%rax), %xmm7\n"
                     "  movq 0(%rax), %rdi\n"
                     "  movq 8(%rax), %rsi\n"
                     "  movq 16(%rax), %rdx\n"
                     "  movq 24(%rax), %rcx\n"
                     "  movq 32(%rax), %r8\n"
                     "  movq 40(%rax), %r9\n"
                     "  movl $8, %eax\n"
                     "  call *%r11\n"
                     "  movq %rax, 0(%rbx)\n"
                     "  movq %rdx, 8(%rbx)\n"
                     "  movsd %xmm0, 16(%rbx)\n"
                     "  movsd %xmm1, 24(%rbx)\n"
                     "  movq -8(%rbp), %rbx\n");
#endif
