/* Functions of the core that are written in assembly.
 *
 * Thread rule: a macro.
 */
#ifndef ARK__ASSEMBLY_H
#define ARK__ASSEMBLY_H

/* Defines the function `name`; `body` is its text, as __asm__ takes it. */
#define ARK__ASSEMBLY(name, body)                                                                                      \
  __asm__(".text\n"                                                                                                    \
          ".globl " name "\n"                                                                                          \
          ".hidden " name "\n"                                                                                         \
          ".type " name ", %function\n" name ":\n"                                                                     \
          "  .cfi_startproc\n" body "  .cfi_endproc\n"                                                                 \
          ".size " name ", .-" name "\n")

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
