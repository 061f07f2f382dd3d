// Reads the arrows of the house from the sources: which module uses which. A C file and its header are one module. For C an
// arrow is an `#include`, or a symbol that one object file defines and another one needs; for TypeScript it is an import,
// also one of types alone.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript-4.9';
import { LAYERS } from './layout.mjs';

const { basename, dirname, join, relative } = posix;
const SOURCE = /\.(c|h|ts)$/;

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { encoding: 'utf8' });
const files = listed.split('\0').filter((path) => SOURCE.test(path) && existsSync(path));
const under = (folder) => files.filter((path) => path.startsWith(`${folder}/`));
const withoutExtension = (path) => path.replace(/\.[^./]+$/, '');

/** The modules of a layer, each with its files, its room and whether other layers may include it. */
function modulesOf(layer) {
  const modules = new Map();
  const add = (id, path, isPublic) => {
    const room = relative(layer.root, id).split('/')[0];
    const module = modules.get(id) ?? { id, layer, room, files: [], isPublic: false };
    modules.set(id, { ...module, files: [...module.files, path], isPublic: module.isPublic || isPublic });
  };
  for (const path of under(layer.root)) add(withoutExtension(path), path, false);
  if (!layer.headers) return modules;
  const sources = new Map([...modules.keys()].map((id) => [basename(id), id]));
  for (const path of under(layer.headers)) {
    const stem = basename(withoutExtension(path));
    const room = layer.headerRooms?.[stem];
    add(sources.get(stem) ?? join(layer.root, room ?? '', stem), path, true);
  }
  return modules;
}

/** What each `#include "…"` of a C file means, as paths from the root of the repository. */
function includesOf(path, layer) {
  const text = readFileSync(path, 'utf8');
  const roots = [dirname(path), layer.root, ...LAYERS.filter(({ headers }) => headers).map((l) => dirname(l.headers))];
  return [...text.matchAll(/^\s*#\s*include\s+"([^"]+)"/gm)].map(([, name]) => {
    const found = roots.map((root) => join(root, name)).find((candidate) => existsSync(candidate));
    return { what: `includes "${name}"`, target: found };
  });
}

function importsOf(path) {
  const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => {
      const base = join(dirname(path), fileName.replace(/\.js$/, ''));
      return {
        what: `imports '${fileName}'`,
        target: [`${base}.ts`, `${base}/index.ts`].find((file) => existsSync(file)),
      };
    });
}

/** The object files of a layer, each with the module that it was compiled from. */
function objectsOf(layer) {
  if (!layer.objects || !existsSync(layer.objects)) return [];
  const cmakeRoot = layer.objects.replace(/\/CMakeFiles\/.*$/, '').replace(/^build\/release\//, '');
  return readdirSync(layer.objects, { recursive: true })
    .filter((name) => name.endsWith('.c.o'))
    .map((name) => ({ object: join(layer.objects, name), source: join(cmakeRoot, name.replace(/\.o$/, '')) }))
    .filter(({ source }) => existsSync(source));
}

function symbolsOf(object) {
  const lines = execFileSync('nm', ['--format=posix', object], { encoding: 'utf8' }).split('\n');
  const symbols = lines.map((line) => /^(\S+) ([a-zA-Z])\b/.exec(line)).filter(Boolean);
  return {
    needed: symbols.filter(([, , type]) => type === 'U').map(([, name]) => name),
    defined: symbols.filter(([, , type]) => /[A-TV-Z]/.test(type)).map(([, name]) => name),
  };
}

/**
 * All modules, and all arrows between them: `{ from, to, why, isCall }`, with modules at both ends and one reason each. `missing` has
 * what could not be followed: an include of a file that is not there, a layer without object files.
 */
export function readHouse() {
  const modules = new Map(LAYERS.flatMap((layer) => [...modulesOf(layer)]));
  const moduleOf = new Map([...modules.values()].flatMap((module) => module.files.map((file) => [file, module])));
  const arrows = new Map();
  const missing = [];
  const add = (from, to, why, isCall = false) => {
    const key = `${from.id} ${to.id}`;
    if (from !== to && !arrows.has(key)) arrows.set(key, { from, to, why, isCall });
  };

  for (const module of modules.values()) {
    for (const file of module.files) {
      const uses = file.endsWith('.ts') ? importsOf(file) : includesOf(file, module.layer);
      for (const { what, target } of uses) {
        const to = moduleOf.get(target);
        if (to) add(module, to, `${file} ${what}`);
        else if (!target) missing.push(`${file} ${what}, which is not there`);
      }
    }
  }

  const definers = new Map();
  const needs = [];
  for (const layer of LAYERS.filter(({ objects }) => objects)) {
    const objects = objectsOf(layer);
    if (objects.length === 0) missing.push(`${layer.objects} has no object files: build first`);
    for (const { object, source } of objects) {
      const module = moduleOf.get(source);
      const { needed, defined } = symbolsOf(object);
      for (const name of defined) definers.set(name, module);
      for (const name of needed) needs.push({ module, source, name });
    }
  }
  for (const { module, source, name } of needs) {
    const to = definers.get(name);
    if (to) add(module, to, `${source} uses ${name}`, true);
  }
  return { modules: [...modules.values()], arrows: [...arrows.values()], missing };
}

/** The floor of a room, counted from the bottom of its layer; -1 for a room that the layout does not have. */
export function floorOf({ layer, room }) {
  return layer.floors.findIndex((rooms) => rooms.includes(room));
}

/** Groups of modules that use each other, directly or through others (strongly connected components of two or more). */
export function circlesOf(modules, arrows) {
  const targets = new Map(modules.map((module) => [module, []]));
  for (const { from, to } of arrows) targets.get(from)?.push(to);
  const reached = new Map(modules.map((module) => [module, reach(module, targets)]));
  const circles = [];
  const seen = new Set();
  for (const module of modules) {
    if (seen.has(module)) continue;
    const circle = modules.filter((other) => reached.get(module).has(other) && reached.get(other).has(module));
    circle.forEach((other) => seen.add(other));
    if (circle.length > 1) circles.push(circle);
  }
  return circles;
}

function reach(start, targets) {
  const reached = new Set();
  const waiting = [start];
  while (waiting.length > 0) {
    for (const next of targets.get(waiting.pop()) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      waiting.push(next);
    }
  }
  return reached;
}
