/* Functions of the core that are written in assembly.
 *
 * Thread rule: a macro.
 */
#ifndef ARK__ASSEMBLY_H
#define ARK__ASSEMBLY_H

/* Describes an instruction that makes a frame, by which Windows finds the frames of the callers: for exceptions, for
 * longjmp, and for the stacks that debuggers show. Elsewhere the .cfi directives say it. */
#if defined(_WIN32)
#define ARK__SEH(text) "  .seh_" text "\n"
#else
#define ARK__SEH(text)
#endif

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

/* Defines the function `name`; `body` is its text, as __asm__ takes it. The body has the ARK__SEH of its instructions,
 * and ARK__SEH("endprologue") after those that make its frame. */
#define ARK__ASSEMBLY(name, body)                                                                                      \
  __asm__(".text\n"                                                                                                    \
          ".p2align 2\n"                                                                                               \
          ".globl " ARK__SYMBOL(name) "\n" ARK__HIDE(name) ARK__IS_FUNCTION(name)                                      \
              ARK__SYMBOL(name) ":\n"                                                                                  \
                                "  .cfi_startproc\n" ARK__SEH("proc " name) body                                       \
          "  .cfi_endproc\n" ARK__SEH("endproc") ARK__END_FUNCTION(name))

/* On x86-64: a function with a frame pointer, which returns at the end of its body. */
#define ARK__FRAMED_ASSEMBLY(name, body)                                                                               \
  ARK__ASSEMBLY(name, "  endbr64\n"                                                                                    \
                      "  pushq %rbp\n" ARK__SEH("pushreg %rbp") "  .cfi_def_cfa_offset 16\n"                           \
                                                                "  .cfi_offset %rbp, -16\n"                            \
                                                                "  movq %rsp, %rbp\n"                                  \
                                                                "  .cfi_def_cfa_register %rbp\n" body "  leave\n"      \
                                                                "  .cfi_def_cfa %rsp, 8\n"                             \
                                                                "  ret\n")

#endif
