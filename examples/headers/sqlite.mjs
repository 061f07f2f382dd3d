// SQLite by sqlite3.h: a table, a prepared statement, and a function of SQL that is written in JavaScript.
//
//   node examples/headers/sqlite.mjs
import { JSCallback, out, read } from 'arkffi';
import { open } from './open.mjs';

const { symbols: sql, constants } = open('sqlite3', 'sqlite3.h');
const check = (code) => {
  if (code !== constants.SQLITE_OK) throw new Error(sql.sqlite3_errmsg(db));
};

const [db] = sql.sqlite3_open(':memory:', out('p')).out;
const squared = new JSCallback(
  (context, count, values) => sql.sqlite3_result_int(context, sql.sqlite3_value_int(read.p(values)) ** 2),
  { args: ['p', 'i', 'p'], returns: 'v' },
);
const { SQLITE_UTF8, SQLITE_DETERMINISTIC, SQLITE_ROW } = constants;
const flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
check(sql.sqlite3_create_function_v2(db, 'squared', 1, flags, null, squared, null, null, null));

check(
  sql.sqlite3_exec(db, "CREATE TABLE t (name, n); INSERT INTO t VALUES ('one', 1), ('twelve', 12)", null, null, null),
);
const [statement] = sql.sqlite3_prepare_v2(db, 'SELECT squared(n) FROM t WHERE name = ?', -1, out('p'), null).out;
check(sql.sqlite3_bind_text(statement, 1, 'twelve', -1, constants.SQLITE_TRANSIENT));
while (sql.sqlite3_step(statement) === SQLITE_ROW) console.log('squared:', sql.sqlite3_column_int(statement, 0));
sql.sqlite3_finalize(statement);
check(sql.sqlite3_close(db));
squared.close();
console.log(`${constants.SQLITE_VERSION_NUMBER >= 3_000_000 ? 'SQLite 3' : 'SQLite'}: closed`);
