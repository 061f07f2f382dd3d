// Reads the reports that processes under a sanitizer left in a folder, and prints those that concern arkffi: every
// error, and each leak of memory that arkffi's code allocated. Exits 1 where there is one.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const SHOWN = 100; // lines of an error's report that are printed: all the stacks, without the shadow bytes

// Frames between an allocation and the code that asked for it: the allocator, the C++ library and Node-API.
const INTERMEDIARY = / in (__interceptor_|operator new|std::|napi_|node_api_|v8impl::|(c|m|re)alloc\b)/;

// A frame without a source belongs to a library that has been unloaded: the native module itself, or a library that it
// called, whose memory is not arkffi's.
const OURS = /\b(core\/src|cdef\/src|bridge)(\/\w+)?\/\w+\.[ch]\b|liblibrary|unknown module/;
const CALLED =
  /(unknown module>\)|__interceptor_\w+ .*)\n.* in (ark__direct|ark__enter|ark_plan_call|ffi_call|\w+ \S*core\/src\/calls\/\w+\.c)/;

// Node.js frees a Promise's deferred only when it is settled, and refuses to settle it once JavaScript may not run any
// more: each call in flight when a worker or the process ends leaks 8 bytes. Memory from `alloc` is the program's to
// free; finalizers, which may free it, do not run at the end of a process.
const UNAVOIDABLE = / in (napi_create_promise|arkjs_allocate) /;

/** Whether arkffi's code asked for the memory, and not the JavaScript engine on its behalf. */
function isOurs(leak) {
  const frames = leak.split('\n').filter((line) => /^ *#\d+ /.test(line));
  const asked = frames.find((frame) => !INTERMEDIARY.test(frame)) ?? '';
  // arkffi is compiled with frame pointers here, and something always calls it. A stack that ends with the first frame
  // is that of a library without them.
  if (asked.includes('unknown module') && asked === frames[frames.length - 1]) return false;
  return OURS.test(asked) && !CALLED.test(leak) && !UNAVOIDABLE.test(leak);
}

// Frames between a race and the code that it is in: memory and thread functions, as ThreadSanitizer replaces them, and
// the C and C++ libraries.
const RUNTIME = /libtsan\.so|libsanitizer|\((libc|libstdc\+\+)\.so/;

/**
 * Whether arkffi's code, or a library that it called, made one of the two accesses that race. Node.js is not
 * instrumented: ThreadSanitizer sees its locks and its memory, but not the atomics with which it synchronizes, and
 * therefore reports false races between V8's workers, or between message ports.
 */
function isOurRace(report) {
  const stacks = report
    .split('\n\n')
    .filter((block) => /^\s*(Previous |Write |Read |Atomic |As if )|data race/im.test(block));
  return stacks.some((stack) => {
    const frame = stack.split('\n').find((line) => /^ *#\d+ /.test(line) && !RUNTIME.test(line));
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
      // Every report other than a data race is shown, for example a lock that is destroyed while it is held.
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
