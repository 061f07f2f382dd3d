// libarchive by archive.h and archive_entry.h: writes a tar file with gzip into memory, and reads it.
//
//   node examples/headers/archive.mjs
import { out } from 'arkffi';
import { open } from './open.mjs';

const { symbols: archive, constants } = open('archive', ['archive.h', 'archive_entry.h']);
const files = { 'a.txt': 'the first file', 'folder/b.txt': 'the second file, in a folder' };
const memory = new Uint8Array(65_536);

const writer = archive.archive_write_new();
const check = (code, of) => {
  if (code < constants.ARCHIVE_OK) throw new Error(archive.archive_error_string(of));
};
check(archive.archive_write_add_filter_gzip(writer), writer);
check(archive.archive_write_set_format_ustar(writer), writer);
const used = new BigUint64Array(1);
check(archive.archive_write_open_memory(writer, memory, memory.length, used), writer);
for (const [name, content] of Object.entries(files)) {
  const bytes = Buffer.from(content);
  const entry = archive.archive_entry_new();
  archive.archive_entry_set_pathname(entry, name);
  archive.archive_entry_set_size(entry, bytes.length);
  archive.archive_entry_set_filetype(entry, constants.AE_IFREG);
  archive.archive_entry_set_perm(entry, 0o644);
  check(archive.archive_write_header(writer, entry), writer);
  archive.archive_write_data(writer, bytes, bytes.length);
  archive.archive_entry_free(entry);
}
check(archive.archive_write_close(writer), writer);
archive.archive_write_free(writer);

const reader = archive.archive_read_new();
archive.archive_read_support_filter_all(reader);
archive.archive_read_support_format_all(reader);
check(archive.archive_read_open_memory(reader, memory, used[0]), reader);
for (;;) {
  const { value, out: entries } = archive.archive_read_next_header(reader, out('p'));
  if (value === constants.ARCHIVE_EOF) break;
  check(value, reader);
  const content = Buffer.alloc(Number(archive.archive_entry_size(entries[0])));
  archive.archive_read_data(reader, content, content.length);
  console.log(`${archive.archive_entry_pathname(entries[0])}: ${content}`);
}
archive.archive_read_free(reader);
