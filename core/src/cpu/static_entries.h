/* Entry points of closures that are part of the binary, for systems that let no memory be made executable. The
 * assembler makes them; where a closure lies is said relative to the code, so that the loader has nothing to relocate.
 *
 * Thread rule: a macro.
 */
#ifndef ARK__STATIC_ENTRIES_H
#define ARK__STATIC_ENTRIES_H

#include "cpu/assembly.h"
#include "cpu/code.h"

/* Bytes from one entry point to the next. */
enum { ARK__STATIC_ENTRY_SIZE = 16 };

/* An entry point. `ark__static_at` is the offset of its closure, for the assembler. */
#if ARK__MS
#define ARK__STATIC_ENTRY(closures)                                                                                    \
  "  endbr64\n"                                                                                                        \
  "  leaq " closures "+ark__static_at(%rip), %r10\n"                                                                   \
  "  jmp *8(%r10)\n"
#elif ARK__AAPCS64
/* "hint 34" is `bti c`, which older assemblers do not know. */
#define ARK__STATIC_ENTRY(closures)                                                                                    \
  "  hint 34\n"                                                                                                        \
  "  adrp x16, " closures "+ark__static_at\n"                                                                          \
  "  add x16, x16, :lo12:" closures "+ark__static_at\n"                                                                \
  "  b ark__receive\n"
#endif

/* Defines `name`: the code of `count` entry points, whose closures lie `stride` bytes apart from the symbol `closures`
 * on. All parameters are text. Everything that they name is hidden. */
#if ARK__MS || ARK__AAPCS64
#define ARK__STATIC_ENTRIES(name, count, closures, stride)                                                             \
  __asm__(".text\n"                                                                                                    \
          ".p2align 4\n"                                                                                               \
          ".globl " name "\n"                                                                                          \
          ".hidden " name "\n"                                                                                         \
          ".hidden " closures "\n"                                                                                     \
          ".hidden ark__receive\n"                                                                                     \
          ".type " name ", %function\n" name ":\n"                                                                     \
          "  .cfi_startproc\n"                                                                                         \
          ".set ark__static_at, 0\n"                                                                                   \
          ".rept " count "\n"                                                                                          \
          "  .p2align 4\n" ARK__STATIC_ENTRY(closures) ".set ark__static_at, ark__static_at+" stride "\n"              \
                                                       ".endr\n"                                                       \
                                                       "  .cfi_endproc\n"                                              \
                                                       ".size " name ", .-" name "\n")
#endif

#endif
