/**
 * The native module, as TypeScript sees it: the raw bridge that users have as `ffi` and as `'liblibrary.so'`,
 * and below it the few functions that only this library calls.
 *
 * Thread rule: every function belongs to the JavaScript thread that loaded the module. The `…Async` functions
 * run their C function on a worker thread.
 */

/** Names one successful `load`. Never reused; valid only on the JavaScript thread that got it. */
export type LibraryHandle = bigint;

/** A machine address. Numbers hold every address of a process; a tagged one above 2^53 comes as a `bigint`. */
export type Address = number | bigint;

/** Names one callback of this JavaScript thread. */
export type CallbackHandle = number;

/** Anything with bytes of its own. C sees the first byte of the view, its `byteOffset` counted. */
export type BufferLike = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;

/* eslint-disable @typescript-eslint/no-explicit-any -- a signature given as text says nothing to the compiler */
export interface RawBridge {
  /** The engine that the library calls with: `'v8'`, `'portable'` or `'napi'`. The functions here use none. */
  readonly engine: string;
  /** Opens a shared library; `null` is the running process. A bare name is looked for by the system's loader, then in each folder of ARKFFI_LIBRARY_PATH, then beside the native module. */
  load(name: string | null): LibraryHandle;
  /** Closes a library. A second close does nothing; calls in flight keep the code mapped until they end. */
  close(handle: LibraryHandle): void;
  /** Resolves a symbol and keeps its signature. Defining again replaces. */
  defineFunction(handle: LibraryHandle, name: string, argTypes: string, returnType: string): void;
  /** Calls a function by the signature it was defined with. */
  callBySig(handle: LibraryHandle, name: string, numArgs: readonly unknown[], strArgs: readonly (string | null)[]): any;
  /** Resolves and calls in one step. */
  callMixed(
    handle: LibraryHandle,
    name: string,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly (string | null)[],
  ): any;
  /** The string that `const char *name(void)` returns; `''` for NULL. */
  callString(handle: LibraryHandle, name: string): string;
  /** Calls the function at an address. */
  callPtr(
    address: Address,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly (string | null)[],
  ): any;
  /** Calls a function on a worker thread; it must have been defined with just these types. Never throws: rejects. */
  callAsync(
    handle: LibraryHandle,
    name: string,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly (string | null)[],
  ): Promise<any>;
  /** Calls the function at an address on a worker thread. Never throws: rejects. */
  callPtrAsync(
    address: Address,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly (string | null)[],
  ): Promise<any>;
  /** `callString` on a worker thread. Never throws: rejects. */
  callStringAsync(handle: LibraryHandle, name: string): Promise<string>;
  /** The address of an exported function or variable. */
  getSymbolPtr(handle: LibraryHandle, name: string): number;
  /** The UTF-8 string at an address, up to its NUL, or exactly `byteLength` bytes of it; `''` for 0. */
  readCString(address: Address, byteLength?: number): string;
  /** A copy of `byteLength` bytes at an address. */
  readMemory(address: Address, byteLength: number): ArrayBuffer;
  /**
   * Whether every read, write and string read of an address, in the whole process, goes through a copy that cannot
   * crash: where there is no memory it throws ERR_FFI_BAD_ADDRESS. Off, unless the environment variable ARKFFI_CHECKED
   * is set to 1.
   */
  checked: boolean;
  /** Copies the bytes of `source` to an address. */
  writeMemory(address: Address, source: BufferLike): void;
  /** The address of a buffer's first byte. The caller keeps the buffer alive while C uses it. */
  ptr(buffer: BufferLike): number;
  /** Makes a C function out of a JavaScript one. It lives until `destroyCallback`. */
  createCallback(
    fn: (...args: any[]) => unknown,
    argTypes: string,
    returnType: string,
    threadsafe?: boolean | 'post',
  ): CallbackHandle;
  /** The C function pointer of a callback. */
  getCallbackPtr(callback: CallbackHandle): number;
  /** Whether the callback may be called from other threads. */
  getCallbackThreadsafe(callback: CallbackHandle): boolean;
  /** Calls a callback through its C entry point, here and now. */
  invokeCallback(callback: CallbackHandle, ...args: unknown[]): any;
  /** Posts one call of a thread-safe callback of one argument to its JavaScript thread, and returns at once. */
  callCallbackThreadSafe(callback: CallbackHandle, arg: unknown): void;
  /** Ends a callback. A second time does nothing. */
  destroyCallback(callback: CallbackHandle): void;
}

/** A C function made callable: what `bind` and `bindAddress` give to the library. */
export interface BoundFunction {
  readonly call: (...args: any[]) => any;
  /** The function's address. */
  readonly ptr: number;
  /** What the function is called by in cell 0 of `SharedSlots`; 0 where it cannot be. */
  readonly number: number;
  /** What few functions need; made each time. */
  readonly more: () => BoundExtras;
}

/**
 * Memory that both sides see. Cell 0 says which function is called and then has its result; the others are for its
 * arguments, which the caller has checked, each at the place where C will look for it. A cell of a string stands for null,
 * that of a struct has its address; where the result is a struct, the cell behind the arguments has the address that it
 * goes to.
 */
export interface SharedSlots {
  readonly slots: Float64Array;
  /** The same memory, two numbers for each cell: an argument of type float is the first of them. */
  readonly singles: Float32Array;
  /** The cell of each argument of the function with that number. The same for all that take the same types. */
  readonly places: (number: number) => number[];
  /** Calls. Gives the result where a number does not hold it, else undefined. */
  readonly enter: () => unknown;
}

/** 1 when something has been put, 0 where the ordinary route must look at the value; undefined when it was not called. */
export type Putter = (value: unknown, address: number) => number | undefined;

/** V8's functions for a C function. They take numbers that fit, wide integers as numbers too. */
interface V8Entries {
  /** Of `gates`, the one that must be open. */
  readonly gate: number;
  /** Gives a number; undefined when it has not called. C must not come back to JavaScript meanwhile. */
  readonly fast: (...args: number[]) => number | undefined;
  /**
   * Where C may come back. Gives nothing: gate 1 is set if it has called, and then the result is in cell 0, a wide one as
   * a number in cell 1.
   */
  readonly reentrant?: (...args: number[]) => void;
}

/** What the V8 engine needs of the native module. */
export interface V8Access {
  /**
   * 0: 1 while a callback is open, 2 while one is that other threads wait for. 1: 1 from the beginning of a call until it is reset, and 2 when
   * something is to be settled. Others, by the number
   * that `entriesOf` gives: whether the library, or a function at a bare address, has been closed.
   */
  readonly gates: Uint8Array;
  /** What a text evaluates to; with code of its own each time. */
  readonly evaluate: (text: string) => unknown;
  /** V8's functions for the C function with that number in the cells; undefined where there can be none. */
  readonly entriesOf: (number: number) => V8Entries | undefined;
  /**
   * Enters C by what the cells say, for functions that have no entry of their own. Takes `environment` and the number;
   * gives 1 when it has called, 0 when another engine has to, undefined when V8 has not optimised its caller.
   */
  readonly enter: (environment: number, number: number) => number | undefined;
  /** What `enter` knows this JavaScript thread by. */
  readonly environment: number;
  /** Ends a call of the C function with that number in which something is left to do; throws what went wrong in it. */
  readonly settle: (number: number) => void;
  /**
   * For the C function with that number, which gives a string: the address of what is remembered of it, and a function for
   * behind a call, which gives the string anew by Node-API. undefined where there can be none.
   */
  readonly memoryOf: (number: number) => [memory: number, newText: () => string | null] | undefined;
  /**
   * Behind a call: 1 when it gave the string that was remembered last, 2 when it gave NULL, 3 when it gave another one as
   * mostly of late, so that asking is of no use for a while; else 0 or undefined.
   */
  readonly recall: (memory: number) => number | undefined;
  /**
   * Behind a call: the string anew; undefined where Node-API must make it. `keepText` remembers it too. Absent where they do
   * not work.
   */
  readonly createText?: (memory: number) => string | undefined;
  readonly keepText?: (memory: number) => string | undefined;
  /** What brings values to C that are no numbers; those that work in this V8. */
  readonly putters: {
    /** Writes a string at an address with room for `textSize` bytes. */
    readonly putText?: Putter;
    /** Writes the address of an ArrayBuffer's or a view's first byte, as a number, at an address. */
    readonly putAddress?: Putter;
  };
  /** Where the cell of the first argument is; those of others follow. */
  readonly cellAddress: number;
  /** Where there is room for the text of the first argument; that of others follows. */
  readonly textAddress: number;
  readonly textSize: number;
}

/** The rest of a bound function. */
interface BoundExtras {
  /** The function on a worker thread. */
  readonly async: (...args: any[]) => Promise<any>;
  /** `async`, and a number for `cancelCall`, which is 0 where the call was refused. */
  readonly cancellable: (...args: any[]) => [promise: Promise<any>, call: number];
  /** The same function once more, which answers with `{ value, errno }`. Closed with this one. */
  readonly withErrno: () => BoundFunction;
  /** The same function with the types of one call of a variadic function. Closed with this one. */
  readonly withTypes: (argTypes: string, returnType: string) => BoundFunction;
  /** The same function once more, whose `call` runs C on a thread of its own and callbacks meanwhile. Likewise. */
  readonly pumped: () => BoundFunction;
  /** `call`, of a function that returns a struct: its bytes go into the receiver, a buffer of just their number. */
  readonly callInto: (this: Uint8Array, ...args: any[]) => void;
  /** Calls for each row of the columns; undefined for `out` makes a new typed array for the results. */
  readonly batch: (columns: readonly unknown[], out?: unknown) => unknown;
  /** The same on worker threads, like `cancellable`. */
  readonly batchAsync: (columns: readonly unknown[], out?: unknown) => [promise: Promise<any>, call: number];
  /** From now on both throw (reject with) ERR_FFI_LIBRARY_CLOSED; what was started finishes. */
  readonly close: () => void;
}

/** What only this library calls. Differs from the raw bridge in that a C bool is a JavaScript boolean. */
export interface NativeModule extends RawBridge {
  /** Makes a symbol callable. `release` is the address of a C function that frees the strings it returns. */
  bind(handle: LibraryHandle, name: string, argTypes: string, returnType: string, release?: Address): BoundFunction;
  /** Makes an address callable; `name` is for messages. */
  bindAddress(address: Address, name: string, argTypes: string, returnType: string, release?: Address): BoundFunction;
  /** `createCallback`, with booleans. */
  bindCallback(
    fn: (...args: any[]) => unknown,
    argTypes: string,
    returnType: string,
    threadsafe?: boolean | 'post',
  ): CallbackHandle;
  /** `load`, with the loader's flags. */
  openLibrary(name: string | null, now?: boolean, global?: boolean, nodelete?: boolean, deep?: boolean): LibraryHandle;
  /** The file name of a library that compilers link by the short name. */
  findLibrary(name: string): string;
  /** The exported symbols: each name behind an `f` (function) or a `d` (data). */
  listSymbols(handle: LibraryHandle): string[];
  /** The string of that type (`s`, `S` or `w`) at an address, up to its NUL; null for 0. */
  readText(address: Address, type: string): string | null;
  /** A string as C has it, with its NUL. */
  encodeText(text: string, type: string): ArrayBuffer;
  /** Fills a buffer with bytes at an address. */
  readInto(address: Address, target: BufferLike): void;
  /** An ArrayBuffer over memory at an address; `finalizer` is called with it when nobody has the buffer any more. */
  toArrayBuffer(address: Address, byteLength: number, finalizer?: (address: Address) => void): ArrayBuffer;
  /** So many zero bytes of malloc's; `release` frees them. */
  allocate(byteLength: number): number;
  release(address: Address): void;
  /** Ends an ArrayBuffer: it and its views have no bytes any more. */
  detach(buffer: ArrayBuffer): void;
  /** Throws ERR_FFI_LIBRARY_CLOSED, in the name of one of its symbols, once the library is closed. */
  checkOpen(handle: LibraryHandle, name: string): void;
  engine: string;
  /** The cells of this JavaScript thread; nothing from the second time on, because nobody else may have them. */
  openSlots(): SharedSlots;
  /** Whether an open callback keeps the process alive. */
  holdCallback(callback: CallbackHandle, isHeld: boolean): void;
  /** Sets the V8 engine up; nothing from the second time on. Throws ERR_FFI_NO_ENGINE where V8 is not as it must be. */
  openV8(): V8Access;
  /** Gives a library 1 to 1024 threads of its own for its asynchronous calls, started when they are first needed. */
  openLane(handle: LibraryHandle, threads: number): void;
  /** Rejects the Promise of a call with `reason`, unless it has settled. A call that has not begun never will. */
  cancelCall(call: number, reason: unknown): void;
  /**
   * The layout of a struct or union, written as the core's `layout.h` says: `{i{dd}[3h]}`. Size, alignment and offsets
   * are in bytes; `bits` has for each member the lowest bit of a bit-field in the byte at its offset, else 0.
   */
  layoutOf(type: string): { size: number; align: number; offsets: number[]; bits: number[] };
  /** What C declarations say, as JSON: `Description` in `declarations.ts`. */
  parseDeclarations(text: string): string;
  /** The letter of each name that differs between platforms: `{ long: 'l', ulong: 'L', wchar: 'i' }`. */
  readonly platformTypes: { readonly [name: string]: string };
}
