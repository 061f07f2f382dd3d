/** The names of libraries: paths, bare names, and URLs of files. */

import { ffiError, wrongType } from '../base/errors';
import { pathForLoader } from '../host/host';

/** A URL object, as far as arkffi reads it. */
export interface FileUrl {
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly pathname: string;
}

/** A library: a path, a bare name, the URL of a file, or `null` for the running process. */
export type LibraryPath = string | FileUrl | null;

/**
 * The path or name that the native module takes. `opener` begins messages.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`.
 */
export function pathOf(path: LibraryPath, opener: string): string | null {
  if (path === null) return path;
  if (typeof path === 'string') {
    if (!path.startsWith('file:')) return pathForLoader(path);
    throw ffiError(
      'ERR_FFI_INVALID_ARG_TYPE',
      `${opener}: argument 1: a URL is passed as an object: new URL('${path}')`,
    );
  }
  if (Object.prototype.toString.call(path) !== '[object URL]') {
    throw wrongType(`${opener}: argument 1`, 'string, a URL object or null', path);
  }
  const { href, protocol, hostname, pathname } = path;
  const file = protocol === 'file:' && hostname === '' && !/%2f|%00/i.test(pathname);
  if (file) return pathForLoader(decodeURIComponent(pathname));
  throw ffiError(
    'ERR_FFI_INVALID_ARG_TYPE',
    `${opener}: argument 1: '${href}' is not the URL of a file of this machine`,
  );
}
