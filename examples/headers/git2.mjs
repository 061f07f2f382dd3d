// libgit2 by git2.h: makes a repository in a new folder, commits a file, and reads the commit.
//
//   node examples/headers/git2.mjs
import { out } from 'arkffi';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from './open.mjs';

const { symbols: git, structs, constants } = open('git2', 'git2.h', { fields: { git_error: { message: 's' } } });
const { git_oid } = structs;
const check = (code) => {
  if (code < 0) throw new Error(structs.git_error.at(git.git_error_last()).message);
};
/** Calls a function whose first parameter receives a pointer. */
const made = (name, ...args) => {
  const { value, out: result } = git[name](out('p'), ...args);
  check(value);
  return result[0];
};

git.git_libgit2_init();
const folder = mkdtempSync(join(tmpdir(), 'arkffi-git-'));
writeFileSync(join(folder, 'a.txt'), 'what is committed\n');
const repository = made('git_repository_init', folder, 0);
const index = made('git_repository_index', repository);
check(git.git_index_add_bypath(index, 'a.txt'));
const [tree, commit] = git_oid.arrayOf(2);
check(git.git_index_write_tree(tree, index));
const author = made('git_signature_new', 'Ada', 'ada@example.org', 1_000_000_000, 0);
const treeObject = made('git_tree_lookup', repository, tree);
check(git.git_commit_create_v(commit, repository, 'HEAD', author, author, null, 'The first\n', treeObject, 0));

const text = new Uint8Array(constants.GIT_OID_HEXSZ);
git.git_oid_fmt(text, commit);
console.log('commit', String.fromCharCode(...text));
console.log(git.git_commit_message(made('git_commit_lookup', repository, commit)).trim());
// A plain function of JavaScript is called for each reference.
const seen = [];
check(git.git_reference_foreach_name(repository, (name) => (seen.push(name), 0), null));
console.log(seen.length, seen[0].startsWith('refs/heads/'));
git.git_repository_free(repository);
git.git_libgit2_shutdown();
rmSync(folder, { recursive: true });
