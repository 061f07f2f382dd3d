// Which files of the behaviour suite run on other platforms than the machine's own. Single tests that are skipped have their
// reason in test/behaviour/hosts.mjs, or beside the test; all are printed.

/** By platform, files that are left out, each with its reason. */
export const LEFT_OUT = {
  windows: {
    'test/behaviour/cdef-headers.test.mjs':
      'the headers and functions are those of POSIX; windows-headers.test.mjs has those of Windows',
    'test/behaviour/loading.test.mjs':
      'the files are ELF, pipes and sockets; windows-loading.test.mjs has those of Windows',
  },
};

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

/** The same on a platform of which other things are to be known. */
export const SOME_ON = {
  windows: [
    ...SOME,
    ...[
      'abi',
      'async',
      'callback-stacks',
      'callback-threads',
      'checked',
      'errors',
      'libraries',
      'library-lists',
      'windows-headers',
      'windows-loading',
      'windows-threads',
    ].map((name) => `test/behaviour/${name}.test.mjs`),
  ],
};
