// Structs whose members are packed, aligned and bit-fields in any mixture: made up at random, compiled, and described both
// by `Struct` and by their text. C copies each member by itself to a plain struct and back.
//
//   ARKFFI_LAYOUTS   how many structs; 300 when absent
//   ARKFFI_SEED      the seed that a failure names, to see it again
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { cdef, Struct, Union } from 'arkffi';
import { BITS, C, compileText, makeValue, randomOf } from './generated.mjs';
import { isWarm } from './support.mjs';

const count = Number(process.env.ARKFFI_LAYOUTS) || 300;
const seed = Number(process.env.ARKFFI_SEED) || Date.now() % 2 ** 31;
const random = randomOf(seed);

/** All but those that are always bigints here, for which C has no word. */
const LETTERS = Object.keys(C).filter((letter) => letter !== 'q' && letter !== 'Q');

/** The types of members, as generated.mjs has them; and how they lie. */
function makeMember(earlier) {
  const manner = {
    packed: random.chance(4),
    align: random.chance(4) ? 1 << random.below(6) : undefined,
  };
  const letter = random.pick(LETTERS);
  if (random.chance(3) && letter in BITS) return { letter, bits: 1 + random.below(BITS[letter]), ...manner };
  if (random.chance(6)) return { element: { letter }, count: 1 + random.below(3), ...manner };
  if (random.chance(6) && earlier.length) return { inner: random.pick(earlier), ...manner };
  return { letter, ...manner };
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

const attributes = ({ packed, align }) =>
  [packed === true && 'packed', align && `aligned(${align})`]
    .filter(Boolean)
    .map((attribute) => ` __attribute__((${attribute}))`)
    .join('');

const keyword = ({ isUnion }) => (isUnion ? 'union' : 'struct');

/** A member as C declares it; plain ones are no bit-fields, and lie as usual. */
function declare(member, name, isPlain) {
  const { letter, bits, element, inner } = member;
  const type = inner ? `${keyword(inner)} ${inner.tag}` : C[(element ?? member).letter];
  const behind = `${element ? `[${member.count}]` : ''}${bits && !isPlain ? ` : ${bits}` : ''}`;
  return `${type} ${name}${behind}${isPlain ? '' : attributes(member)};`;
}

function declareStruct(struct) {
  const members = struct.members.map((member, i) => declare(member, `m${i}`)).join(' ');
  const text = `${keyword(struct)}${attributes(struct)} ${struct.tag} { ${members} };\n`;
  if (typeof struct.packed !== 'number') return text;
  return `#pragma pack(push, ${struct.packed})\n${text}#pragma pack(pop)\n`;
}

const plainOf = ({ tag, members }) =>
  `struct plain_${tag} { ${members.map((member, i) => declare(member, `m${i}`, true)).join(' ')} };\n`;

const prototypesOf = ({ tag }) =>
  `void spread_${tag}(const void *from, void *to, int i); void gather_${tag}(const void *from, void *to, int i); size_t measure_${tag}(int i);\n`;

/** What copies one member out of the struct, and back into it; and what the compiler says of its size and offsets. */
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

/** The same as `Struct` takes it. */
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

/** A value for a member, as plain objects. */
const valueOf = (member) =>
  makeValue(member.inner ? { ...member.inner, members: member.inner.members.map(typeOf) } : member, random);

const typeOf = (member) => (member.inner ? { ...member.inner, members: member.inner.members.map(typeOf) } : member);

/** Of what was read, what was written: a union has other members as well. */
function seen(member, value) {
  if (member.element) return Array.from(value);
  if (!member.inner) return value;
  const { members, isUnion } = member.inner;
  const indexes = members.map((_, i) => i);
  const entries = (isUnion ? indexes.slice(-1) : indexes).map((i) => [`m${i}`, seen(members[i], value[`m${i}`])]);
  return Object.fromEntries(entries);
}

const skip = isWarm && 'how a struct lies is asked once';

describe(`${count} structs with members that lie in any way, seed ${seed}`, { skip }, () => {
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

  const ways = { 'described by Struct': schemaOf, 'declared in C': ({ tag }) => lib.structs[tag] };
  for (const [way, schemaFor] of Object.entries(ways)) {
    test(`${way} are laid out as the compiler does`, () => {
      for (const struct of structs) {
        const { tag, members } = struct;
        const measure = lib.symbols[`measure_${tag}`];
        const { size, align, offsets } = schemaFor(struct);
        const told = members.map(({ bits }, i) => (bits ? 0 : offsets[`m${i}`]));
        const wanted = [measure(-2), measure(-1), ...members.map((_, i) => measure(i))];
        assert.deepEqual([size, align, ...told], wanted, `seed ${seed}: ${declareStruct(struct)}`);
      }
    });

    test(`${way} are read and written where C does`, () => {
      for (const struct of structs) {
        const { tag, members, isUnion } = struct;
        const schema = schemaFor(struct);
        const plain = lib.structs[`plain_${tag}`].create();
        const back = schema.create();
        const value = schema.create();
        const tell = (i) => `seed ${seed}: m${i} of ${declareStruct(struct)}`;
        const given = members.map(valueOf);
        if (!isUnion) members.forEach((_, i) => (value[`m${i}`] = given[i]));
        members.forEach((member, i) => {
          if (isUnion) value[`m${i}`] = given[i];
          lib.symbols[`spread_${tag}`](value, plain, i);
          assert.deepEqual(seen(member, plain.toObject()[`m${i}`]), given[i], `${tell(i)}, as C reads it`);
          lib.symbols[`gather_${tag}`](plain, back, i);
          assert.deepEqual(seen(member, back.toObject()[`m${i}`]), given[i], `${tell(i)}, as C wrote it`);
        });
      }
    });
  }
});
