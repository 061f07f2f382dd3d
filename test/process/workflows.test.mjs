// The workflows, which only GitHub runs: whether they are YAML, and name what exists.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { format } from 'prettier';

const root = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');
const folder = '.github/workflows/';

for (const name of readdirSync(new URL(folder, root))) {
  const text = read(folder + name);

  test(`${name} is YAML`, async () => {
    await format(text, { parser: 'yaml' });
    await assert.rejects(format(`${text}\n  - {`, { parser: 'yaml' }), 'a test of the test');
  });

  test(`${name} names only targets that the Makefile has`, () => {
    const targets = new Set([...read('Makefile').matchAll(/^([a-z\d-]+):/gm)].map(([, target]) => target));
    const wanted = [...text.matchAll(/\brun: make ([a-z\d -]+)/g)].flatMap(([, words]) => words.trim().split(' '));
    const listed = [...text.matchAll(/\btarget: \[?([a-z\d, -]+)\]?/g)].flatMap(([, words]) =>
      words.trim().split(/[, ]+/),
    );
    for (const target of [...wanted, ...listed]) assert.ok(targets.has(target), target);
  });

  test(`${name} names only files that exist`, () => {
    for (const [, path] of text.matchAll(
      /\bnode (?:--\S+ )*(?:node_modules\/arkffi\/)?((?:examples|tools|test)\/[\w/.-]+\.mjs)/g,
    )) {
      assert.ok(existsSync(new URL(path, root)), path);
    }
    for (const [, id] of text.matchAll(/\bneeds: (\w+)/g)) assert.match(text, new RegExp(`^  ${id}:$`, 'm'));
  });
}
