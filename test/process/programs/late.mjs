// Prints which of arkffi's files are loaded, what the functions look like that load them, and what comes of it where a file
// cannot be loaded.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const arkffi = require('arkffi');

const programs = {
  nothing: () => undefined,
  struct: () => arkffi.Struct({ x: 'i' }).create({ x: 1 }),
  declarations: () => arkffi.parseDeclarations('int abs(int);'),
};

export function loadedBy(program) {
  programs[program]();
  const files = Object.keys(require.cache).filter((file) => basename(dirname(file)) === 'library');
  console.log(JSON.stringify(files.map((file) => basename(file))));
}

export function trace() {
  try {
    (function program() {
      arkffi.Struct({});
    })();
  } catch ({ stack }) {
    console.log(/^ *at (\w+)/m.exec(stack)[1]);
  }
}

export function shapes() {
  const functions = [arkffi.cdef, arkffi.enumType, arkffi.parseDeclarations, arkffi.pointerTo, arkffi.readText];
  console.log(functions.map(({ name, length }) => `${name} ${length}`).join(', '));
}

const LATE = {
  calls: ({ dlopen }) => dlopen(null, { abs: { args: ['int'], returns: 'int' } }).symbols.abs(-1),
  cdef: ({ parseDeclarations }) => JSON.parse(parseDeclarations('int abs(int);')).arkffi,
  hints({ Struct }) {
    try {
      return Struct({ x: 'FFIType.i32' });
    } catch ({ message }) {
      return Number(message.includes("did you mean 'i32'"));
    }
  },
  structs: ({ Struct }) => Struct({ x: 'i' }).create({ x: 1 }).x,
  text: ({ ffi, readText }) => readText(ffi.ptr(Uint8Array.of(0xe9)), { encoding: 'latin1', length: 1 }).length,
};

/** Uses each late file; prints what came of it. */
function useAll(copy) {
  const results = Object.values(LATE).map((use) => use(copy));
  console.log(`${results} ${copy.ffi.engine.length > 0}`);
}

function describe({ name, message, code, cause, stack }) {
  console.log(`${name} ${code} ${message}`);
  console.log(`caused by ${cause?.code}`);
  console.log(`at ${/^ *at (\w+)/m.exec(stack)[1]}`);
}

function attempt(run) {
  try {
    run();
  } catch (error) {
    describe(error);
  }
}

/** Uses a file of a copy that is not there, and again when it is. */
export function missing(folder) {
  const { Struct } = require(join(folder, 'dist/index.cjs'));
  const file = join(folder, 'dist/library/structs.cjs');
  renameSync(file, `${file}.away`);
  const program = () => void Struct({ x: 'i' });
  attempt(program);
  renameSync(`${file}.away`, file);
  program();
  console.log('again');
}

/** Uses a file of a copy that has been replaced by that of another build. */
export function otherBuild(folder) {
  const { Struct } = require(join(folder, 'dist/index.cjs'));
  const file = join(folder, 'dist/library/structs.cjs');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/exports\.build="\w+"/, 'exports.build="another"'));
  attempt(function program() {
    Struct({ x: 'i' });
  });
}

export function inWorker(folder) {
  if (isMainThread) new Worker(new URL(import.meta.url), { argv: [folder] });
}
if (!isMainThread) missing(process.argv[2]);

/** Loads a late file at each depth of the stack, from its end upwards, until there is room. */
export function nearTheEnd(name) {
  const errors = new Set();
  let isDone = false;
  (function dive() {
    try {
      dive();
    } catch {}
    if (isDone) return;
    try {
      LATE[name](arkffi);
      isDone = true;
    } catch ({ name, message }) {
      errors.add(message.startsWith('Maximum call stack') ? name : `${name} ${message}`); // no regular expression: see base/stack.ts
    }
  })();
  console.log(...errors);
  useAll(arkffi);
}

/** Loads a copy and then takes its folder away. */
export async function moved(folder, entry) {
  const copy = await import(pathToFileURL(join(folder, 'dist', entry)));
  renameSync(folder, `${folder} away`);
  useAll(copy);
}

/** Drops the right to read files, where Node.js can. */
export function dropped() {
  process.permission.drop?.('fs.read');
  useAll(arkffi);
}

/** Becomes a user who may not read the copy. */
export function otherUser(folder, entry) {
  const copy = require(join(folder, 'dist', entry));
  process.setgid(65534);
  process.setuid(65534);
  attempt(function program() {
    useAll(copy);
  });
}
