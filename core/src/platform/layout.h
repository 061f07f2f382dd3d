/* What the C compilers of two CPUs do differently when they lay out a struct. */
#ifndef ARK__PLATFORM_LAYOUT_H
#define ARK__PLATFORM_LAYOUT_H

/* Whether a bit-field without a name aligns its struct: AAPCS64 says yes (10.1.8), System V no (psABI 3.1.2). */
#if defined(__aarch64__) || defined(__arm__)
#define ARK__UNNAMED_BIT_FIELDS_ALIGN 1
#else
#define ARK__UNNAMED_BIT_FIELDS_ALIGN 0
#endif

#endif
