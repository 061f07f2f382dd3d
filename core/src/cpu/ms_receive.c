/* Microsoft's convention, x86-64: what entry points of closures continue with. */
#include "cpu/assembly.h"
#include "cpu/code.h"

#if ARK__MS
#include <assert.h>

/* Numbers in the assembly below. */
enum { SAVED = 176 };
static_assert(SAVED + offsetof(ark__received, integers) == 240 && SAVED + offsetof(ark__received, floats) == 288 &&
                  SAVED + offsetof(ark__received, frame) == 352,
              "registers are stored at these offsets");
static_assert(offsetof(ark__returned, integers) == 0 && offsetof(ark__returned, floats) == 16,
              "results are loaded from these offsets");

/* r10 the closure. Stores all argument registers below the frame pointer, so that what lies there is an ark__received;
 * saves below that the registers that the caller may rely on, and System V's functions do not keep; calls the receiver,
 * which has System V's convention, and loads the registers of the result, xmm0 as a whole for __int128. */
/* clang-format off */ /* an instruction a line, whatever describes it */
ARK__FRAMED_ASSEMBLY(
    "ark__receive_ms",
    "  subq $352, %rsp\n"
    ARK__SEH("stackalloc 352")
    "  movq %rcx, 240(%rsp)\n"
    "  movq %rdx, 248(%rsp)\n"
    "  movq %r8, 256(%rsp)\n"
    "  movq %r9, 264(%rsp)\n"
    "  movsd %xmm0, 288(%rsp)\n"
    "  movsd %xmm1, 296(%rsp)\n"
    "  movsd %xmm2, 304(%rsp)\n"
    "  movsd %xmm3, 312(%rsp)\n"
    "  movaps %xmm6, 0(%rsp)\n"
    ARK__SEH("savexmm %xmm6, 0")
    "  movaps %xmm7, 16(%rsp)\n"
    ARK__SEH("savexmm %xmm7, 16")
    "  movaps %xmm8, 32(%rsp)\n"
    ARK__SEH("savexmm %xmm8, 32")
    "  movaps %xmm9, 48(%rsp)\n"
    ARK__SEH("savexmm %xmm9, 48")
    "  movaps %xmm10, 64(%rsp)\n"
    ARK__SEH("savexmm %xmm10, 64")
    "  movaps %xmm11, 80(%rsp)\n"
    ARK__SEH("savexmm %xmm11, 80")
    "  movaps %xmm12, 96(%rsp)\n"
    ARK__SEH("savexmm %xmm12, 96")
    "  movaps %xmm13, 112(%rsp)\n"
    ARK__SEH("savexmm %xmm13, 112")
    "  movaps %xmm14, 128(%rsp)\n"
    ARK__SEH("savexmm %xmm14, 128")
    "  movaps %xmm15, 144(%rsp)\n"
    ARK__SEH("savexmm %xmm15, 144")
    "  movq %rdi, 160(%rsp)\n"
    ARK__SEH("savereg %rdi, 160")
    "  .cfi_offset %rdi, -208\n"
    "  movq %rsi, 168(%rsp)\n"
    "  .cfi_offset %rsi, -200\n"
    ARK__SEH("savereg %rsi, 168")
    ARK__SEH("endprologue")
    "  movq %r10, %rdi\n"
    "  leaq 176(%rsp), %rsi\n"
    "  call *(%r10)\n"
    "  testq %rdx, %rdx\n"
    "  jnz 1f\n"
    "  movq %rax, %xmm0\n"
    "  jmp 2f\n"
    "1: movups 16(%rdx), %xmm0\n"
    "  movq 0(%rdx), %rax\n"
    "2: movaps 0(%rsp), %xmm6\n"
    "  movaps 16(%rsp), %xmm7\n"
    "  movaps 32(%rsp), %xmm8\n"
    "  movaps 48(%rsp), %xmm9\n"
    "  movaps 64(%rsp), %xmm10\n"
    "  movaps 80(%rsp), %xmm11\n"
    "  movaps 96(%rsp), %xmm12\n"
    "  movaps 112(%rsp), %xmm13\n"
    "  movaps 128(%rsp), %xmm14\n"
    "  movaps 144(%rsp), %xmm15\n"
    "  movq 160(%rsp), %rdi\n"
    "  .cfi_restore %rdi\n"
    "  movq 168(%rsp), %rsi\n"
    "  .cfi_restore %rsi\n");
/* clang-format on */
#endif
