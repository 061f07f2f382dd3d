// Three functions of the C library with their real structs: stat, gettimeofday and getaddrinfo. Run `make build`
// before.
//
//   node examples/libc/main.mjs [FILE]
import { dlopen, out, Struct } from 'arkffi';
import { fileURLToPath } from 'node:url';

if (process.platform !== 'linux') {
  console.log('skipped: these are the structs of Linux; those of macOS and Windows have other members');
  process.exit();
}

const Timespec = Struct({ sec: 'long', nsec: 'long' });
const Timeval = Struct({ sec: 'long', usec: 'long' });

// struct stat of glibc, which differs between processors: bits/struct_stat.h.
const times = { atim: Timespec, mtim: Timespec, ctim: Timespec };
const Stat =
  process.arch === 'x64'
    ? Struct({
        ...{ dev: 'u64', ino: 'u64', nlink: 'u64', mode: 'u32', uid: 'u32', gid: 'u32', pad: 'int', rdev: 'u64' },
        ...{ size: 'i64', blksize: 'i64', blocks: 'i64', ...times, reserved: ['long', 3] },
      })
    : Struct({
        ...{ dev: 'u64', ino: 'u64', mode: 'u32', nlink: 'u32', uid: 'u32', gid: 'u32', rdev: 'u64', pad1: 'u64' },
        ...{ size: 'i64', blksize: 'int', pad2: 'int', blocks: 'i64', ...times, reserved: ['int', 2] },
      });

const AddrInfo = Struct({
  ...{ flags: 'int', family: 'int', socktype: 'int', protocol: 'int' },
  ...{ addrlen: 'u32', addr: 'pointer', canonname: 'cstring', next: 'pointer' },
});
const SockAddrIn = Struct({ family: 'u16', port: ['u8', 2], addr: ['u8', 4] });
const AF_INET = 2;
const SOCK_STREAM = 1;

const libc = dlopen(null, {
  stat: { args: ['cstring', out(Stat)], returns: 'int' },
  gettimeofday: { args: [out(Timeval), 'pointer'], returns: 'int' },
  getaddrinfo: { args: ['cstring', 'cstring', 'pointer', out('pointer')], returns: 'int' },
  gai_strerror: { args: ['int'], returns: 'cstring' },
  freeaddrinfo: { args: ['pointer'] },
});
const { stat, gettimeofday, getaddrinfo, gai_strerror, freeaddrinfo } = libc.symbols;

/** All addresses of a host name. C allocates the list, and freeaddrinfo frees it. */
async function addressesOf(host, port) {
  const hints = AddrInfo.create({ family: AF_INET, socktype: SOCK_STREAM });
  // getaddrinfo may ask a name server, so it runs on a worker thread and does not block the event loop.
  const { value, out: [first] } = await getaddrinfo.async(host, port, hints); // prettier-ignore
  if (value !== 0) throw new Error(`getaddrinfo: ${gai_strerror(value)}`);
  const found = [];
  for (let at = first; at !== 0; at = found.at(-1).next) {
    const { addr, next } = AddrInfo.at(at);
    const { port: digits, addr: bytes } = SockAddrIn.fromPtr(addr);
    found.push({ address: [...bytes].join('.'), port: digits[0] * 256 + digits[1], next });
  }
  freeaddrinfo(first);
  return found.map(({ address, port: number }) => `${address}:${number}`);
}

const [file = fileURLToPath(import.meta.url)] = process.argv.slice(2);
const { value, errno, out: [info] } = stat.with({ errno: true })(file); // prettier-ignore
if (value !== 0) {
  console.error(`stat: ${file}: errno is ${errno}`);
  process.exit(1);
}
const { sec, nsec } = info.mtim;
console.log(`stat: ${info.size} bytes, mode ${info.mode.toString(8)}, changed ${sec}.${String(nsec).padStart(9, '0')}`);

const { out: [now] } = gettimeofday(null); // prettier-ignore
console.log(`gettimeofday: ${now.sec}.${String(now.usec).padStart(6, '0')}`);

console.log(`getaddrinfo: ${(await addressesOf('127.0.0.1', '8080')).join(' ')}`);
libc.close();
