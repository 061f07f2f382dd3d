// Types of arkffi, and corrections, as text: as TypeScript types, and as the JavaScript that makes them.
import { Anonymous, OpaqueType, Out, Owned, StructSchema } from '../../dist/index.mjs';
import { Failure } from './failure.mjs';

/** A text as a literal of JavaScript in single quotes. */
export function quoted(text) {
  const escaped = text.replace(/[\\'\u2028\u2029\u0000-\u001f]/g, (character) => {
    if (character === '\\' || character === "'") return `\\${character}`;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `'${escaped}'`;
}

/** A key of an object or type. */
export function keyOf(name) {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : `[${quoted(name)}]`;
}

const isText = (value) => typeof value.encoding === 'string' && 'charset' in value;
const isPointer = (value) => 'to' in value && 'codec' in value;

/**
 * A type as TypeScript has it. `used` collects the names of the types of arkffi that occur in it, and `structName` says
 * what a struct's schema is called. `names` are those of the elements of the outermost list, for the editor to show.
 */
export function typeText(value, used, structName, names) {
  const inner = (part) => typeText(part, used, structName);
  const generic = (name, ...parts) => {
    used.add(name);
    return `${name}<${parts.join(', ')}>`;
  };
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    const elements = value.map((part, i) => (names ? `${names[i]}: ${inner(part)}` : inner(part)));
    return `readonly [${elements.join(', ')}]`;
  }
  if (value instanceof StructSchema) return structName(value);
  if (value instanceof Anonymous) return generic('Anonymous', structName(value.schema));
  if (value instanceof Out) return generic('Out', inner(value.type), String(value.takes));
  if (value instanceof Owned) return generic('Owned', inner(value.type));
  if (value instanceof OpaqueType) return generic('OpaqueType', quoted(value.name));
  if (isText(value)) {
    used.add('EncodedText');
    return 'EncodedText';
  }
  if (isPointer(value)) return generic('PointerType', inner(pointedBy(value)));
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const isFunction = 'args' in value || 'returns' in value;
  return `{ ${keys.map((key) => `readonly ${keyOf(key)}: ${partText(key, value[key])}`).join('; ')} }`;

  function partText(key, part) {
    if (!isFunction || key !== 'args' || !names) return inner(part);
    return typeText(part, used, structName, names);
  }
}

/** What a typed pointer in a correction points to. */
function pointedBy({ to }) {
  if (typeof to !== 'function') return to;
  throw new Failure('ERR_FFI_NOT_SUPPORTED', 'a correction cannot have a pointer whose type is made by a function');
}

/** The JavaScript that makes a value of the corrections. `used` collects the functions of arkffi that it calls. */
export function sourceOf(value, used, place) {
  const inner = (part, key) => sourceOf(part, used, `${place}.${key}`);
  const call = (name, ...parts) => {
    used.add(name);
    return `${name}(${parts.join(', ')})`;
  };
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'object' && value !== null) {
    if (Array.isArray(value)) return `[${value.map(inner).join(', ')}]`;
    if (value instanceof Out) return call(value.takes ? 'inout' : 'out', inner(value.type, 'type'));
    if (value instanceof Owned) return call('owned', inner(value.type, 'type'), inner(value.release, 'release'));
    if (value instanceof OpaqueType) return call('opaque', quoted(value.name));
    if (isText(value)) return call('text', quoted(value.encoding));
    if (isPointer(value)) return call('pointerTo', inner(pointedBy(value), 'to'));
    if (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null) {
      const parts = Object.keys(value).filter((key) => value[key] !== undefined);
      return `{ ${parts.map((key) => `${keyOf(key)}: ${inner(value[key], key)}`).join(', ')} }`;
    }
  }
  const kinds = 'names of types, lists, objects, and out, inout, owned, opaque, text and pointerTo of arkffi';
  throw new Failure('ERR_FFI_BAD_SIGNATURE', `${place}: corrections that are written to a module may have ${kinds}`);
}
