// GLib by glib.h: a hash table, sorting with a function of JavaScript, and a key file.
//
//   node examples/headers/glib.mjs
import { out, owned, read } from 'arkffi';
import { open } from './open.mjs';

const { symbols: glib, structs } = open('glib-2.0', 'glib.h', {
  module: 'glib-2.0',
  strings: 'results',
  symbols: {
    g_key_file_get_string: { returns: owned('s', 'g_free') },
    g_ascii_strup: { returns: owned('s', 'g_free') },
  },
});

console.log(glib.g_ascii_strup('shouted', -1));

const list = glib.g_array_new(0, 0, 4);
glib.g_array_append_vals(list, new Int32Array([3, 1, 2]), 3);
glib.g_array_sort(list, (a, b) => read.i32(a) - read.i32(b));
const { data, len } = structs.GArray.at(list);
console.log(Array.from({ length: len }, (_, i) => read.i32(data, 4 * i)).join());
glib.g_array_free(list, 1);

const file = glib.g_key_file_new();
const text = '[window]\ntitle=A name\nwidth=640\n';
if (!glib.g_key_file_load_from_data(file, text, text.length, 0, null)) throw new Error('no key file');
console.log(glib.g_key_file_get_string(file, 'window', 'title', null));
console.log(glib.g_key_file_get_integer(file, 'window', 'width', null));
// What is not there is an error of GLib: a struct that the library makes, and the program frees.
const { out: errors } = glib.g_key_file_get_integer(file, 'window', 'height', out('p'));
console.log(structs.GError.at(errors[0]).message.includes('height'));
glib.g_error_free(errors[0]);
glib.g_key_file_free(file);
