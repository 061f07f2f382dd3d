// Makes of the shared sources what the HAR has beside the files of packages/ohos: the TypeScript with the host part for
// OpenHarmony, the types of the native module, the rules for obfuscation, and the documents of the whole project.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepRules } from './names.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const shared = join(root, 'ts/src');

/** The host part of other hosts. `ohos.ts` takes the place of `host.ts`. */
const OTHER_HOSTS = ['host', 'node', 'loader', 'diagnosis', 'machine', 'variables', 'builtin', 'bun', 'deno'].map(
  (name) => `host/${name}.ts`,
);
/** What only the npm package has, whose files come late. */
const OF_THE_PACKAGE = ['base/late_file.ts'];
const OWN_HOST = 'host/ohos.ts';

/** The folder of the TypeScript in the HAR. */
export const ETS = 'src/main/ets';

/** Where the types of the native module are. */
const TYPES = 'src/main/cpp/types/liblibrary';

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();

/**
 * The compiler warns at each call of a function whose comment has the tag `@throws`, whether or not the caller can do
 * something about the error. So the comments say it in words.
 */
function withoutThrowsTags(text) {
  const words = text.replace(/^(\s*(?:\/\*)?\*(?: .*?)? ?)@throws\b/gm, '$1Throws');
  if (words.includes('@throws')) throw new Error(`a tag @throws is not at the beginning of a comment's line: ${text}`);
  return words;
}

/** The generated files of the HAR: the text of each, by its path. */
export function generatedFiles() {
  const files = new Map();
  for (const path of filesBelow(shared)) {
    if (OTHER_HOSTS.includes(path) || OF_THE_PACKAGE.includes(path)) continue;
    const to = path === OWN_HOST ? 'host/host.ts' : path;
    files.set(`${ETS}/${to}`, withoutThrowsTags(readFileSync(join(shared, path), 'utf8')));
  }
  // The file has only types, so that it is a file of declarations as it stands.
  files.set(`${TYPES}/bridge.d.ts`, files.get(`${ETS}/host/bridge.ts`));
  const sources = [...files].filter(([path]) => path.startsWith(`${ETS}/`));
  files.set('consumer-rules.txt', keepRules(sources, `${ETS}/index.ts`));
  for (const name of ['LICENSE', 'CHANGELOG.md']) files.set(name, readFileSync(join(root, name), 'utf8'));
  return files;
}

/** Writes the generated files into a folder: packages/ohos itself, or a copy of it. */
export function writeGenerated(folder) {
  rmSync(join(folder, ETS), { recursive: true, force: true });
  for (const [path, text] of generatedFiles()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The files of packages/ohos that belong into the packed form: what only a build from the sources needs does not. */
const PACKED = [
  'oh-package.json5',
  'Index.ets',
  'README.md',
  'README.zh-CN.md',
  'examples',
  'src/main/module.json5',
  TYPES,
];

/** Puts the whole packed form into a folder, which is emptied first, without the native modules. */
export function stage(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const path of PACKED) {
    const from = join(root, 'packages/ohos', path);
    if (!existsSync(from)) throw new Error(`packages/ohos/${path} is missing`);
    cpSync(from, join(folder, path), { recursive: true });
  }
  writeGenerated(folder);
  // hvigor packs the rules under this name, and reads them by it where the HAR is used; the same for the module.
  cpSync(join(folder, 'consumer-rules.txt'), join(folder, 'obfuscation.txt'));
  cpSync(join(folder, 'src/main/module.json5'), join(folder, 'src/main/module.json'));
  JSON.parse(readFileSync(join(folder, 'src/main/module.json'), 'utf8')); // it must not need more than JSON
}
