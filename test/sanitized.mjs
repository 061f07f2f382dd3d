/**
 * Whether the tests run under a sanitizer, which delays the reuse of freed memory, so that memory figures mean nothing.
 * tools/sanitizer/run.sh sets the variable for each of them.
 */
export const isSanitized = Boolean(process.env.ASAN_OPTIONS);
