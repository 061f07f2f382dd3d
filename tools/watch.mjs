// Runs a command, and ends those of its processes that hang. A process hangs when neither it nor any process that it
// has started makes progress. Progress is processor time, or the wish for it: a process that waits for a processor or
// for the disk does not hang, however slow the machine is. So no limit is a limit of time. Bytes written are no progress
// by themselves, because a thread that wakes another one up in vain writes some each time; but a process that uses much
// processor time and writes nothing is in a loop that never ends.
//
//   node tools/watch.mjs COMMAND...
//
// The innermost process that hangs is ended with SIGKILL, and the others get another chance: a test that waits for a
// program which hangs fails, and the other tests of its file run. A process that sleeps while the one that started it
// works may be a service, which is asked again later. So it is ended only if that process hangs as well, or is a test
// runner, which has started it for its own sake. Each ended process has a file in the folder ARKFFI_HUNG, named by its
// number, which says why and what its threads did. Only Linux has the figures; elsewhere nothing is ended.
//
// ARKFFI_WATCH_LOOKS and ARKFFI_WATCH_INTERVAL replace the two numbers below, for the test of this file.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How often all threads of a process must be found asleep, with nothing done in between. */
const LOOKS = Number(process.env.ARKFFI_WATCH_LOOKS ?? 120);
const INTERVAL = Number(process.env.ARKFFI_WATCH_INTERVAL ?? 1000); // milliseconds between two looks

const TICKS = 100; // per second: the unit of processor time in /proc
/** Processor time that counts as none, for each look: ThreadSanitizer wakes a thread up now and then. */
const IDLE_TICKS = 0.5;
/** Processor time in which a process must write something: otherwise it is a loop that never ends. */
const BUSY_TICKS = 900 * TICKS;

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended meanwhile
  }
};

const list = (path) => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** The fields of a stat file after the name, which may contain anything. */
const fieldsOf = (stat) => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** Whether a process runs tests, several at a time. */
const isRunner = (pid) => /^[^\0]*ctest\0|\0--test\0/.test(read(`/proc/${pid}/cmdline`));

/** What the threads of a process do, each as its name, its state and the number of its system call. */
const threadsOf = (pid) =>
  list(`/proc/${pid}/task`)
    .map((task) => {
      const of = (file) => read(`/proc/${pid}/task/${task}/${file}`).trim();
      return `${of('comm')} ${fieldsOf(of('stat'))[0]} ${of('syscall').split(' ')[0] || '?'}`;
    })
    .join(', ');

/** All processes below a process, and itself: by number, with what each has done. */
function processesBelow(root) {
  const all = new Map();
  for (const entry of list('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    if (!stat) continue;
    const fields = fieldsOf(stat);
    // The times are those of the process itself, and of its children that have ended.
    const ticks = fields.slice(11, 15).reduce((sum, time) => sum + Number(time), 0);
    all.set(Number(entry), { parent: Number(fields[1]), state: fields[0], ticks, children: [] });
  }
  for (const [pid, { parent }] of all) all.get(parent)?.children.push(pid);
  const below = new Map();
  const add = (pid) => {
    const found = all.get(pid);
    if (!found || below.has(pid)) return;
    below.set(pid, found);
    found.children.forEach(add);
  };
  add(root);
  for (const [pid, found] of below) {
    found.written = Number(/^wchar: (\d+)/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0);
    const states = list(`/proc/${pid}/task`).map((task) => fieldsOf(read(`/proc/${pid}/task/${task}/stat`))[0]);
    found.isAsleep = states.every((state) => state !== 'R' && state !== 'D');
  }
  return below;
}

/** What a process and all below it have done so far. */
function sumOf(below, pid) {
  const { children, ticks, written, isAsleep } = below.get(pid);
  return children.reduce(
    (sum, child) => {
      const inner = sumOf(below, child);
      return {
        ticks: sum.ticks + inner.ticks,
        written: sum.written + inner.written,
        isAsleep: sum.isAsleep && inner.isAsleep,
        members: `${sum.members} ${inner.members}`,
      };
    },
    { ticks, written, isAsleep, members: String(pid) },
  );
}

/**
 * Watches a process and all below it until the returned function is called. `onHang` is called with a line of text for
 * each process that is ended.
 */
export function watch(root, onHang = () => {}) {
  const known = new Map(); // by number: what the process had done when it last made progress
  if (!read('/proc/self/stat')) return () => {};

  function look() {
    const below = processesBelow(root);
    const hung = new Map();
    for (const pid of below.keys()) {
      const now = sumOf(below, pid);
      const before = known.get(pid);
      if (!before || before.members !== now.members) {
        known.set(pid, { ...now, since: now.ticks, looks: 0 });
        continue;
      }
      if (before.written !== now.written) Object.assign(before, { written: now.written, since: now.ticks });
      if (!now.isAsleep) continue; // it works, or would if it had a processor
      before.looks++;
      if (now.ticks - before.ticks > IDLE_TICKS * before.looks) Object.assign(before, { ticks: now.ticks, looks: 0 });
      if (before.looks >= LOOKS)
        hung.set(pid, `its threads were found asleep ${LOOKS} times, and nothing was done in between`);
    }
    for (const [pid, { since }] of known) {
      if (!below.has(pid)) known.delete(pid);
      else if (sumOf(below, pid).ticks - since > BUSY_TICKS) {
        hung.set(pid, `it has used ${BUSY_TICKS / TICKS} seconds of processor time and written nothing`);
      }
    }
    const isWaitedFor = (pid) => pid === root || hung.has(below.get(pid).parent) || isRunner(below.get(pid).parent);
    const innermost = [...hung].find(
      ([pid]) => isWaitedFor(pid) && below.get(pid).children.every((child) => !hung.has(child) || !isWaitedFor(child)),
    );
    if (innermost) end(...innermost);
  }

  function end(pid, why) {
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    const reason = `${why} (threads: ${threadsOf(pid)})`;
    if (process.env.ARKFFI_HUNG) writeFileSync(join(process.env.ARKFFI_HUNG, String(pid)), reason);
    onHang(`process ${pid} hangs: ${reason}: ${command}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    known.clear();
  }

  const timer = setInterval(look, INTERVAL);
  timer.unref();
  return () => clearInterval(timer);
}

/** The folder of the files that say which processes have been ended, for this process and those that it starts. */
export function openRecords() {
  process.env.ARKFFI_HUNG ??= mkdtempSync(join(tmpdir(), 'arkffi-watch-'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  openRecords();
  const [command, ...args] = process.argv.slice(2);
  const child = spawn(command, args, { stdio: 'inherit' });
  const stop = watch(child.pid, (line) => console.error(line));
  child.on('error', (error) => {
    console.error(`${error.message}`);
    process.exitCode = 127;
  });
  child.on('close', (code, signal) => {
    stop();
    process.exitCode = signal ? 1 : code;
  });
}
