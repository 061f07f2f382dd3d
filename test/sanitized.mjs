/** Whether a sanitizer watches: it keeps freed memory back, so that what a process has says nothing then. */
export const isSanitized = Boolean(process.env.ARKFFI_NATIVE_MODULE);
