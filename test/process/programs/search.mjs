// Which library a name leads to, in a process where none is open yet.
import ffi from 'liblibrary.so';

/** Prints whether it is the demonstration library, or a copy of the fixture. */
export function load(name) {
  try {
    const handle = ffi.load(name);
    for (const symbol of ['getVersion', 'string_utf8']) {
      try {
        console.log(ffi.callString(handle, symbol));
      } catch {
        continue;
      }
    }
  } catch (error) {
    console.log(error.code, error.message);
  }
}
