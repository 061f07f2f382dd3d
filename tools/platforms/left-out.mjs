// Which files of the behaviour suite run on other platforms than the machine's own.

/** By platform, files that are left out, each with its reason. */
export const LEFT_OUT = {};

/** A part of the suite that takes little time: `--some`. */
export const SOME = [
  'callbacks',
  'floats',
  'generated-structs',
  'integers',
  'loading',
  'structs-by-value',
  'strings',
  'variadic',
].map((name) => `test/behaviour/${name}.test.mjs`);
