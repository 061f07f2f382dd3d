// Compiles what is meant for OpenHarmony with its own TypeScript, and runs the linter of ArkTS over it: the HAR, its tests,
// the examples, the programs of its documents, and those of the guide, unedited. All of it must do without a single message.
//
//   node tools/openharmony/arkts/check.mjs
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programsIn } from '../har/programs.mjs';
import { stage } from '../har/sources.mjs';
import { lint } from './compiler.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sdk = fileURLToPath(new URL('sdk/', import.meta.url));
const work = join(root, 'build/arkts/check');
const har = join(work, 'har');

rmSync(work, { recursive: true, force: true });
stage(har);

/** Writes a file that is made for this check, and returns its path. */
function made(name, text) {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, name), text);
  return join(work, name);
}

/** The programs in a document, each as a file of its own. */
const filesOf = (document) =>
  programsIn(document).map((code, i) => made(`${basename(document, '.md')}-${i + 1}.ets`, code));

const GUIDE = ['guide-1', 'guide-2', 'guide-3'];

/** A line of the guide that ArkTS has a rule against, which its compiler translates all the same. */
const EXCUSED =
  'guide-3.ets:6:29: TS91: Destructuring parameter declarations are not supported (arkts-no-destruct-params)';

const below = (folder, pattern) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => pattern.test(name))
    .map((name) => join(root, folder, name));

const modules = {
  arkffi: join(har, 'Index.ets'),
  'liblibrary.so': join(har, 'src/main/cpp/types/liblibrary/Index.d.ts'),
  '@kit.ArkTS': join(sdk, 'arkts.d.ts'),
  '@ohos/hypium': join(sdk, 'hypium.d.ts'),
  '@ohos/hvigor-ohos-plugin': join(sdk, 'hvigor.d.ts'),
};

const files = [
  join(sdk, 'arkui.d.ts'),
  join(har, 'Index.ets'),
  join(root, 'packages/ohos/hvigorfile.ts'),
  ...below('packages/ohos/src/ohosTest/ets', /\.ets$/),
  ...below('packages/ohos/examples', /\.ets$/),
  ...filesOf('packages/ohos/README.md'),
  ...filesOf('packages/ohos/README.zh-CN.md'),
  ...GUIDE.map((name) => made(`${name}.ets`, readFileSync(join(root, 'examples', `${name}.ts`), 'utf8'))),
];
const messages = lint(files, { modules }).filter((message) => !message.includes(EXCUSED));

if (messages.length > 0) {
  console.log(messages.join('\n'));
  process.exitCode = 1;
}
