// Runs the programs that use libraries by their headers as they are. tools/setup.sh installs the smaller libraries; the
// other programs are skipped on machines that have them not.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exited, isSanitized, node, withoutWarnings } from './support.mjs';

const path = (name) => fileURLToPath(new URL(`../../examples/headers/${name}.mjs`, import.meta.url));

const expected = {
  sqlite: 'squared: 144\nSQLite 3: closed\n',
  curl: '// libcurl by curl.h: reads a file by its URL, and takes a URL apart.\nexample.org\n/a/b\n',
  zstd: '154500 bytes, compressed to less than a tenth: true\nthe same: true\n',
  git2: 'commit 1bc322384f25c71e006ba90f90d120f4d6c65882\nThe first\n1 true\n',
  'tree-sitter': /^document [^\n]*\n {2}object .*\n {4}pair "text": "x"\n/s,
  sdl2: '8 x 4, 32 bytes in a row, pixels: true\nevent with code 42\n',
  archive: 'a.txt: the first file\nfolder/b.txt: the second file, in a folder\n',
  glib: 'SHOUTED\n1,2,3\nA name\n640\ntrue\n',
};

// The programs run the compiler, which inherits a preloaded sanitizer and fails.
suite('libraries by their headers', { skip: isSanitized && 'the compiler does not run under a sanitizer' }, () => {
  for (const [name, output] of Object.entries(expected)) {
    test(`${name}`, async (t) => {
      const { stdout, stderr } = exited(await node([path(name)]));
      const isMissing = stdout.startsWith('skipped: ');
      // The program says which library is not installed.
      if (isMissing) return t.skip(`not installed: ${stdout.trim().slice(9)}`);
      if (typeof output === 'string') assert.equal(stdout, output);
      else assert.match(stdout, output);
      assert.equal(withoutWarnings(stderr), '');
    });

    test(`${name} is shorter than with declarations by hand`, () => {
      const text = readFileSync(path(name), 'utf8');
      const [, group, opened] = /symbols: (\w+)[^=]*= (open\(.*?\n?\}?\));\n/s.exec(text);
      const functions = new Set(text.match(new RegExp(`\\b${group}\\.\\w+(?=\\()`, 'g')));
      // By hand, each function has at least a line of its own.
      assert.ok(functions.size > opened.split('\n').length + 1, `${functions.size}: ${opened}`);
    });
  }
});
