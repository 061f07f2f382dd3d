// tree-sitter by tree_sitter/api.h: parses JSON, and walks the tree, whose nodes are structs that are passed by value. It
// needs a grammar: the shared library of tree-sitter-json, as an argument.
//
//   node examples/headers/tree-sitter.mjs libtree-sitter-json.so
import { dlopen, findLibrary } from 'arkffi';
import { open } from './open.mjs';

const { symbols: ts } = open('tree-sitter', 'tree_sitter/api.h');

function openGrammar() {
  try {
    const path = process.argv[2] ?? findLibrary('tree-sitter-json');
    return dlopen(path, { tree_sitter_json: { returns: 'p' } }).symbols.tree_sitter_json();
  } catch (error) {
    console.log(`skipped: ${error.message}`);
    process.exit();
  }
}

const text = '{ "list": [1, true, null], "text": "x" }';
const parser = ts.ts_parser_new();
if (!ts.ts_parser_set_language(parser, openGrammar())) throw new Error('a grammar of another version');
const tree = ts.ts_parser_parse_string(parser, null, text, text.length);

const walk = (node, depth) => {
  const piece = text.slice(ts.ts_node_start_byte(node), ts.ts_node_end_byte(node));
  console.log(`${'  '.repeat(depth)}${ts.ts_node_type(node)} ${piece}`);
  for (let i = 0; i < ts.ts_node_named_child_count(node); i++) walk(ts.ts_node_named_child(node, i), depth + 1);
};
walk(ts.ts_tree_root_node(tree), 0);
ts.ts_tree_delete(tree);
ts.ts_parser_delete(parser);
