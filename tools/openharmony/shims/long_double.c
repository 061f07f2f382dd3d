/* Preloaded on x86-64, where OpenHarmony's long double has 128 bits and that of musl's own library has the 80 of the
 * processor: strtold, the one function with a long double that arkffi calls, as OpenHarmony's C library has it. The
 * host calls strtold as well, for which it stays what it is. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

/* A number in the form of the processor, and the same number with 128 bits: the exponent is the same in both, and the
 * first digit of the 80 bits, which is 1, is left out. */
typedef union {
  struct {
    uint64_t digits, exponent;
  } of_80;
  struct {
    uint64_t low, high;
  } of_128;
} number;

int long_double_is_wide(const void *caller);
void *long_double_real(void);
void long_double_widen(number *value);

int long_double_is_wide(const void *caller) {
  Dl_info info;
  return dladdr(caller, &info) && info.dli_fname && strstr(info.dli_fname, "/liblibrary.") != NULL;
}

void *long_double_real(void) {
  return dlsym(RTLD_NEXT, "strtold");
}

void long_double_widen(number *value) {
  uint64_t digits = value->of_80.digits, exponent = value->of_80.exponent & 0xffff;
  value->of_128.low = digits << 49;
  value->of_128.high = exponent << 48 | (digits << 1 >> 16);
}

/* Calls the real strtold, which returns its result in st(0), and returns the result there or in xmm0. */
__asm__("  .text\n"
        "  .globl strtold\n"
        "  .type strtold, @function\n"
        "strtold:\n"
        "  pushq %rbx\n"
        "  subq $48, %rsp\n"
        "  movq %rdi, 16(%rsp)\n"
        "  movq %rsi, 24(%rsp)\n"
        "  movq 56(%rsp), %rdi\n"
        "  call long_double_is_wide\n"
        "  movl %eax, %ebx\n"
        "  call long_double_real\n"
        "  movq 16(%rsp), %rdi\n"
        "  movq 24(%rsp), %rsi\n"
        "  call *%rax\n"
        "  testl %ebx, %ebx\n"
        "  jz 1f\n"
        "  fstpt (%rsp)\n"
        "  movq %rsp, %rdi\n"
        "  call long_double_widen\n"
        "  movaps (%rsp), %xmm0\n"
        "1:\n"
        "  addq $48, %rsp\n"
        "  popq %rbx\n"
        "  ret\n"
        "  .size strtold, . - strtold\n");
