/**
 * Whether the tests run under a sanitizer, which delays the reuse of freed memory, so that memory figures mean nothing.
 */
export const isSanitized = Boolean(process.env.ARKFFI_NATIVE_MODULE);
