// The layout of the house: which rooms each layer has, and which of them may know which. ARCHITECTURE.md says what each room
// is for; check.mjs keeps the sources to it; draw.mjs draws it.
//
// A room is a folder directly below a layer's root, or a single source file there. `floors` lists the rooms from the
// bottom up. A file may use files of its own room and of lower floors: never of a higher floor, never of another room on its
// own floor, and never in a circle.

/** The layers, from the bottom up. A layer may use the public headers of the layers below it. */
export const LAYERS = [
  {
    name: 'core',
    root: 'core/src',
    headers: 'core/include/arkffi',
    objects: 'build/release/core/CMakeFiles/arkffi_core.dir',
    floors: [
      ['base'],
      ['types'],
      ['cpu'],
      ['os'],
      ['libraries', 'threads', 'memory'],
      ['calls'],
      ['closures', 'thunks'],
    ],
    // Public headers without a source file of the same name, and the rooms that they belong to.
    headerRooms: {
      cache_line: 'base',
      environment: 'os',
      error_numbers: 'os',
      escape: 'os',
      container_of: 'base',
      open_flags: 'base',
      aggregate_type: 'types',
      closure_handler: 'types',
      slot_caller: 'types',
      descriptor: 'os',
      process: 'os',
      thread: 'os',
    },
  },
  {
    name: 'cdef',
    root: 'cdef/src',
    headers: 'cdef/include/arkffi',
    objects: 'build/release/cdef/CMakeFiles/arkffi_cdef.dir',
    floors: [['base'], ['parser'], ['types'], ['grammar'], ['unit'], ['cdef']],
    // C's own grammar is a circle: a declarator contains expressions (the length of an array), an expression contains types (a
    // cast, sizeof), and a type contains declarators. Its files call each other as the grammar's rules do.
    circles: ['grammar'],
  },
  {
    name: 'bridge',
    root: 'bridge',
    objects: 'build/release/bridge/CMakeFiles/arkffi.dir',
    floors: [['env'], ['values'], ['v8'], ['functions'], ['callbacks', 'engines'], ['calls'], ['async'], ['exports']],
  },
  {
    name: 'ts',
    root: 'ts/src',
    floors: [
      ['host'],
      ['base'],
      ['types'],
      ['memory'],
      ['struct'],
      ['signatures', 'pointers'],
      ['engines'],
      ['calls'],
      ['libraries'],
      ['strict'],
      ['index'],
    ],
  },
];
