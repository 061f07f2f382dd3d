// OpenHarmony's TypeScript, which is 4.9.5 with the linter of ArkTS inside, under the options that its build system gives it.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const folder = join(root, 'build/arkts');

/** Installs the compiler into build/arkts, where it is not there in the version that package-lock.json names. */
function load() {
  const same = (file) =>
    existsSync(join(folder, file)) &&
    readFileSync(join(here, file), 'utf8') === readFileSync(join(folder, file), 'utf8');
  if (
    !['package.json', 'package-lock.json', 'node_modules'].every((file) =>
      file === 'node_modules' ? existsSync(join(folder, file)) : same(file),
    )
  ) {
    mkdirSync(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json']) copyFileSync(join(here, file), join(folder, file));
    const argv = ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { status, stderr } = spawnSync('npm', argv, { encoding: 'utf8', env: { ...process.env, LD_PRELOAD: '' } });
    if (status !== 0) throw new Error(`OpenHarmony's TypeScript could not be installed: ${stderr}`);
  }
  return createRequire(join(folder, 'package.json'))('ohos-typescript');
}

const ts = load();

/** The decorators and components of ArkUI that the compiler has to know by name, to understand `struct` and `build()`. */
const ets = {
  render: { method: ['build', 'pageTransition'], decorator: ['Builder'] },
  components: ['Column', 'Row', 'Text', 'Button', 'Scroll'],
  libs: [],
  extend: { decorator: ['Extend'], components: [] },
  styles: {
    decorator: 'Styles',
    component: { name: 'Common', type: 'T', instance: 'CommonInstance' },
    property: 'stateStyles',
  },
  concurrent: { decorator: 'Concurrent' },
  customComponent: 'CustomComponent',
  propertyDecorators: [{ name: 'State', needInitialization: false }],
  emitDecorators: [
    { name: 'Entry', emitParameters: false },
    { name: 'Component', emitParameters: false },
  ],
  syntaxComponents: { paramsUICallback: [], attrUICallback: [] },
};

function optionsFor(more) {
  return {
    target: ts.ScriptTarget.ES2017,
    module: ts.ModuleKind.ES2020,
    moduleResolution: ts.ModuleResolutionKind.NodeJs,
    lib: ['lib.es2020.d.ts'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    experimentalDecorators: true,
    types: [],
    typeRoots: [],
    baseUrl: root,
    packageManagerType: 'ohpm',
    etsLoaderPath: join(folder, 'ets-loader'),
    compatibleSdkVersion: 12,
    compatibleSdkVersionStage: 'release',
    tsImportSendableEnable: true,
    needDoArkTsLinter: true, // with it the types of native modules count in ArkTS
    isCompatibleVersion: false,
    ets,
    ...more,
  };
}

/**
 * Compiles files and runs the linter of ArkTS over them. Returns what both have to say of these files and of all that they
 * import, as lines of text; none if all is well.
 *
 * @param {string[]} files
 * @param {{ modules?: { [name: string]: string }, options?: object }} [how] `modules` has the files that names of packages
 *   stand for.
 */
export function lint(files, { modules = {}, options: more = {} } = {}) {
  const options = optionsFor(more);
  const host = ts.createIncrementalCompilerHost(options);
  host.resolveModuleNames = (names, from) =>
    names.map((name) => {
      const known = modules[name];
      if (known) return { resolvedFileName: known, extension: known.endsWith('.d.ts') ? '.d.ts' : extname(known) };
      return ts.resolveModuleName(name, from, options, host).resolvedModule;
    });
  const rootNames = files.map((file) => resolve(file));
  const builder = ts.createIncrementalProgramForArkTs({ rootNames, options, host });
  const program = builder.getProgram();
  const found = [
    ...program.getSyntacticDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...program.getSemanticDiagnostics(),
    ...ts.ArkTSLinter_1_1.runArkTSLinter(builder, undefined, undefined, 'ArkTSVersion_1_1'),
  ];
  return [...new Set(found.map(lineOf))];
}

function lineOf({ file, start, code, messageText }) {
  const text = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (!file) return text;
  const { line, character } = file.getLineAndCharacterOfPosition(start);
  const place = `${file.fileName.replace(root, '')}:${line + 1}:${character + 1}`;
  return `${place}: ${code > 0 ? `TS${code}: ` : ''}${text}\n    ${file.text.split('\n')[line].trim()}`;
}

/** A file in ArkTS or TypeScript as a JavaScript module. It is not checked. */
export function transpile(file) {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
    fileName: file,
    compilerOptions: optionsFor({ noEmit: false }),
  });
  return outputText;
}
