/** The names of libraries: paths, bare names, and URLs of files. */

import { ffiError, wrongType } from '../base/errors';
import { pathForLoader, pathInUrl } from '../host/host';

/** A URL object, as far as arkffi reads it. */
export interface FileUrl {
  readonly href: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly pathname: string;
}

/** A library: a path, a bare name, the URL of a file as an object or as text, or `null` for the running process. */
export type LibraryPath = string | FileUrl | null;

/**
 * The path or name that the native module takes. `opener` begins messages.
 * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE`.
 */
export function pathOf(path: LibraryPath, opener: string): string | null {
  if (path === null) return path;
  if (typeof path === 'string') return pathForLoader(isUrl(path) ? pathOfText(path, opener) : path);
  if (Object.prototype.toString.call(path) !== '[object URL]') {
    throw wrongType(`${opener}: argument 1`, 'string, a URL object or null', path);
  }
  const { href, protocol, hostname, pathname } = path;
  const file = protocol === 'file:' && hostname === '' ? decoded(pathname) : undefined;
  if (file !== undefined) return pathForLoader(file);
  throw notLocal(href, opener);
}

/** Whether a text is a URL, which is no path. The drive of a path on Windows is a single letter. */
function isUrl(text: string): boolean {
  return text.startsWith('file:') || /^[a-z][a-z\d+.-]+:\/\//i.test(text);
}

/** The path in a URL that is written as text: `file:///usr/lib/libx.so`, or `file:/usr/lib/libx.so`. */
function pathOfText(url: string, opener: string): string {
  const parts = /^file:(?:\/\/(?:localhost)?)?(\/(?!\/)[^?#]*)$/.exec(url);
  const file = parts === null ? undefined : decoded(parts[1]);
  if (file === undefined) throw notLocal(url, opener);
  return file;
}

/** The path of a URL with its escapes resolved; undefined if they stand for what no file name contains. */
function decoded(pathname: string): string | undefined {
  if (/%2f|%00/i.test(pathname)) return undefined;
  try {
    return pathInUrl(decodeURIComponent(pathname));
  } catch {
    return undefined;
  }
}

function notLocal(url: string, opener: string): Error {
  return ffiError(
    'ERR_FFI_INVALID_ARG_TYPE',
    `${opener}: argument 1: '${url}' is not the URL of a file of this machine; paths and file: URLs are taken`,
  );
}
