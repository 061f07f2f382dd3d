/* The CPU's hint for loops that wait for another thread.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__PAUSE_H
#define ARK__PAUSE_H

static inline void ark__pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
  __asm__ volatile("yield");
#endif
}

#endif
