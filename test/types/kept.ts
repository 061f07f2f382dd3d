// What TypeScript knows of declarations that a program has kept.
import { cdef, parseDeclarations } from '../../ts/src';

const kept: string = parseDeclarations('int f(void);');
const lib = cdef('libx.so', kept, { lazy: true });
export const value: unknown = lib.symbols.f();

// @ts-expect-error the text is missing
parseDeclarations();
// @ts-expect-error no string
parseDeclarations(5);
