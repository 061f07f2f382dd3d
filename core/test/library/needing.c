/* Libraries that need one another: NEEDING_ROLE is 0 in the innermost, and 2 in the outermost. */
#if NEEDING_ROLE == 0
int needed(void);
int needed(void) {
  return 42;
}
#elif NEEDING_ROLE == 1
int needed(void);
int needing(void);
int needing(void) {
  return needed() + 1;
}
#else
int needing(void);
int outer(void);
int outer(void) {
  return needing() + 1;
}
#endif
