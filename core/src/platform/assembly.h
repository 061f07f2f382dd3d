/* Functions of the core's own that are written in assembly. */
#ifndef ARK__ASSEMBLY_H
#define ARK__ASSEMBLY_H

/* The function `name`, which is its body: strings, as __asm__ takes them. */
#define ARK__ASSEMBLY(name, body)                                                                                      \
  __asm__(".text\n"                                                                                                    \
          ".globl " name "\n"                                                                                          \
          ".hidden " name "\n"                                                                                         \
          ".type " name ", %function\n" name ":\n"                                                                     \
          "  .cfi_startproc\n" body "  .cfi_endproc\n"                                                                 \
          ".size " name ", .-" name "\n")

/* On x86-64: one with a frame, from which it returns where the body ends. */
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
