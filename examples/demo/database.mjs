// A small wrapper of SQLite on arkffi. https://sqlite.org/cintro.html describes the C functions.
import { dlopen, findLibrary, out } from 'arkffi';

const OK = 0;
const ROW = 100;
const DONE = 101;
const TRANSIENT = 0xffff_ffff_ffff_ffffn; // SQLITE_TRANSIENT, (void *)-1: SQLite makes its own copy of the text

/** Opens the SQLite library. Close its databases before you close the library. */
export function openSqlite() {
  // libsqlite3.so.0 on Linux, libsqlite3.dylib on macOS, and sqlite3.dll on Windows.
  return dlopen(findLibrary('sqlite3'), {
    sqlite3_libversion: { returns: 'cstring' },
    sqlite3_open: { args: ['cstring', out('pointer')], returns: 'int' },
    sqlite3_close: { args: ['pointer'], returns: 'int' },
    sqlite3_errmsg: { args: ['pointer'], returns: 'cstring' },
    sqlite3_prepare_v2: { args: ['pointer', 'cstring', 'int', out('pointer'), 'pointer'], returns: 'int' },
    sqlite3_bind_null: { args: ['pointer', 'int'], returns: 'int' },
    sqlite3_bind_int64: { args: ['pointer', 'int', 'int64'], returns: 'int' },
    sqlite3_bind_double: { args: ['pointer', 'int', 'double'], returns: 'int' },
    sqlite3_bind_text: { args: ['pointer', 'int', 'cstring', 'int', 'pointer'], returns: 'int' },
    sqlite3_step: { args: ['pointer'], returns: 'int' },
    sqlite3_reset: { args: ['pointer'], returns: 'int' },
    sqlite3_finalize: { args: ['pointer'], returns: 'int' },
    sqlite3_column_count: { args: ['pointer'], returns: 'int' },
    sqlite3_column_name: { args: ['pointer', 'int'], returns: 'cstring' },
    sqlite3_column_type: { args: ['pointer', 'int'], returns: 'int' },
    sqlite3_column_int64: { args: ['pointer', 'int'], returns: 'int64' },
    sqlite3_column_double: { args: ['pointer', 'int'], returns: 'double' },
    sqlite3_column_text: { args: ['pointer', 'int'], returns: 'cstring' },
  });
}

export class Database {
  #c;
  #address;

  constructor(sqlite, path) {
    this.#c = sqlite.symbols;
    const { value, out: made } = this.#c.sqlite3_open(path);
    this.#address = made[0];
    this.check(value);
  }

  /** Prepares a statement. Its `end` must be called before the database is closed. */
  prepare(sql) {
    const { value, out: made } = this.#c.sqlite3_prepare_v2(this.#address, sql, -1, null);
    this.check(value);
    return new Statement(this, this.#c, made[0]);
  }

  /** Runs a statement once and returns its rows. */
  run(sql, ...values) {
    const statement = this.prepare(sql);
    try {
      return statement.run(...values);
    } finally {
      statement.end();
    }
  }

  close() {
    this.check(this.#c.sqlite3_close(this.#address));
  }

  check(status) {
    if (status !== OK) throw new Error(`SQLite: ${this.#c.sqlite3_errmsg(this.#address)}`);
  }
}

class Statement {
  #database;
  #c;
  #address;

  constructor(database, symbols, address) {
    this.#database = database;
    this.#c = symbols;
    this.#address = address;
  }

  /** Runs the statement with values for its question marks, and returns the rows as objects. */
  run(...values) {
    values.forEach((value, i) => this.#database.check(this.#bind(i + 1, value)));
    const rows = [];
    let status;
    while ((status = this.#c.sqlite3_step(this.#address)) === ROW) rows.push(this.#row());
    const reset = this.#c.sqlite3_reset(this.#address); // returns the error of the last step again
    if (status !== DONE) this.#database.check(reset);
    return rows;
  }

  end() {
    this.#c.sqlite3_finalize(this.#address);
  }

  #bind(index, value) {
    if (value === null) return this.#c.sqlite3_bind_null(this.#address, index);
    if (typeof value === 'string') return this.#c.sqlite3_bind_text(this.#address, index, value, -1, TRANSIENT);
    const isWhole = Number.isSafeInteger(value) || typeof value === 'bigint';
    if (isWhole) return this.#c.sqlite3_bind_int64(this.#address, index, value);
    return this.#c.sqlite3_bind_double(this.#address, index, value);
  }

  #row() {
    const row = {};
    const columns = this.#c.sqlite3_column_count(this.#address);
    for (let i = 0; i < columns; i++) row[this.#c.sqlite3_column_name(this.#address, i)] = this.#column(i);
    return row;
  }

  #column(index) {
    switch (this.#c.sqlite3_column_type(this.#address, index)) {
      case 1:
        return this.#c.sqlite3_column_int64(this.#address, index);
      case 2:
        return this.#c.sqlite3_column_double(this.#address, index);
      case 3:
        return this.#c.sqlite3_column_text(this.#address, index);
      default:
        return null;
    }
  }
}
