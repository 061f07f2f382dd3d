/* Which families of operating systems this one belongs to. The first word of each file's name here says which family it
 * is for; it is empty on all others.
 */
#ifndef ARK__SYSTEM_H
#define ARK__SYSTEM_H

#include <limits.h> /* any header of the C library makes glibc known by __GLIBC__ */
#include <stddef.h> /* declares something: ISO C forbids a translation unit without that */

#if defined(_WIN32)
#define ARK__WINDOWS 1
#define ARK__POSIX 0
#else
#define ARK__WINDOWS 0
#define ARK__POSIX 1
#endif

/* Shared objects in ELF: Linux and the BSDs, but not macOS. */
#if ARK__POSIX && !defined(__APPLE__)
#define ARK__ELF 1
#else
#define ARK__ELF 0
#endif

#if defined(__APPLE__)
#define ARK__MACOS 1
#else
#define ARK__MACOS 0
#endif

/* Android and OpenHarmony are among them. */
#if defined(__linux__)
#define ARK__LINUX 1
#else
#define ARK__LINUX 0
#endif

#if defined(__OHOS__)
#define ARK__OPENHARMONY 1
#else
#define ARK__OPENHARMONY 0
#endif

/* The C library of a Linux system. Every other than glibc is taken for musl, whose loader is OpenHarmony's as well. */
#if ARK__LINUX && defined(__GLIBC__)
#define ARK__GLIBC 1
#else
#define ARK__GLIBC 0
#endif
#if ARK__LINUX && !ARK__GLIBC
#define ARK__MUSL 1
#else
#define ARK__MUSL 0
#endif

#endif
