// The files of dist/library/, each of which is loaded when one of its functions is first called: see ../library.mjs.

/** The modules by which each late file is entered. What only they import comes with them. */
export const LATE = {
  calls: ['calls/by_value', 'calls/callable', 'engines/portable', 'engines/v8'],
  cdef: ['libraries/cdef', 'libraries/kept'],
  hints: ['types/hints'],
  hosts: ['engines/host_calls', 'engines/thunk_calls'],
  structs: ['memory/enumeration', 'struct/accessors', 'struct/make', 'struct/members', 'struct/pointers'],
  text: ['memory/charset', 'pointers/read_text'],
};

/** Modules that must be in the core even if late files alone import them. */
export const CORE = ['engines/slots']; // functions that are bound before the slots are open have none
