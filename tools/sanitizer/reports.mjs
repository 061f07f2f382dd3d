// Reads the reports that processes under a sanitizer left in a folder, and shows those that are about arkffi: every
// error, and each leak of memory that arkffi's code asked for. Exits 1 where there is one.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SHOWN = 100; // lines of an error's report: all the stacks, without the shadow bytes

// What stands between an allocation and who asked for it: the allocator, C++'s library and Node-API.
const CARRIER = / in (__interceptor_|operator new|std::|napi_|node_api_|v8impl::|(c|m|re)alloc\b)/;

// A frame without a source is of a library that has been unloaded: the module, or one that it called, whose memory is
// that library's affair.
const OURS = /[ /](core|bridge)\/|liblibrary|unknown module/;
const CALLED = /unknown module>\)\n.* in (ark__direct|ark__enter|ark_plan_call|ffi_call|\w+ \S*core\/src\/cells\.c)/;

// Node.js gives a Promise's deferred back only when it is settled, and refuses that once JavaScript may not run any
// more: what is in flight when a worker or the process ends keeps its 8 bytes. What `alloc` gives is the program's to free,
// and finalizers, which may do it, do not run at the end of a process.
const UNAVOIDABLE = / in (napi_create_promise|arkjs_allocate) /;

/** Whether arkffi asked for the memory, and no part of the engine did so in between. */
function isOurs(leak) {
  const frames = leak.split('\n').filter((line) => /^ *#\d+ /.test(line));
  const asked = frames.find((frame) => !CARRIER.test(frame)) ?? '';
  return OURS.test(asked) && !CALLED.test(leak) && !UNAVOIDABLE.test(leak);
}

// What stands between a race and whose code it is in: memory's and threads' functions, as ThreadSanitizer replaces them,
// and the C and C++ libraries.
const LENT = /libtsan\.so|libsanitizer|\((libc|libstdc\+\+)\.so/;

/**
 * Whether arkffi's code, or a library that it called, made one of the two accesses that race. Node.js is not
 * instrumented: ThreadSanitizer sees its locks and its memory, but not the atomics by which it hands memory over, and so
 * finds races between V8's workers, or between message ports, that are none.
 */
function isOurRace(report) {
  const stacks = report
    .split('\n\n')
    .filter((block) => /^\s*(Previous |Write |Read |Atomic |As if )|data race/im.test(block));
  return stacks.some((stack) => {
    const frame = stack.split('\n').find((line) => /^ *#\d+ /.test(line) && !LENT.test(line));
    return frame !== undefined && !/\(node\+0x|\/deps\/uv\//.test(frame);
  });
}

const [folder] = process.argv.slice(2);
const found = new Map();
for (const file of readdirSync(folder)) {
  const text = readFileSync(join(folder, file), 'utf8');
  if (text.includes('ERROR: LeakSanitizer')) {
    const leaks = text.split('\n\n').filter((block) => /^\s*(Direct|Indirect) leak/.test(block));
    for (const leak of leaks.filter(isOurs)) {
      // The same leak in another process has the same frames at other addresses.
      found.set(leak.replace(/0x[0-9a-f]+/g, ''), `LeakSanitizer: ${leak.trim()}`);
    }
  } else if (text.includes('WARNING: ThreadSanitizer')) {
    const reports = text.split(/^={18}$/m).filter((block) => block.includes('WARNING: ThreadSanitizer'));
    for (const report of reports) {
      // All that is no race, a lock destroyed while it is held say, is shown.
      if (!report.includes('data race') || isOurRace(report))
        found.set(report.replace(/0x[0-9a-f]+/g, ''), report.trim());
    }
  } else if (/ERROR: |runtime error: |fatal error/.test(text)) {
    found.set(text, text.split('\n').slice(0, SHOWN).join('\n'));
  }
}

for (const text of found.values()) console.log(`${text}\n`);
console.log(`sanitizers: ${found.size ? `${found.size} findings` : 'nothing found'}`);
process.exit(found.size ? 1 : 0);
