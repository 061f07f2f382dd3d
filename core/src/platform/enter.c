/* Calls a function with registers and stack loaded from an image. C has no way of saying this, since the shape of the
 * stack is known only at run time. */
#include "assembly.h"
#include "placement.h"

#if ARK__SYSTEM_V

/* rdi entry, rsi image, rdx words of stack, rcx out. The stack is aligned to ARK__MAX_STACK_ALIGN where the callee's
 * arguments begin. `al` is the number of float registers, which variadic functions look at. */
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
                     "1: movq 136(%rax,%rdx,8), %r10\n" /* from the last word down: image[ARK__STACK_WORDS + rdx - 1] */
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

#elif ARK__AAPCS64

/* x0 entry, x1 image, x2 words of stack, x3 out. "hint 34" is `bti c`, which older assemblers do not know. */
ARK__ASSEMBLY("ark__enter", "  hint 34\n"
                            "  stp x29, x30, [sp, -32]!\n"
                            "  .cfi_def_cfa_offset 32\n"
                            "  .cfi_offset 29, -32\n"
                            "  .cfi_offset 30, -24\n"
                            "  mov x29, sp\n"
                            "  .cfi_def_cfa_register 29\n"
                            "  str x19, [sp, 16]\n"
                            "  .cfi_offset 19, -16\n"
                            "  mov x19, x3\n"
                            "  mov x9, x0\n"
                            "  mov x10, x1\n"
                            "  lsl x11, x2, 3\n"
                            "  sub x11, sp, x11\n"
                            "  and sp, x11, -64\n"
                            "  add x12, x10, 144\n" /* image[ARK__STACK_WORDS] */
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
                            "  mov sp, x29\n"
                            "  ldr x19, [sp, 16]\n"
                            "  ldp x29, x30, [sp], 32\n"
                            "  .cfi_def_cfa 31, 0\n"
                            "  ret\n");

#else

/* No plan that would need it is made here. */
void ark__enter(ark_entry entry, const uint64_t *image, size_t stack, ark__returned *out) {
  (void)entry, (void)image, (void)stack, (void)out;
}

#endif
