// SQLite: a database in memory. database.mjs is the wrapper between this program and the C functions.
import { check, show } from './report.mjs';
import { Database, openSqlite } from './database.mjs';

export const title = 'SQLite: a database with prepared statements';
export const shows = 'Opens, creates, inserts, selects: pointers to pointers, strings and numbers.';
export const needs = 'SQLite';

const planets = [
  ['Mercury', 0.387, 0],
  ['Venus', 0.723, 0],
  ['Earth', 1, 1],
  ['Mars', 1.524, 2],
  ['Jupiter', 5.203, 95],
];

export async function run() {
  const sqlite = openSqlite();
  await show(() => sqlite.symbols.sqlite3_libversion());

  const database = new Database(sqlite, ':memory:');
  await show(() => database.run('CREATE TABLE planet (name TEXT, distance REAL, moons INTEGER)'));

  const insert = database.prepare('INSERT INTO planet VALUES (?, ?, ?)');
  await show(
    () => planets.forEach((planet) => insert.run(...planet)),
    () => `${planets.length} rows inserted`,
  );
  insert.end();

  const near = await show(() => database.run('SELECT name, moons FROM planet WHERE distance < ? AND moons > ?', 2, 0));
  const [all] = await show(() => database.run('SELECT count(*) AS planets, sum(moons) AS moons FROM planet'));

  check('the two near planets with moons are Earth and Mars', near.map(({ name }) => name).join() === 'Earth,Mars');
  check('SQLite counts and adds what was inserted', all.planets === planets.length && all.moons === 98);
  database.close();
  sqlite.close();
}
