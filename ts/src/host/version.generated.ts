// Made by tools/generate.mjs from package.json and the contract: change these, then run `npm run generate`.

/** The version of arkffi. */
export const VERSION: string = '0.1.0';

/** A hash of what the native module and this JavaScript agree on. */
export const CONTRACT: string = '970b9fdbbe8bd6f5';
