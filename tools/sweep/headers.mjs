// The text of the sets of headers in sets.mjs, as the preprocessor writes it.
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MACHINE = execFileSync('gcc', ['-print-multiarch'], { encoding: 'utf8' }).trim();

export function compiler(args, input = '') {
  const { stdout, stderr, status } = spawnSync('gcc', args, { input, encoding: 'utf8', maxBuffer: 1 << 29 });
  return { stdout, stderr, status };
}

/** The options for the folders of a set below `root`: those of its packages first. */
export function includesOf({ folders }, root) {
  const usr = join(root, 'usr');
  const named = folders.map((folder) => {
    if (folder.startsWith('lib:')) return join(usr, 'lib', MACHINE, folder.slice(4));
    return join(usr, 'include', folder.replace('*', MACHINE));
  });
  const usual = root === '/' ? [] : [join(usr, 'include'), join(usr, 'include', MACHINE)];
  return [...named, ...usual].flatMap((folder) => ['-isystem', folder]);
}

/** What a set includes. PCRE2 has no functions unless a width is chosen. */
export function preambleOf({ headers }) {
  const lines = headers.map((header) =>
    header === 'sweep-pcre2.h' ? '#define PCRE2_CODE_UNIT_WIDTH 8\n#include <pcre2.h>\n' : `#include <${header}>\n`,
  );
  return `#define _GNU_SOURCE 1\n${lines.join('')}`;
}

/** The preprocessed text of a set, with its macros; or why there is none. */
export function textOf(set, root) {
  const { stdout, stderr, status } = compiler([...includesOf(set, root), '-E', '-dD', '-'], preambleOf(set));
  return status === 0 ? { text: stdout } : { why: stderr.split('\n').find((line) => /error/.test(line)) };
}
