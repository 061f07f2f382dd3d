/**
 * Encodings of text that the native module does not know. It passes their bytes as the characters of Latin-1, which here
 * become text, and back.
 */

import { describe, ffiError } from '../base/errors';
import { append } from '../base/own';

/** The part of a `TextDecoder` that is used. */
export interface Decoder {
  readonly encoding: string;
  decode(bytes: Uint8Array): string;
}

/** The bytes of each character as one number, the first byte being the highest, by code point. */
type Table = Map<number, number>;

const REPLACEMENT = '\ufffd';
const NEWLINE = 0x0a;

/** An encoding of text whose units are bytes, and in which only NUL has a byte of zero. */
export class Charset {
  /** Made for the first text that is encoded. */
  private table: Table | undefined = undefined;

  constructor(
    /** The name of the encoding in messages. */
    readonly name: string,
    private readonly decoder: Decoder,
  ) {}

  /** The text of bytes, which are the characters of `bytes`. Malformed input becomes U+FFFD. */
  decode(bytes: string): string {
    const { length } = bytes;
    const copy = new Uint8Array(length);
    for (let i = 0; i < length; i++) copy[i] = bytes.charCodeAt(i);
    return this.decodeBytes(copy);
  }

  /** The text of bytes. Malformed input becomes U+FFFD. */
  decodeBytes(bytes: Uint8Array): string {
    return this.decoder.decode(bytes);
  }

  /**
   * The bytes of a text, as characters.
   * @throws RangeError `ERR_FFI_OUT_OF_RANGE` for a character that the encoding has not; Error `ERR_FFI_NOT_SUPPORTED` for
   *   an encoding that can only be decoded. The message begins with `place`.
   */
  encode(text: string, place: string): string {
    if (isStateful(this.name)) {
      const why = 'its bytes mean different characters in different places, so arkffi only decodes it';
      throw ffiError('ERR_FFI_NOT_SUPPORTED', `${place}: ${this.name}: ${why}`);
    }
    const { table = (this.table = tableOf(this.decoder, this.name)) } = this;
    const part = new Uint8Array(Math.min(text.length * 4, LONGEST_PART));
    let bytes = '';
    let used = 0;
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i) as number;
      const code = table.get(point) ?? this.computed(point);
      if (code === undefined) throw noCharacter(this.name, point, i, place);
      if (used + 4 > part.length) {
        bytes = longer(bytes, charactersOf(part, used), place);
        used = 0;
      }
      if (code > 0xffff) {
        part[used++] = code >>> 24;
        part[used++] = code >>> 16;
      }
      if (code > 0xff) part[used++] = code >>> 8;
      part[used++] = code;
      if (point > 0xffff) i++; // its second half
    }
    return longer(bytes, charactersOf(part, used), place);
  }

  /**
   * GB18030 has all characters above U+FFFF in their order, from 90 30 81 30 on. U+FFFD is one of its characters too, but
   * its decoder gives it for what is malformed.
   */
  private computed(point: number): number | undefined {
    if (this.name !== 'gb18030') return undefined;
    return point > 0xffff ? fourBytes(0x90, point - 0x10000) : point === 0xfffd ? 0x8431a437 : undefined;
  }
}

/** The characters that one call makes: a host limits the number of arguments, and joining single characters is slow. */
const LONGEST_PART = 4096;

/** The first `count` units as the characters of those numbers. */
export function charactersOf(units: Uint8Array | Uint16Array | Uint32Array, count: number = units.length): string {
  const make = units instanceof Uint32Array ? String.fromCodePoint : String.fromCharCode;
  let text = '';
  for (let i = 0; i < count; i += LONGEST_PART) {
    const part = units.subarray(i, Math.min(i + LONGEST_PART, count));
    text += Reflect.apply(make, undefined, part as unknown as number[]);
  }
  return text;
}

/** Two texts as one. Hosts have no longer strings than of half a billion characters, or so. */
function longer(text: string, end: string, place: string): string {
  try {
    return text + end;
  } catch {
    throw ffiError('ERR_FFI_NO_MEMORY', `${place}: the text has more bytes than a string of this host can have`);
  }
}

/** The error for a character that an encoding has not. The native module has the same words for Latin-1. */
function noCharacter(name: string, point: number, index: number, place: string): Error {
  const code = point.toString(16).toUpperCase().padStart(4, '0');
  const where = `as at index ${index} of the string`;
  return ffiError('ERR_FFI_OUT_OF_RANGE', `${place}: ${name} has no character U+${code}, ${where}`);
}

function isStateful(name: string): boolean {
  return name === 'iso-2022-jp';
}

/** Four bytes of GB18030, the ones at that index from `first` 30 81 30 on. */
function fourBytes(first: number, index: number): number {
  const high = (first + Math.floor(index / 12600)) * 256 + 0x30 + (Math.floor(index / 1260) % 10);
  return (high * 256 + 0x81 + (Math.floor(index / 10) % 126)) * 256 + 0x30 + (index % 10);
}

/**
 * The table of an encoding, from what its decoder makes of one byte, and of two if the first one alone is incomplete. Of
 * several ways to write a character the first one is taken, with few exceptions.
 */
function tableOf(decoder: Decoder, name: string): Table {
  const table: Table = new Map<number, number>();
  const leads: number[] = [];
  const isFour = name === 'gb18030';
  eachDecoded(decoder, 1, 256, asItIs, (byte, text) => {
    if (byte < 0x80)
      table.set(byte, byte); // ASCII, which some hosts do not leave alone
    else if (text.startsWith(REPLACEMENT)) append(leads, byte);
    else if (!isFour) enter(table, name, byte, text);
  });
  leads.forEach((lead) => {
    if (!isLead(name, lead)) return;
    const trails = (index: number): number => lead * 256 + FIRST_TRAIL + index;
    eachDecoded(decoder, 2, 0xff - FIRST_TRAIL, trails, (code, text) => enter(table, name, code, text));
  });
  // The first bytes 81 to 84 have the characters up to U+FFFF.
  const fours = (index: number): number => fourBytes(0x81, index);
  if (isFour) eachDecoded(decoder, 4, 4 * 12600, fours, (code, text) => enter(table, name, code, text));
  return table;
}

const FIRST_TRAIL = 0x30;

function asItIs(code: number): number {
  return code;
}

/** Enters the code of a character, if the text is one. */
function enter(table: Table, name: string, code: number, text: string): void {
  const point = text.codePointAt(0);
  if (point === undefined || text === REPLACEMENT || text.length > (point > 0xffff ? 2 : 1)) return;
  if (!table.has(point) || isLater(name, text)) table.set(point, code);
}

/** Whether an encoder uses a first byte of two: those for extensions are only decoded. */
function isLead(name: string, byte: number): boolean {
  if (name === 'big5') return byte >= 0xa1; // Hong Kong's characters lie before
  if (name === 'shift_jis') return byte !== 0xed && byte !== 0xee; // NEC's copies of IBM's characters
  return name !== 'ascii';
}

/** Two numerals that Big5 has also among its symbols, which come first. */
function isLater(name: string, text: string): boolean {
  return name === 'big5' && '\u5341\u5345'.includes(text);
}

/**
 * Decodes `count` sequences of `width` bytes, each on its own: `codeAt` gives the bytes of one as a number. One call of the
 * decoder for all is much faster than one for each.
 */
function eachDecoded(
  decoder: Decoder,
  width: number,
  count: number,
  codeAt: (index: number) => number,
  take: (code: number, text: string) => void,
): void {
  const all = new Uint8Array(count * (width + 1)).fill(NEWLINE);
  for (let i = 0; i < count; i++) write(all, i * (width + 1), width, codeAt(i));
  const lines = decoder.decode(all).split('\n');
  // The newline is a sequence too, where two follow each other. No other sequence has one, but a decoder may take one for
  // the rest of an incomplete sequence.
  const own = width === 1 ? NEWLINE : count;
  const isSplit = lines.length === count + 1 + (width === 1 ? 1 : 0);
  const alone = new Uint8Array(width);
  for (let i = 0; i < count; i++) {
    const code = codeAt(i);
    if (i === own) take(code, '\n');
    else if (isSplit) take(code, lines[i < own ? i : i + 1]);
    else take(code, decoder.decode(write(alone, 0, width, code)));
  }
}

/** Writes a number as that many bytes, the highest first. */
function write(bytes: Uint8Array, at: number, width: number, code: number): Uint8Array {
  for (let i = width - 1, rest = code; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[at + i] = rest & 0xff;
  return bytes;
}

/** A decoder of bytes below 0x80, which are ASCII, and those above, whose characters `upper` gives. */
function byteDecoder(encoding: string, upper: (byte: number) => number): Decoder {
  return {
    encoding,
    decode(bytes) {
      const units = new Uint16Array(bytes.length);
      for (let i = 0; i < bytes.length; i++) units[i] = bytes[i] < 0x80 ? bytes[i] : upper(bytes[i]);
      return charactersOf(units);
    },
  };
}

/** The bytes 0x80 to 0x9f of windows-1252. */
const WINDOWS_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/**
 * Encodings that arkffi decodes itself: some hosts take windows-1252 for Latin-1, and all of them take ASCII for
 * windows-1252.
 */
const own: readonly Decoder[] = [
  byteDecoder('ascii', () => 0xfffd),
  byteDecoder('windows-1252', (byte) => (byte < 0xa0 ? WINDOWS_1252.charCodeAt(byte - 0x80) : byte)),
];

/** Charsets by the names of their decoders. */
const known = new Map<string, Charset>();

/** The encoding of a decoder. */
export function charsetOf(decoder: Decoder): Charset {
  let charset = known.get(decoder.encoding);
  if (charset === undefined) known.set(decoder.encoding, (charset = new Charset(decoder.encoding, decoder)));
  return charset;
}

type DecoderClass = new (name: string, options: { readonly ignoreBOM: boolean }) => Decoder;

/**
 * The decoder of that name, in lower case, or of another label of its encoding. `place` begins messages.
 * @throws Error `ERR_FFI_NOT_SUPPORTED` if the host has no decoder for it.
 */
export function decoderOf(name: string, place: string): Decoder {
  const ours = ownDecoder(OWN_LABELS[name] ?? name);
  if (ours !== undefined) return ours;
  const { TextDecoder: Host } = globalThis as { readonly TextDecoder?: DecoderClass };
  if (typeof Host !== 'function') {
    throw ffiError('ERR_FFI_NOT_SUPPORTED', `${place}: ${describe(name)}: this host has no TextDecoder`);
  }
  let decoder: Decoder;
  try {
    decoder = new Host(name, { ignoreBOM: true });
  } catch (error) {
    const why = "is no encoding that this host's TextDecoder knows";
    throw ffiError('ERR_FFI_NOT_SUPPORTED', `${place}: ${describe(name)} ${why}`);
  }
  // The standard's decoder for 'utf-16be' and 'replacement' makes no text of single bytes.
  const isUsable = decoder.encoding === 'utf-16le' || decoder.decode(Uint8Array.of(0x41)) === 'A';
  if (isUsable) return ownDecoder(decoder.encoding) ?? decoder;
  throw ffiError('ERR_FFI_NOT_SUPPORTED', `${place}: ${describe(name)}: arkffi has no text of such units`);
}

function ownDecoder(name: string): Decoder | undefined {
  return own.find(({ encoding }) => encoding === name);
}

/** Other names of the encodings that arkffi decodes itself, for hosts without a decoder. */
const OWN_LABELS: { readonly [label: string]: string | undefined } = Object.assign(Object.create(null), {
  'us-ascii': 'ascii',
  cp1252: 'windows-1252',
  'x-cp1252': 'windows-1252',
});
