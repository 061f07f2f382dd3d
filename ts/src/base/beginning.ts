/** Where arkffi's code begins: see stack.ts. */

export const beginning = new Error();
