// Mistakes, and what the compiler says of each: the text after `says:`, in an error at that line.
import { callbackType, cdef, CFunction, dlopen, JSCallback, linkSymbols, Struct, StructSchema, Union } from 'arkffi';

const lib = dlopen(null, {
  abs: { args: ['int'], return: 'int' }, // says: 'return' is unknown; did you mean 'returns'?
});
lib.define({
  abs: { args: ['int'], return: 'int' }, // says: 'return' is unknown; did you mean 'returns'?
});
dlopen(null, {
  right: { args: ['int'], returns: 'int' },
  wrong: { arg: ['int'], returns: 'int' }, // says: 'arg' is unknown; did you mean 'args'?
  sort: { args: [{ args: ['int'], return: 'int' }] }, // says: 'return' is unknown; did you mean 'returns'?
  variable: { type: 'int', opt: true }, // says: 'opt' is unknown; did you mean 'optional'?
});
dlopen(null, {
  loose: { argumentTypes: ['int'] }, // says: 'argumentTypes' does not exist in type 'SymbolDefinition'
});
dlopen(null, {
  argument: { args: ['intt'], returns: 'int' }, // says: Type '"intt"' is not assignable to type 'ParameterType'. Did you mean '"int"'?
  result: { args: ['int'], returns: 'intt' }, // says: Did you mean '"int"'?
});
dlopen(null, { abs: { args: ['int'] } }, { nwo: true }); // says: 'nwo' does not exist in type 'LibraryOptions'
const anything: any = 'int';
dlopen(null, { abs: { args: ['int'], return: anything } }); // says: is not assignable to parameter of type 'never'
linkSymbols({
  abs: { args: ['int'], return: 'int', ptr: 4096 }, // says: 'return' is unknown; did you mean 'returns'?
});
Struct({
  x: { type: 'int', pack: true }, // says: 'pack' is unknown; did you mean 'packed'?
  f: { args: ['int'], return: 'int' }, // says: 'return' is unknown; did you mean 'returns'?
});
Union({
  x: { type: 'int', bit: 3 }, // says: 'bit' is unknown
});
new StructSchema({
  x: { type: 'int', alignment: 3 }, // says: 'alignment' is unknown
});
CFunction({
  args: [{ args: ['int'], return: 'int' }], // says: 'return' is unknown; did you mean 'returns'?
  ptr: 4096,
});
CFunction({ args: ['int'], return: 'int', ptr: 4096 }); // says: Did you mean to write 'returns'?
new JSCallback(() => {}, { args: ['int'], return: 'int' }); // says: Did you mean to write 'returns'?
callbackType([{ args: ['int'], return: 'int' }]); // says: 'return' is unknown; did you mean 'returns'?
cdef(null, 'int abs(int);', { string: 'all' }); // says: Did you mean to write 'strings'?
