/* The CPU's hint that a thread is going to need what another one has written.
 *
 * Any address is allowed. Thread rule: any thread.
 */
#ifndef ARK__PREFETCH_H
#define ARK__PREFETCH_H

/* Fetches a cache line to be read. */
static inline void ark__prefetch(const void *address) {
  __builtin_prefetch(address, 0);
}

/* Fetches a cache line to be read and written, so that it comes only once. */
static inline void ark__prefetch_to_write(const void *address) {
#if defined(__x86_64__)
  /* Compilers leave it out, because the first of these CPUs lack it: those ignore it. */
  __asm__ volatile("prefetchw %0" : : "m"(*(const char *)address));
#else
  __builtin_prefetch(address, 1);
#endif
}

#endif
