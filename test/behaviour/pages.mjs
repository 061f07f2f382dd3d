// Pages of memory with other rights than usual, which tests of checked mode read and write.
import { dlopen } from 'arkffi';
import ffi from 'liblibrary.so';
import { isWindows } from './hosts.mjs';

export const PAGE = 4096;

/** Three pages: the first may be read and written, the second only read, and the third is mapped without access. */
export function mapPages() {
  const { pages, protect, unmap } = isWindows ? fromWindows() : fromPosix();
  ffi.writeMemory(pages, new Uint8Array(2 * PAGE).fill(0x61));
  protect(pages + PAGE, 'read');
  protect(pages + 2 * PAGE, 'none');
  return { pages, unmap };
}

function fromPosix() {
  const PROT = { none: 0, read: 1, write: 2 };
  const { mmap, mprotect, munmap } = dlopen(null, {
    mmap: { args: ['p', 'L', 'i', 'i', 'i', 'l'], returns: 'p' },
    mprotect: { args: ['p', 'L', 'i'], returns: 'i' },
    munmap: { args: ['p', 'L'], returns: 'i' },
  }).symbols;
  const pages = mmap(null, 3 * PAGE, PROT.read | PROT.write, 0x22, -1, 0);
  const protect = (address, right) => mprotect(address, PAGE, PROT[right]);
  return { pages, protect, unmap: () => munmap(pages, 3 * PAGE) };
}

function fromWindows() {
  const RIGHT = { none: 1, read: 2, write: 4 };
  const [MEM_COMMIT, MEM_RESERVE, MEM_RELEASE] = [0x1000, 0x2000, 0x8000];
  const { VirtualAlloc, VirtualProtect, VirtualFree } = dlopen('kernel32.dll', {
    VirtualAlloc: { args: ['p', 'L', 'I', 'I'], returns: 'p' },
    VirtualProtect: { args: ['p', 'L', 'I', 'buffer'], returns: 'i' },
    VirtualFree: { args: ['p', 'L', 'I'], returns: 'i' },
  }).symbols;
  const pages = VirtualAlloc(null, 3 * PAGE, MEM_COMMIT | MEM_RESERVE, RIGHT.write);
  const protect = (address, right) => VirtualProtect(address, PAGE, RIGHT[right], new Uint32Array(1));
  return { pages, protect, unmap: () => VirtualFree(pages, 0, MEM_RELEASE) };
}
