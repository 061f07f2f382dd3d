// Opens a library by its headers, as the library ships them. The C compiler's preprocessor reads them.
import { cdef, findLibrary } from 'arkffi';
import { execFileSync } from 'node:child_process';

/**
 * The text of one or more headers for `cdef`. `module` is the name by which pkg-config knows the library, for headers that are not in
 * the compiler's own folders.
 */
export function preprocessed(headers, module) {
  const flags = module
    ? execFileSync('pkg-config', ['--cflags', module], { encoding: 'utf8' }).trim().split(/\s+/)
    : [];
  const input = [headers]
    .flat()
    .map((header) => `#include <${header}>\n`)
    .join('');
  return execFileSync('cc', ['-E', '-dD', ...flags, '-'], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    stdio: 'pipe',
  });
}

/** The library with all that its headers declare. Says what is missing, and ends the program, if it is not installed. */
export function open(library, headers, { module, ...options } = {}) {
  try {
    return cdef(findLibrary(library), preprocessed(headers, module), options);
  } catch (error) {
    const isMissing = error.code === 'ERR_FFI_LIBRARY_NOT_FOUND' || error.status || error.code === 'ENOENT';
    if (!isMissing) throw error;
    console.log(`skipped: ${(error.stderr || error.message).trim().split('\n')[0]}`);
    process.exit();
  }
}
