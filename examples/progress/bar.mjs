// A progress bar on a terminal. If the output is not a terminal, one line for each tenth.

const WIDTH = 30;

/** Returns `draw`, which shows `done` of `total` followed by a note, and `end`, which moves to the next line. */
export function progressBar(stream = process.stdout, indent = '') {
  let drawn = false;
  let tenth = 0;

  function draw(done, total, note) {
    const part = total ? done / total : 1;
    const text = `${String(Math.floor(100 * part)).padStart(3)} %  ${note}`;
    if (stream.isTTY) {
      const filled = Math.floor(WIDTH * part);
      stream.write(`\r\x1b[K${indent}${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${text}`);
      drawn = true;
    } else if (Math.floor(10 * part) > tenth) {
      tenth = Math.floor(10 * part);
      stream.write(`${indent}${text}\n`);
    }
  }

  function end() {
    if (drawn) stream.write('\n');
    drawn = false;
  }

  return { draw, end };
}
