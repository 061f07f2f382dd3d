/* A library with a function that the test's program has as well: whose function a call reaches shows who was asked
 * first. REPLACED_ROLE is 1 in the library that has the function, and 2 in one that needs it. */
const char *replaced_name(void);
const char *replaced_call(void);
const char *replaced_call_needed(void);

#if REPLACED_ROLE == 1
const char *replaced_name(void) {
  return "library";
}

const char *replaced_call(void) {
  return replaced_name();
}
#else
const char *replaced_call_needed(void) {
  return replaced_name();
}
#endif
