// Loads a library by its name, in a process in which no library is open yet.
import ffi from 'liblibrary.so';

/** Prints whether the name leads to the demonstration library, or to a copy of the fixture. */
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
