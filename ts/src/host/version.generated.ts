// Made by tools/generate.mjs from package.json: change that file, then run `npm run generate`.

/** The version of arkffi. */
export const VERSION: string = '0.1.0';
