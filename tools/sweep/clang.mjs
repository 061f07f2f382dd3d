// What libclang says of headers: the signatures of functions, and the sizes, alignments and offsets of structs and unions.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cdef, stringArray } from '../../dist/index.mjs';

/** What is used of clang-c/Index.h. */
const HEADER = `
typedef void *CXIndex, *CXTranslationUnit;
typedef struct { int kind, xdata; const void *data[3]; } CXCursor;
typedef struct { int kind; void *data[2]; } CXType;
typedef struct { const void *data; unsigned flags; } CXString;
CXIndex clang_createIndex(int exclude, int diagnostics);
void clang_disposeIndex(CXIndex index);
CXTranslationUnit clang_parseTranslationUnit(CXIndex index, const char *file, const char *const *args, int count,
                                             void *unsaved, unsigned unsaved_count, unsigned options);
void clang_disposeTranslationUnit(CXTranslationUnit unit);
CXCursor clang_getTranslationUnitCursor(CXTranslationUnit unit);
unsigned clang_visitChildren(CXCursor parent, int (*visit)(CXCursor cursor, CXCursor parent, void *data), void *data);
unsigned clang_isCursorDefinition(CXCursor cursor);
CXString clang_getCursorSpelling(CXCursor cursor);
const char *clang_getCString(CXString string);
void clang_disposeString(CXString string);
CXType clang_getCursorType(CXCursor cursor);
CXType clang_getTypedefDeclUnderlyingType(CXCursor cursor);
CXType clang_getCanonicalType(CXType type);
CXType clang_getResultType(CXType type);
CXType clang_getElementType(CXType type);
CXCursor clang_getTypeDeclaration(CXType type);
CXType clang_getEnumDeclIntegerType(CXCursor cursor);
int clang_getNumArgTypes(CXType type);
CXType clang_getArgType(CXType type, unsigned index);
unsigned clang_isFunctionTypeVariadic(CXType type);
long long clang_Type_getSizeOf(CXType type);
long long clang_Type_getAlignOf(CXType type);
long long clang_Type_getOffsetOf(CXType type, const char *field);
`;
const [CONTINUE, RECURSE] = [1, 2];
const [STRUCT, UNION, FIELD, FUNCTION, TYPEDEF, FIRST_ATTRIBUTE] = [2, 3, 6, 8, 20, 400];
const [COMPLEX, RECORD, ENUM, PROTOTYPE] = [100, 105, 106, 111];
const POINTERS = new Set([101, 102, 110, 111, 112, 114, 115]); // arrays and functions as parameters
/** The letters of types by their kind. Those of other integers have the width that the platform gives them. */
const LETTERS = { 2: 'v', 3: 'b', 12: 'X', 20: 'x', 21: 'f', 22: 'd', 23: 'D' };
const UNSIGNED = new Set([4, 5, 6, 7, 8, 9, 10, 11]);
const SIGNED = new Set([13, 14, 15, 16, 17, 18, 19]);

/** Opens libclang by the path of its shared library. */
export function openClang(path) {
  const { symbols: clang } = cdef(path, HEADER);

  const nameOf = (cursor) => {
    const string = clang.clang_getCursorSpelling(cursor);
    const name = clang.clang_getCString(string);
    clang.clang_disposeString(string);
    return name;
  };

  /** A type as letters, a struct by its size and alignment. */
  function letterOf(given) {
    const type = clang.clang_getCanonicalType(given);
    const { kind } = type;
    if (POINTERS.has(kind)) return 'p';
    if (kind in LETTERS) return LETTERS[kind];
    const size = Number(clang.clang_Type_getSizeOf(type));
    if (kind === ENUM) return letterOf(clang.clang_getEnumDeclIntegerType(clang.clang_getTypeDeclaration(type)));
    if (kind === RECORD && transparentOf(type)) return letterOf(transparentOf(type));
    if (kind === RECORD) return `{${size} ${clang.clang_Type_getAlignOf(type)}}`;
    if (kind === COMPLEX) return `{${letterOf(clang.clang_getElementType(type)).repeat(2)}}`;
    const width = { 1: 'c', 2: 'h', 4: 'i', 8: 'l' }[size];
    if (UNSIGNED.has(kind)) return width.toUpperCase();
    return SIGNED.has(kind) ? width : `kind ${kind}`;
  }

  /** The first member of a union with an attribute, which in the headers of the sets is `transparent_union`. */
  function transparentOf(type) {
    const declaration = clang.clang_getTypeDeclaration(type);
    let first;
    let hasAttribute = false;
    const visit = (cursor) => {
      if (cursor.kind === FIELD) first ??= clang.clang_getCursorType(cursor);
      hasAttribute ||= cursor.kind >= FIRST_ATTRIBUTE;
      return CONTINUE;
    };
    if (declaration.kind === UNION) clang.clang_visitChildren(declaration, visit, null);
    return hasAttribute ? first : undefined;
  }

  function signatureOf(type) {
    const count = clang.clang_getNumArgTypes(type);
    const args = Array.from({ length: Math.max(count, 0) }, (_, i) => letterOf(clang.clang_getArgType(type, i)));
    const more = type.kind === PROTOTYPE && clang.clang_isFunctionTypeVariadic(type) ? ['...'] : [];
    return `(${[...args, ...more].join(',')})${letterOf(clang.clang_getResultType(type))}`;
  }

  /** Calls `each(functions, layoutOf)` with the signature of each function and a function for the layouts of structs. */
  return function read(text, args, each) {
    const folder = mkdtempSync(join(tmpdir(), 'arkffi-clang-'));
    const file = join(folder, 'main.c');
    writeFileSync(file, text);
    const index = clang.clang_createIndex(0, 0);
    const list = stringArray(args);
    const unit = clang.clang_parseTranslationUnit(index, file, list, args.length, null, 0, 0);
    try {
      const functions = new Map();
      const records = new Map();
      const typedefs = new Map();
      clang.clang_visitChildren(
        clang.clang_getTranslationUnitCursor(unit),
        (cursor) => {
          if (cursor.kind === FUNCTION) functions.set(nameOf(cursor), signatureOf(clang.clang_getCursorType(cursor)));
          if (cursor.kind === TYPEDEF) {
            const type = clang.clang_getCanonicalType(clang.clang_getTypedefDeclUnderlyingType(cursor));
            if (type.kind === RECORD) typedefs.set(nameOf(cursor), type);
          }
          if (cursor.kind !== STRUCT && cursor.kind !== UNION) return CONTINUE;
          if (clang.clang_isCursorDefinition(cursor)) records.set(nameOf(cursor), clang.clang_getCursorType(cursor));
          return RECURSE;
        },
        null,
      );
      const layoutOf = (name, fields) => {
        const type = typedefs.get(name) ?? records.get(name);
        if (type === undefined) return undefined;
        const offsets = fields.map((field) => Math.floor(Number(clang.clang_Type_getOffsetOf(type, field)) / 8));
        return {
          size: Number(clang.clang_Type_getSizeOf(type)),
          align: Number(clang.clang_Type_getAlignOf(type)),
          offsets,
        };
      };
      each(functions, layoutOf);
    } finally {
      clang.clang_disposeTranslationUnit(unit);
      clang.clang_disposeIndex(index);
      rmSync(folder, { recursive: true });
    }
  };
}
