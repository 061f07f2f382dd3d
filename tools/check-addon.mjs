// What the built native module asks of its host and shows to it. Prints a line for each thing wrong, and exits 1 where
// there is one.
//
//   node tools/check-addon.mjs    after a release build
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ADDON = 'dist/liblibrary.node';
// Each layer, where its objects are, and what its external names begin with.
const LAYERS = [
  ['build/release/core/CMakeFiles/arkffi_core.dir', /^ark_/],
  ['build/release/cdef/CMakeFiles/arkffi_cdef.dir', /^cdef_/],
  [
    'build/release/bridge/CMakeFiles/arkffi.dir',
    /^(arkjs_|napi_register_module_v1$|node_api_module_get_api_version_v1$)/,
  ],
];

// What glibc's own parts are called. The loader itself is among them: thread-local variables need it.
const SYSTEM = /^(libc|libm|libdl|libpthread|ld-linux-[\w-]+)\.so\.\d+$/;
const SHOWN = ['napi_register_module_v1', 'node_api_module_get_api_version_v1', 'arkjs_host_entry'];

let wrong = 0;
function complain(text) {
  wrong++;
  console.log(text);
}

/** The symbols of a file, one { name, type } each; `type` is nm's letter. */
function symbolsOf(file, ...options) {
  return execFileSync('nm', ['--format=posix', ...options, file], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^(\S+) ([a-zA-Z])\b/.exec(line))
    .filter(Boolean)
    .map(([, name, type]) => ({ name, type }));
}

const openHarmony = new Set(readFileSync('tools/openharmony/napi-symbols.txt', 'utf8').split('\n'));
const isNodeApi = (name) => /^(napi|node_api)_/.test(name);

for (const { name, type } of symbolsOf(ADDON, '-D', '--undefined-only')) {
  if (isNodeApi(name)) {
    if (!openHarmony.has(name)) complain(`${ADDON} imports ${name}, which OpenHarmony does not have`);
  } else if (!/@GLIBC_/.test(name) && type !== 'w') {
    complain(`${ADDON} needs ${name}, which is in no library it is linked with`);
  }
}

for (const { name } of symbolsOf(ADDON, '-D', '--defined-only')) {
  if (!SHOWN.includes(name))
    complain(
      `${ADDON} exports ${name}, but only its registration and the entry for a host's calls are for others to see`,
    );
}

const dynamic = execFileSync('readelf', ['-d', ADDON], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
for (const [, library] of dynamic.matchAll(/NEEDED.*\[(.*)\]/g)) {
  if (!SYSTEM.test(library)) complain(`${ADDON} needs ${library} where it runs`);
}
for (const [, path] of dynamic.matchAll(/(?:RPATH|RUNPATH).*\[(.*)\]/g)) {
  complain(`${ADDON} looks for libraries in ${path}`);
}

// The layer by the prefix, as the linker sees it. Objects of sources in sub-folders are in sub-folders too.
for (const [folder, prefix] of LAYERS) {
  const objects = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.o'));
  if (objects.length === 0) complain(`${folder} has no object files, so that no prefix could be checked`);
  for (const object of objects) {
    for (const { name } of symbolsOf(`${folder}/${object}`, '--extern-only', '--defined-only')) {
      if (!prefix.test(name)) complain(`${folder}/${object} defines ${name}, whose prefix is not that of its layer`);
    }
  }
}

process.exit(wrong ? 1 : 0);
