// Where Clang puts the arguments of a call on the 64-bit ARM of Apple or of Windows: the tables that
// core/test/arm_placement_test.c compares arkffi's placement with.
//
//   node tools/platforms/arm-places.mjs SYSTEM FILE [COUNT [SEED]]    writes the fixed signatures and COUNT random ones
//   node tools/platforms/arm-places.mjs SYSTEM --check FILE           fails if Clang gives other places than FILE has
//
// SYSTEM is `apple` or `windows`. Clang compiles a call of each signature for it, but into an object file of Linux, which runs
// under qemu: for Apple's systems itself, and for Windows' into assembly that differs in a few directives. What
// is called stores all registers that carry arguments and a part of the stack. The call is made many times with other random
// values, so that each member of an argument is recognised by its bytes. Nothing here knows any rule of the convention.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quietly } from './build.mjs';
import { FIXED } from './arm-signatures.mjs';
import { folderOf, PLATFORMS, root } from './targets.mjs';

const { emulator, structs } = PLATFORMS['apple-convention'];

const CLANG = ['-ffreestanding', '-std=gnu11', '-O1', '-w', '-I', `${root}tools/platforms`];

/** Compiles calls for Windows, and turns the assembly into that of Linux. */
function compileForWindows(folder) {
  const target = ['--target=aarch64-windows-gnu', '-mno-stack-arg-probe', '-fno-asynchronous-unwind-tables'];
  quietly('compile calls for Windows', structs.clang, [
    ...target,
    ...CLANG,
    '-S',
    '-o',
    `${folder}/calls.s`,
    `${folder}/calls.c`,
  ]);
  const lines = readFileSync(`${folder}/calls.s`, 'utf8').split('\n');
  const isOfWindows = (line) => /^\s*\.(def|scl|endef|addrsig|type\s+\d+|seh_)|@feat\.00/.test(line);
  const text = lines.filter((line) => !isOfWindows(line)).join('\n');
  const ofLinux = text
    .replaceAll(/^\s*\.section\s+\.rdata,.*$/gm, '\t.section .rodata')
    .replaceAll(/^\s*\.lcomm\s+(\w+),(.*)$/gm, '\t.local $1\n\t.comm $1,$2');
  writeFileSync(`${folder}/calls.s`, ofLinux);
  return `${folder}/calls.s`;
}

function compileForApple(folder) {
  const target = `--target=${structs.target}`;
  quietly('compile calls for Apple', structs.clang, [
    target,
    ...CLANG,
    '-c',
    '-o',
    `${folder}/calls.o`,
    `${folder}/calls.c`,
  ]);
  return `${folder}/calls.o`;
}

/** For each system how calls are compiled, and whether bit-fields lie where they do on Linux. */
const SYSTEMS = {
  apple: { compile: compileForApple, hasBitFields: true },
  windows: { compile: compileForWindows, hasBitFields: false },
};

const [name, first, second, ...rest] = process.argv.slice(2);
const system = SYSTEMS[name];

/** A generator of random numbers below a limit (mulberry32), so that a table can be made again. */
function randomOf(seed) {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

// ---- Signatures as text: core/include/arkffi/signature.h and layout.h

const SCALARS = {
  ...{ b: '_Bool', c: 'signed char', C: 'unsigned char', h: 'short', H: 'unsigned short', i: 'int', I: 'unsigned' },
  ...{ l: 'long long', L: 'unsigned long long', f: 'float', d: 'double', p: 'void *' },
};
const LETTERS = Object.keys(SCALARS);

function randomMember(random, depth) {
  if (depth < 3 && random(6) === 0) return randomStruct(random, depth + 1);
  if (random(8) === 0) return `[${1 + random(4)}${LETTERS[random(LETTERS.length)]}]`;
  const letter = LETTERS[random(LETTERS.length)];
  if (system.hasBitFields && random(12) === 0 && 'cChHiIlL'.includes(letter)) return `${letter}:${1 + random(8)}`;
  return letter + (random(12) === 0 ? `@${1 << random(6)}` : '');
}

function randomStruct(random, depth = 0) {
  const kind =
    (random(10) === 0 ? '|' : '') + (random(8) === 0 ? '!' : '') + (random(10) === 0 ? `@${1 << random(6)}:` : '');
  const count = 1 + random(depth ? 2 : 4);
  const same = random(2) ? 'fdfdcil'[random(7)] : undefined;
  const first = LETTERS[random(LETTERS.length)]; // so that it has a value
  const others = Array.from({ length: count - 1 }, () => same ?? randomMember(random, depth));
  return `{${kind}${same ?? first}${others.join('')}}`;
}

function randomSignature(random) {
  const type = () => (random(3) ? LETTERS[random(LETTERS.length)] : randomStruct(random));
  // One letter many times fills the registers of its kind.
  const filling = random(2) ? 'ilfdcb'[random(6)].repeat(4 + random(6)) : '';
  const args = [...filling, ...Array.from({ length: 1 + random(9) }, type)];
  if (args.length > 1 && random(4) === 0) args.splice(1 + random(args.length - 1), 0, '.');
  return [args.join(''), random(2) ? 'v' : type()];
}

// ---- The same in C

/** Reads types from text; gives for each its declaration in C and the members that hold its values. */
class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  get isAtEnd() {
    return this.at === this.text.length;
  }

  match(pattern) {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text);
    if (found) this.at = sticky.lastIndex;
    return found;
  }

  /** { declare(name), leaves(value), isStruct }: a leaf is { value, letter }. */
  type() {
    if (this.match('\\{')) return this.struct();
    const count = this.match('\\[(\\d+)');
    if (count) return this.array(Number(count[1]));
    const letter = this.match('[a-zA-Z]')[0];
    return { declare: (name) => `${SCALARS[letter]} ${name}`, leaves: (value) => [{ value, letter }] };
  }

  array(count) {
    const element = this.type();
    this.match('\\]');
    const indexes = Array.from({ length: count }, (_, i) => i);
    return {
      declare: (name) => element.declare(`${name}[${count}]`),
      leaves: (value) => indexes.flatMap((i) => element.leaves(`${value}[${i}]`)),
    };
  }

  struct() {
    const [, union, packed, align] = this.match('(\\|)?(!)?(?:@(\\d+):)?');
    const members = [];
    while (!this.match('\\}')) {
      const isUnnamed = this.match('_');
      const type = this.type();
      const width = this.match(':(\\d+)')?.[1];
      const isPacked = this.match('!');
      const least = this.match('@(\\d+)')?.[1];
      members.push({ type, width, isUnnamed: isUnnamed || width === '0', isPacked, least });
    }
    const texts = members.map(({ type, width, isUnnamed, isPacked, least }, i) => {
      const name = isUnnamed ? '' : `m${i}`;
      const attributes = [isPacked && 'packed', least && `aligned(${least})`].filter(Boolean);
      const suffix = attributes.map((word) => ` __attribute__((${word}))`).join('');
      return `${type.declare(name)}${width ? ` : ${width}` : ''}${suffix};`;
    });
    const whole = `${packed ? '__attribute__((packed)) ' : ''}${align ? `__attribute__((aligned(${align}))) ` : ''}`;
    // A bit-field has no address; the other members show where its struct is.
    const named = members.map((member, i) => ({ ...member, i })).filter(({ width }) => !width);
    return {
      isStruct: true,
      declare: (name) => `${union ? 'union' : 'struct'} ${whole}{ ${texts.join(' ')} } ${name}`,
      leaves: (value) => named.flatMap(({ type, i }) => type.leaves(`${value}.m${i}`)),
    };
  }
}

function readAll(text) {
  const reader = new Reader(text);
  const types = [];
  let fixed;
  while (!reader.isAtEnd) {
    if (reader.match('\\.')) fixed = types.length;
    else types.push(reader.type());
  }
  return { types, fixed: fixed ?? types.length, isVariadic: fixed !== undefined };
}

function writeCase([args, result], index) {
  const { types, fixed, isVariadic } = readAll(args);
  const returned = result === 'v' ? undefined : new Reader(result).type();
  const names = types.map((_, i) => `v${index}_${i}`);
  const lines = types.map((type, i) => `typedef ${type.declare(`t${index}_${i}`)}; static t${index}_${i} ${names[i]};`);
  if (returned) lines.push(`typedef ${returned.declare(`r${index}`)}; static r${index} result${index};`);
  const leaves = types.flatMap((type, arg) => type.leaves(names[arg]).map((leaf) => ({ ...leaf, arg })));
  const randomOfLetter = (letter) =>
    letter === 'f' || letter === 'd' ? `random_${letter}()` : letter === 'b' ? 'random_i() & 1' : 'random_i()';
  const fill = leaves.map(({ value, letter }) => `${value} = (${SCALARS[letter]})(${randomOfLetter(letter)});`);
  const parameters = [...types.keys()].slice(0, fixed).map((i) => `t${index}_${i}`);
  if (isVariadic) parameters.push('...');
  const kind = returned ? `r${index}` : 'void';
  lines.push(`static void fill${index}(void) { ${fill.join(' ')} }`);
  lines.push(
    `static void call${index}(void) { ${returned ? `result${index} = ` : ''}` +
      `((${kind} (*)(${parameters.join(', ') || 'void'}))probe)(${names.join(', ')}); }`,
  );
  const parts = returned?.isStruct ? returned.leaves(`result${index}`).map((leaf) => ({ ...leaf, arg: -1 })) : [];
  const rows = [...leaves, ...parts].map(({ value, letter, arg }) => {
    const becomesDouble = letter === 'f' && arg >= fixed && !types[arg].isStruct;
    return `{${arg}, ${becomesDouble ? 1 : 0}, &${value}, sizeof ${value}}`;
  });
  lines.push(`static const leaf leaves${index}[] = {${[...rows, '{0, 0, 0, 0}'].join(', ')}};`);
  const bases = types.map((type, i) => (type.isStruct ? `&${names[i]}` : '0'));
  lines.push(`static void *const bases${index}[] = {${[...bases, '0'].join(', ')}};`);
  return lines.join('\n');
}

function writeCalls(signatures) {
  const rows = signatures.map(([args, result], i) => {
    const { types } = readAll(args);
    const isStruct = result.startsWith('{') ? 1 : 0;
    return `  {"${args}", "${result}", fill${i}, call${i}, ${types.length}, ${isStruct}, bases${i}, leaves${i}},`;
  });
  return [
    '#include "probe.h"',
    ...signatures.map(writeCase),
    'const probed cases[] = {',
    ...rows,
    '};',
    `const unsigned long case_count = ${signatures.length};`,
    '',
  ].join('\n');
}

/** The table for some signatures: one line each, of arguments, result and places. */
function tableOf(signatures) {
  const folder = join(folderOf('apple-convention'), `places-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'calls.c'), writeCalls(signatures));
  const calls = system.compile(folder);
  quietly('link calls for Linux', structs.linker, [
    '-std=gnu11',
    '-O1',
    '-static',
    '-o',
    `${folder}/calls`,
    calls,
    `${root}tools/platforms/probe.c`,
  ]);
  const { status, stdout, stderr } = spawnSync(emulator[0], [`${folder}/calls`], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`the calls could not be run: ${stderr}`);
  return stdout;
}

if (system && first === '--check') {
  const expected = readFileSync(second, 'utf8');
  const signatures = expected.trim().split('\n');
  const isSame =
    tableOf(
      signatures.map((line) =>
        line
          .split(' ')
          .slice(0, 2)
          .map((word) => (word === '-' ? '' : word)),
      ),
    ) === expected;
  console.log(
    `${second}: ${signatures.length} signatures, ${isSame ? 'placed as Clang does' : 'not placed as Clang does'}`,
  );
  process.exit(isSame ? 0 : 1);
}
if (!system || !first) throw new Error('node tools/platforms/arm-places.mjs apple|windows FILE [COUNT [SEED]]');
const random = randomOf(Number(rest[0] ?? 1));
const made = Array.from({ length: Number(second ?? 0) }, () => randomSignature(random));
const fixed = FIXED.filter((types) => system.hasBitFields || !/[a-zA-Z]:\d/.test(types.join(' ')));
writeFileSync(first, tableOf([...fixed, ...made]));
console.log(`${first}: ${fixed.length + made.length} signatures`);
