/* The calling convention of this machine, if it is one that the core knows. Under any other, libffi makes calls and
 * closures, and structs by value are not supported. CMake compiles this header too, to find out whether libffi is
 * needed.
 *
 * Two compiler definitions are for tests: ARKFFI_UNKNOWN_CPU makes the convention of any machine unknown, and
 * ARKFFI_APPLE_CONVENTION makes that of any 64-bit ARM system Apple's.
 */
#ifndef ARK__CONVENTION_H
#define ARK__CONVENTION_H

/* A value of any type lies in the low bytes of an ark_value, and a pointer fills it. Elsewhere calls would be made with
 * wrong arguments, without any other sign. */
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error                                                                                                                 \
    "arkffi needs a little-endian processor: on a big-endian one every argument narrower than 64 bits would be wrong."
#endif
#if !defined(__SIZEOF_POINTER__) || __SIZEOF_POINTER__ != 8
#error "arkffi needs a processor and an ABI with 64-bit pointers: with 32-bit ones every pointer would be wrong."
#endif

/* Microsoft's convention on x86-64: that of Windows, and one that functions can have elsewhere
 * (`__attribute__((ms_abi))`). */
#if defined(__x86_64__) && !defined(ARKFFI_UNKNOWN_CPU) && !defined(__ILP32__)
#define ARK__MS 1
#else
#define ARK__MS 0
#endif

/* System V on x86-64, except on Windows. */
#if ARK__MS && !defined(_WIN32)
#define ARK__SYSTEM_V 1
#else
#define ARK__SYSTEM_V 0
#endif

/* AAPCS64 on 64-bit ARM. */
#if defined(__aarch64__) && !defined(ARKFFI_UNKNOWN_CPU) && !defined(__ILP32__)
#define ARK__AAPCS64 1
#else
#define ARK__AAPCS64 0
#endif

/* Apple's variant of AAPCS64, which places arguments on the stack by other rules (apple_placement.c). */
#if ARK__AAPCS64 && (defined(__APPLE__) || defined(ARKFFI_APPLE_CONVENTION))
#define ARK__APPLE_AAPCS64 1
#else
#define ARK__APPLE_AAPCS64 0
#endif

/* That of Windows, which passes no arguments of variadic functions in float registers (windows_arm_placement.c). */
#if ARK__AAPCS64 && defined(_WIN32)
#define ARK__WINDOWS_AAPCS64 1
#else
#define ARK__WINDOWS_AAPCS64 0
#endif

/* Whether anything is left for libffi to do; otherwise nothing is compiled or linked that needs it. */
#if ARK__SYSTEM_V || ARK__MS || ARK__AAPCS64
#define ARK__NEEDS_LIBFFI 0
#else
#define ARK__NEEDS_LIBFFI 1
#endif

#endif
