// The package on Windows, that is under wine, with Node.js for Windows from npm.
import { existsSync } from 'node:fs';
import { hostsFor } from '../../platforms/host.mjs';
import { PLATFORMS } from '../../platforms/targets.mjs';

const WINE = ['/usr/lib/wine/wine64', '/usr/bin/wine64'];
const PLATFORM = 'win32-x64';

/** Calls functions of Windows and of its C library in each way: by types and by C, sync and async, with a callback. */
const CALLS = `
const { symbols: system } = dlopen('kernel32', {
  GetCurrentProcessId: { args: [], returns: 'u32' },
  MulDiv: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
});
const { symbols: c } = cdef('msvcrt.dll', \`
  size_t strlen(const char *text);
  double pow(double base, double exponent);
  int sprintf(char *out, const char *format, ...);
  void qsort(void *base, size_t count, size_t size, int (*compare)(const int *one, const int *other));
\`);
const fail = (what) => { throw new Error(what); };
if (system.GetCurrentProcessId() !== process.pid) fail('wrong process');
if (c.pow(2, 10) !== 1024) fail('wrong power');
const numbers = Int32Array.of(5, -3, 9, 0);
c.qsort(numbers, 4, 4, (one, other) => new Int32Array(ffi.readMemory(one, 4))[0] - new Int32Array(ffi.readMemory(other, 4))[0]);
if (String(numbers) !== '-3,0,5,9') fail('wrong order: ' + numbers);
const text = Buffer.alloc(32);
if (c.sprintf(text, '%d %.1f', ['int', 7], ['double', 2.5]) !== 5) fail('wrong text');
system.MulDiv.async(2, 4, 2).then((four) => {
  console.log('first call', c.strlen('naïve'), four, ffi.engine);
});
`;

const onWine = (host) => ({
  name: `on ${host} for Windows, under wine`,
  async run(it) {
    if (!WINE.some((path) => existsSync(path))) return 'wine is not installed: apt-get install wine64';
    if (it.packed.standIns.includes(PLATFORM)) return `there is no build for ${PLATFORM}: make prebuilds`;
    await it.install();
    it.write({
      'a.cjs': `const { dlopen, cdef, ffi } = require('arkffi');\n${CALLS}`,
      'b.mjs': `import { dlopen, cdef, ffi } from 'arkffi';\n${CALLS}`,
      'c.mjs': `import { dlopen, cdef, ffi } from 'arkffi/${PLATFORM}';\n${CALLS}`,
    });
    const { argv, env } = hostsFor('windows').find(({ title }) => title === host);
    const [wine, program] = argv;
    for (const file of ['a.cjs', 'b.mjs', 'c.mjs']) await it.calls(wine, [program, file], { env });
  },
});

export const windows = Object.keys(PLATFORMS.windows.script.hosts).map(onWine);
