/* System V, x86-64: what entry points of closures continue with. */
#include "cpu/assembly.h"
#include "cpu/code.h"

#if ARK__SYSTEM_V
#include <assert.h>

/* Numbers in the assembly below. */
static_assert(offsetof(ark__received, integers) == 64 && offsetof(ark__received, floats) == 112 &&
                  offsetof(ark__received, frame) == 176 && offsetof(ark__received, is_x87) == 56,
              "registers are stored at these offsets");
static_assert(offsetof(ark__returned, integers) == 0 && offsetof(ark__returned, floats) == 16,
              "results are loaded from these offsets");

/* r10 the closure. Stores all argument registers below the frame pointer, so that what lies there is an ark__received,
 * calls the receiver and loads the registers of the result. */
ARK__FRAMED_ASSEMBLY("ark__receive", "  subq $176, %rsp\n"
                                     "  movq %rdi, 64(%rsp)\n"
                                     "  movq %rsi, 72(%rsp)\n"
                                     "  movq %rdx, 80(%rsp)\n"
                                     "  movq %rcx, 88(%rsp)\n"
                                     "  movq %r8, 96(%rsp)\n"
                                     "  movq %r9, 104(%rsp)\n"
                                     "  movsd %xmm0, 112(%rsp)\n"
                                     "  movsd %xmm1, 120(%rsp)\n"
                                     "  movsd %xmm2, 128(%rsp)\n"
                                     "  movsd %xmm3, 136(%rsp)\n"
                                     "  movsd %xmm4, 144(%rsp)\n"
                                     "  movsd %xmm5, 152(%rsp)\n"
                                     "  movsd %xmm6, 160(%rsp)\n"
                                     "  movsd %xmm7, 168(%rsp)\n"
                                     "  movq %r10, %rdi\n"
                                     "  movq %rsp, %rsi\n"
                                     "  call *(%r10)\n"
                                     "  testq %rdx, %rdx\n"
                                     "  jnz 1f\n"
                                     "  movq %rax, %xmm0\n"
                                     "  jmp 2f\n"
                                     "1: cmpq $0, 56(%rsp)\n"
                                     "  je 3f\n"
                                     "  fldt 0(%rdx)\n"
                                     "  jmp 2f\n"
                                     "3: movsd 16(%rdx), %xmm0\n"
                                     "  movsd 24(%rdx), %xmm1\n"
                                     "  movq 0(%rdx), %rax\n"
                                     "  movq 8(%rdx), %rdx\n"
                                     "2:\n");
#endif
