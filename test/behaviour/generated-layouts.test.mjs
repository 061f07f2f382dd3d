// Random structs whose members are packed, aligned and bit-fields in any mixture: compiled, and described both
// by `Struct` and by their text. C copies each member by itself to a plain struct and back.
//
//   ARKFFI_LAYOUTS   the number of structs; 300 by default
//   ARKFFI_SEED      another seed than 1
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { cdef, Struct, Union } from 'arkffi';
import { BITS, C, compileText, makeValue, randomOf, seed } from './generated.mjs';
import { isWarm } from './support.mjs';

const count = Number(process.env.ARKFFI_LAYOUTS) || 300;
const random = randomOf(seed);

/** All letters except those that are always bigints in JavaScript, for which C has no distinct type. */
const LETTERS = Object.keys(C).filter((letter) => letter !== 'q' && letter !== 'Q');

/** A random member: its type, in the form that generated.mjs uses, and its layout attributes. */
function makeMember(earlier) {
  const attributes = {
    packed: random.chance(4),
    align: random.chance(4) ? 1 << random.below(6) : undefined,
  };
  const letter = random.pick(LETTERS);
  if (random.chance(3) && letter in BITS) return { letter, bits: 1 + random.below(BITS[letter]), ...attributes };
  if (random.chance(6)) return { element: { letter }, count: 1 + random.below(3), ...attributes };
  if (random.chance(6) && earlier.length) return { inner: random.pick(earlier), ...attributes };
  return { letter, ...attributes };
}

function makeStruct(earlier, n) {
  return {
    tag: `s_${n}`,
    isUnion: random.chance(8),
    members: Array.from({ length: 1 + random.below(6) }, () => makeMember(earlier)),
    packed: random.pick([undefined, undefined, undefined, true, 1, 2, 4, 8, 16]),
    align: random.chance(6) ? 1 << random.below(6) : undefined,
  };
}

const attributesText = ({ packed, align }) =>
  [packed === true && 'packed', align && `aligned(${align})`]
    .filter(Boolean)
    .map((attribute) => ` __attribute__((${attribute}))`)
    .join('');

const keyword = ({ isUnion }) => (isUnion ? 'union' : 'struct');

/** Declares a member in C; a plain one without its bit-field width and attributes. */
function declare(member, name, isPlain) {
  const { letter, bits, element, inner } = member;
  const type = inner ? `${keyword(inner)} ${inner.tag}` : C[(element ?? member).letter];
  const suffix = `${element ? `[${member.count}]` : ''}${bits && !isPlain ? ` : ${bits}` : ''}`;
  return `${type} ${name}${suffix}${isPlain ? '' : attributesText(member)};`;
}

function declareStruct(struct) {
  const members = struct.members.map((member, i) => declare(member, `m${i}`)).join(' ');
  const text = `${keyword(struct)}${attributesText(struct)} ${struct.tag} { ${members} };\n`;
  if (typeof struct.packed !== 'number') return text;
  return `#pragma pack(push, ${struct.packed})\n${text}#pragma pack(pop)\n`;
}

const plainOf = ({ tag, members }) =>
  `struct plain_${tag} { ${members.map((member, i) => declare(member, `m${i}`, true)).join(' ')} };\n`;

const prototypesOf = ({ tag }) =>
  `void spread_${tag}(const void *from, void *to, int i); void gather_${tag}(const void *from, void *to, int i); size_t measure_${tag}(int i);\n`;

/**
 * C functions that copy one member out of the struct and back into it, and that report the compiler's size and offsets.
 */
function sourceOf(struct) {
  const { tag, members } = struct;
  const copy = (to, from) =>
    members
      .map(({ element }, i) =>
        element
          ? `case ${i}: __builtin_memcpy(${to}->m${i}, ${from}->m${i}, sizeof ${from}->m${i}); break;`
          : `case ${i}: ${to}->m${i} = ${from}->m${i}; break;`,
      )
      .join(' ');
  const type = `${keyword(struct)} ${tag}`;
  const offsets = members.map(({ bits }, i) => (bits ? '' : `case ${i}: return __builtin_offsetof(${type}, m${i});`));
  return [
    `void spread_${tag}(const void *from, void *to, int i) { const ${type} *f = from; struct plain_${tag} *t = to;`,
    ` switch (i) { ${copy('t', 'f')} } }\n`,
    `void gather_${tag}(const void *from, void *to, int i) { const struct plain_${tag} *f = from; ${type} *t = to;`,
    ` switch (i) { ${copy('t', 'f')} } }\n`,
    `size_t measure_${tag}(int i) { switch (i) { case -2: return sizeof(${type}); case -1: return _Alignof(${type});`,
    ` ${offsets.join(' ')} default: return 0; } }\n`,
  ].join('');
}

/** The schema of the struct for `Struct` or `Union`. */
function schemaOf(struct) {
  const fields = struct.members.map((member, i) => {
    const { letter, bits, element, inner, packed, align } = member;
    const type = inner ? schemaOf(inner) : element ? [element.letter, member.count] : letter;
    return [`m${i}`, { type, packed, align, ...(bits && { bits }) }];
  });
  const { packed, align } = struct;
  struct.schema ??= (struct.isUnion ? Union : Struct)(Object.fromEntries(fields), { packed, align });
  return struct.schema;
}

/** A random value for a member, as plain objects. */
const valueOf = (member) =>
  makeValue(member.inner ? { ...member.inner, members: member.inner.members.map(typeOf) } : member, random);

const typeOf = (member) => (member.inner ? { ...member.inner, members: member.inner.members.map(typeOf) } : member);

/**
 * Converts a member that was read to the form in which it was written; of a union, only the member that was written.
 */
function seen(member, value) {
  if (member.element) return Array.from(value);
  if (!member.inner) return value;
  const { members, isUnion } = member.inner;
  const indexes = members.map((_, i) => i);
  const entries = (isUnion ? indexes.slice(-1) : indexes).map((i) => [`m${i}`, seen(members[i], value[`m${i}`])]);
  return Object.fromEntries(entries);
}

const skip = isWarm && 'the layout of a struct is computed once';

describe(`${count} structs with random layouts, seed ${seed}`, { skip }, () => {
  if (isWarm) return;
  const structs = [];
  for (let n = 0; n < count; n++) structs.push(makeStruct(structs.slice(0, 40), n));
  const types = structs.map((struct) => declareStruct(struct) + plainOf(struct)).join('');
  const library = compileText(`#include <stddef.h>\n#include <stdint.h>\n${types}${structs.map(sourceOf).join('')}`);
  const lib = cdef(library.path, types + structs.map(prototypesOf).join(''));
  after(() => {
    lib.close();
    library.remove();
  });

  const ways = { 'structs described by Struct': schemaOf, 'structs declared in C': ({ tag }) => lib.structs[tag] };
  for (const [way, schemaFor] of Object.entries(ways)) {
    test(`${way} have the layout of the compiler`, () => {
      for (const struct of structs) {
        const { tag, members } = struct;
        const measure = lib.symbols[`measure_${tag}`];
        const { size, align, offsets } = schemaFor(struct);
        const actual = members.map(({ bits }, i) => (bits ? 0 : offsets[`m${i}`]));
        const wanted = [measure(-2), measure(-1), ...members.map((_, i) => measure(i))];
        assert.deepEqual([size, align, ...actual], wanted, `seed ${seed}: ${declareStruct(struct)}`);
      }
    });

    test(`${way} have their fields where C reads and writes them`, () => {
      for (const struct of structs) {
        const { tag, members, isUnion } = struct;
        const schema = schemaFor(struct);
        const plain = lib.structs[`plain_${tag}`].create();
        const back = schema.create();
        const value = schema.create();
        const description = (i) => `seed ${seed}: m${i} of ${declareStruct(struct)}`;
        const given = members.map(valueOf);
        if (!isUnion) members.forEach((_, i) => (value[`m${i}`] = given[i]));
        members.forEach((member, i) => {
          if (isUnion) value[`m${i}`] = given[i];
          lib.symbols[`spread_${tag}`](value, plain, i);
          assert.deepEqual(seen(member, plain.toObject()[`m${i}`]), given[i], `${description(i)}, as C reads it`);
          lib.symbols[`gather_${tag}`](plain, back, i);
          assert.deepEqual(seen(member, back.toObject()[`m${i}`]), given[i], `${description(i)}, as C wrote it`);
        });
      }
    });
  }
});
