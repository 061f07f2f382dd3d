// Opens libraries that the program contains as well.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { dlopen } from 'arkffi';

const versions = {
  'libuv.so.1': { uv_version_string: { returns: 's' } },
  'libz.so.1': { zlibVersion: { returns: 's' } },
  'libcurl.so.4': { curl_version: { returns: 's' } },
};

/** Prints the version of a library, closes it, and prints the exit code of a process that is started afterwards. */
export function open(name) {
  const lib = dlopen(name, versions[name]);
  const [version] = Object.values(lib.symbols);
  console.log(version().replace(/^libcurl\/|[^\w. ].*/g, ''));
  lib.close();
  console.log(spawnSync(process.execPath, ['-e', '']).status);
}

/** Prints whether the program's function is called, 1, or the library's, 42. */
export function status(shallow) {
  const path = join(dirname(process.env.ARKFFI_FIXTURE), 'libarkffi_homonym.so');
  const lib = dlopen(path, { homonym_status: { returns: 'i' } }, shallow ? { deep: false } : undefined);
  console.log(lib.symbols.homonym_status());
  lib.close();
}
