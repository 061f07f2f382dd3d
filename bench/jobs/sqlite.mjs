// SQLite: rows into a table in memory, by one prepared statement in one transaction, and out of it.
//
// Each function takes the contender's API and returns { version, run, insert, select }: `run` executes a statement
// without results, `insert` adds a row, `select` calls back for each row.
import { sqlite } from '../paths.mjs';

const CREATE = 'CREATE TABLE items (id INTEGER, name TEXT, price REAL)';
const INSERT = 'INSERT INTO items VALUES (?, ?, ?)';
const SELECT = 'SELECT id, name, price FROM items';
const VERSION = 'SELECT sqlite_version()';
const ROW = 100;
const COPIED = -1; // SQLITE_TRANSIENT: SQLite copies the text

/** The same program for every FFI library: `c` has the functions of SQLite, `open` and `prepare` without out-parameters. */
function byC(c) {
  const database = c.open(':memory:');
  const prepare = (text) => c.prepare(database, text);
  const run = (text) => {
    const statement = prepare(text);
    c.step(statement);
    c.finalize(statement);
  };
  run(CREATE);
  const [inserting, selecting, asking] = [INSERT, SELECT, VERSION].map(prepare);
  c.step(asking);
  return {
    version: c.columnText(asking, 0),
    run,
    insert(id, text, price) {
      c.bindInt(inserting, 1, id);
      c.bindText(inserting, 2, text, -1, COPIED);
      c.bindDouble(inserting, 3, price);
      c.step(inserting);
      c.reset(inserting);
    },
    select(onRow) {
      while (c.step(selecting) === ROW) {
        onRow(c.columnInt(selecting, 0), c.columnText(selecting, 1), c.columnDouble(selecting, 2));
      }
      c.reset(selecting);
    },
  };
}

export function arkffi({ dlopen }) {
  const { symbols: s } = dlopen(sqlite, {
    sqlite3_open: { args: ['cstring', 'buffer'], returns: 'int' },
    sqlite3_prepare_v2: { args: ['pointer', 'cstring', 'int', 'buffer', 'pointer'], returns: 'int' },
    sqlite3_bind_int: { args: ['pointer', 'int', 'int'], returns: 'int' },
    sqlite3_bind_text: { args: ['pointer', 'int', 'cstring', 'int', 'int64'], returns: 'int' },
    sqlite3_bind_double: { args: ['pointer', 'int', 'double'], returns: 'int' },
    sqlite3_step: { args: ['pointer'], returns: 'int' },
    sqlite3_reset: { args: ['pointer'], returns: 'int' },
    sqlite3_finalize: { args: ['pointer'], returns: 'int' },
    sqlite3_column_int: { args: ['pointer', 'int'], returns: 'int' },
    sqlite3_column_text: { args: ['pointer', 'int'], returns: 'cstring' },
    sqlite3_column_double: { args: ['pointer', 'int'], returns: 'double' },
  });
  const out = new BigUint64Array(1);
  return byC({
    open: (path) => (s.sqlite3_open(path, out), Number(out[0])),
    prepare: (database, text) => (s.sqlite3_prepare_v2(database, text, -1, out, null), Number(out[0])),
    bindInt: s.sqlite3_bind_int,
    bindText: s.sqlite3_bind_text,
    bindDouble: s.sqlite3_bind_double,
    step: s.sqlite3_step,
    reset: s.sqlite3_reset,
    finalize: s.sqlite3_finalize,
    columnInt: s.sqlite3_column_int,
    columnText: s.sqlite3_column_text,
    columnDouble: s.sqlite3_column_double,
  });
}

export function koffi(api) {
  const library = api.load(sqlite);
  const open = library.func('int sqlite3_open(const char *, _Out_ void **)');
  const prepare = library.func('int sqlite3_prepare_v2(void *, const char *, int, _Out_ void **, void *)');
  const out = [null];
  return byC({
    open: (path) => (open(path, out), out[0]),
    prepare: (database, text) => (prepare(database, text, -1, out, null), out[0]),
    bindInt: library.func('int sqlite3_bind_int(void *, int, int)'),
    bindText: library.func('int sqlite3_bind_text(void *, int, const char *, int, intptr_t)'),
    bindDouble: library.func('int sqlite3_bind_double(void *, int, double)'),
    step: library.func('int sqlite3_step(void *)'),
    reset: library.func('int sqlite3_reset(void *)'),
    finalize: library.func('int sqlite3_finalize(void *)'),
    columnInt: library.func('int sqlite3_column_int(void *, int)'),
    columnText: library.func('const char *sqlite3_column_text(void *, int)'),
    columnDouble: library.func('double sqlite3_column_double(void *, int)'),
  });
}

/** node:sqlite and better-sqlite3, whose databases are alike. */
function byAddon(database) {
  database.exec(CREATE);
  const [inserting, selecting] = [INSERT, SELECT].map((text) => database.prepare(text));
  return {
    version: Object.values(database.prepare(VERSION).get())[0],
    run: (text) => database.exec(text),
    insert: (id, text, price) => inserting.run(id, text, price),
    select(onRow) {
      for (const { id, name, price } of selecting.iterate()) onRow(id, name, price);
    },
  };
}

const byNode = ({ sqlite: { DatabaseSync } }) => byAddon(new DatabaseSync(':memory:'));
const byBetter = (Database) => byAddon(new Database(':memory:'));

export { byNode as "Node's own", byBetter as 'better-sqlite3' };
