/* Functions of the core that are written in assembly.
 *
 * Thread rule: a macro.
 */
#ifndef ARK__ASSEMBLY_H
#define ARK__ASSEMBLY_H

/* The symbol of a C name, and what hides it in the binary. In Mach-O, C names begin with an underscore. */
#if defined(__APPLE__)
#define ARK__SYMBOL(name) "_" name
#define ARK__HIDE(name) ".private_extern " ARK__SYMBOL(name) "\n"
#define ARK__IS_FUNCTION(name)
#define ARK__END_FUNCTION(name)
#elif defined(_WIN32)
/* A DLL exports only what it declares so. */
#define ARK__SYMBOL(name) name
#define ARK__HIDE(name)
#define ARK__IS_FUNCTION(name)
#define ARK__END_FUNCTION(name)
#else
#define ARK__SYMBOL(name) name
#define ARK__HIDE(name) ".hidden " name "\n"
#define ARK__IS_FUNCTION(name) ".type " name ", %function\n"
#define ARK__END_FUNCTION(name) ".size " name ", .-" name "\n"
#endif

/* Defines the function `name`; `body` is its text, as __asm__ takes it. */
#define ARK__ASSEMBLY(name, body)                                                                                      \
  __asm__(".text\n"                                                                                                    \
          ".p2align 2\n"                                                                                               \
          ".globl " ARK__SYMBOL(name) "\n" ARK__HIDE(name) ARK__IS_FUNCTION(name)                                      \
              ARK__SYMBOL(name) ":\n"                                                                                  \
                                "  .cfi_startproc\n" body "  .cfi_endproc\n" ARK__END_FUNCTION(name))

/* On x86-64: a function with a frame pointer, which returns at the end of its body. */
#define ARK__FRAMED_ASSEMBLY(name, body)                                                                               \
  ARK__ASSEMBLY(name, "  endbr64\n"                                                                                    \
                      "  pushq %rbp\n"                                                                                 \
                      "  .cfi_def_cfa_offset 16\n"                                                                     \
                      "  .cfi_offset %rbp, -16\n"                                                                      \
                      "  movq %rsp, %rbp\n"                                                                            \
                      "  .cfi_def_cfa_register %rbp\n" body "  leave\n"                                                \
                      "  .cfi_def_cfa %rsp, 8\n"                                                                       \
                      "  ret\n")

#endif
