/**
 * What the native module gives to JavaScript. `RawBridge` is the public part, which programs import as `ffi` or as
 * `'liblibrary.so'`; `NativeModule` adds the functions that only the TypeScript layer calls.
 *
 * Thread rule: every function belongs to the JavaScript thread that loaded the module. The `…Async` functions run their
 * C function on a worker thread.
 */

/**
 * Names one library that `load` has opened. It is valid only on the JavaScript thread that got it, and is never reused.
 */
export type LibraryHandle = bigint;

/** A machine address. A number holds every ordinary address of a process; a tagged one above 2^53 is a `bigint`. */
export type Address = number | bigint;

/** An object that has an address: a symbol, a `CFunction`, `JSCallback` or `CString`, a struct value. */
export interface HasPointer {
  readonly ptr: Address;
}

/** Names one callback. It is valid only on the JavaScript thread that created it, and is never reused. */
export type CallbackHandle = number;

/** A JavaScript object with bytes of its own. For a view, C gets the address of its first byte, at `byteOffset`. */
export type BufferLike = ArrayBuffer | SharedArrayBuffer | ArrayBufferView;

/**
 * What a string argument may be: a string, which is copied, or memory with a text in it, which is passed as a pointer
 * is.
 */
export type TextLike = string | Address | BufferLike | HasPointer | null;

/** What `ffi.configure` sets. */
export interface Settings {
  /** Checked mode, for the whole process, as `ffi.checked`: the variable ARKFFI_CHECKED. */
  readonly checked?: boolean;
  /**
   * Folders, separated by colons, in which libraries are searched for, on this JavaScript thread from now on: the variable
   * ARKFFI_LIBRARY_PATH, which it replaces.
   */
  readonly libraryPath?: string;
  /**
   * How sync calls are made of functions that are declared on this JavaScript thread from now on: the variable
   * ARKFFI_ENGINE.
   */
  readonly engine?: 'v8' | 'bun' | 'deno' | 'portable' | 'napi';
}

/**
 * The raw bridge. A signature that is given as text says nothing to the compiler, so the program may state the type `R`
 * of a result: `ffi.callMixed<string>(…)`, or `const text: string = ffi.callMixed(…)`. It is `number` otherwise.
 */
export interface RawBridge {
  /**
   * The engine that `dlopen`, `cdef` and `CFunction` make sync calls with: `'v8'`, `'bun'`, `'deno'`, `'portable'` or `'napi'`. The
   * functions of this interface always convert their values by Node-API.
   */
  readonly engine: string;
  /**
   * Opens a shared library; `null` stands for the running process. The system's loader looks for a name without a slash
   * first, then each folder of the environment variable ARKFFI_LIBRARY_PATH is tried, then the native module's folder.
   * @throws Error `ERR_FFI_LIBRARY_NOT_FOUND`.
   */
  load(name: string | null): LibraryHandle;
  /** Closes a library; a second time does nothing. Calls that are still running keep its code mapped until they end. */
  close(handle: LibraryHandle): void;
  /**
   * Looks a symbol up and remembers its types under its name. A second definition of a name replaces the first.
   * @throws Error `ERR_FFI_SYMBOL_NOT_FOUND`, TypeError `ERR_FFI_BAD_SIGNATURE`.
   */
  defineFunction(handle: LibraryHandle, name: string, argTypes: string, returnType: string): void;
  /**
   * Calls a function with the types that `defineFunction` was given. `strArgs` are its string arguments and `numArgs`
   * all others, each list in the order of the parameters.
   */
  callBySig<R = number>(
    handle: LibraryHandle,
    name: string,
    numArgs: readonly unknown[],
    strArgs: readonly TextLike[],
  ): R;
  /** Looks a symbol up and calls it with these types, in one step. `numArgs` and `strArgs` are as for `callBySig`. */
  callMixed<R = number>(
    handle: LibraryHandle,
    name: string,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly TextLike[],
  ): R;
  /** Calls `const char *name(void)` and returns its string; `''` for NULL. */
  callString(handle: LibraryHandle, name: string): string;
  /** Calls the C function at an address with these types. `numArgs` and `strArgs` are as for `callBySig`. */
  callPtr<R = number>(
    address: Address,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly TextLike[],
  ): R;
  /**
   * Calls a function on a worker thread. `defineFunction` must have been given exactly these types. It never throws:
   * errors reject the Promise.
   */
  callAsync<R = number>(
    handle: LibraryHandle,
    name: string,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly TextLike[],
  ): Promise<R>;
  /** Calls the C function at an address on a worker thread. It never throws: errors reject the Promise. */
  callPtrAsync<R = number>(
    address: Address,
    argTypes: string,
    returnType: string,
    numArgs: readonly unknown[],
    strArgs: readonly TextLike[],
  ): Promise<R>;
  /** `callString` on a worker thread. It never throws: errors reject the Promise. */
  callStringAsync(handle: LibraryHandle, name: string): Promise<string>;
  /** The address of an exported function or variable. It is valid until the library is closed. */
  getSymbolPtr(handle: LibraryHandle, name: string): number;
  /** The UTF-8 string at an address, or where an object with a `ptr` is: up to its NUL, or exactly `byteLength` bytes. `''` for address 0. */
  readCString(address: Address | HasPointer, byteLength?: number): string;
  /** A copy of `byteLength` bytes at an address, or where an object with a `ptr` is. */
  readMemory(address: Address | HasPointer, byteLength: number): ArrayBuffer;
  /**
   * Checked mode, for the whole process: whether each read and write of memory by address, strings included, is made in
   * a way that cannot crash. Where there is no memory it throws `ERR_FFI_BAD_ADDRESS`. False unless the environment
   * variable ARKFFI_CHECKED is 1.
   */
  checked: boolean;
  /**
   * Sets what environment variables set too, for programs that cannot set those: an application on OpenHarmony. Settings
   * that are not named stay as they are.
   * @throws TypeError `ERR_FFI_INVALID_ARG_TYPE` for an unknown setting or a value of the wrong type, Error
   *   `ERR_FFI_NO_ENGINE` for an engine that does not exist or does not work here. Then no setting has changed.
   */
  configure(settings: Settings): void;
  /** Copies the bytes of `source` to an address, or to where an object with a `ptr` is. */
  writeMemory(address: Address | HasPointer, source: BufferLike): void;
  /**
   * The address of a buffer's first byte, or of any other object that has one: a struct's value, a `StringBuffer`, a
   * callback, a symbol. `byteOffset` is added to it; it is at most the length of a buffer. The caller keeps the object
   * alive for as long as C uses the address.
   */
  ptr(value: BufferLike | HasPointer, byteOffset?: number): number;
  /**
   * Makes a C function that calls `fn`. The caller owns it: it lives until `destroyCallback`, or the end of its
   * JavaScript thread.
   * @param threadsafe `true` if other threads may call it and wait for the result; `'post'` if they may call it without
   *   waiting. False when absent.
   */
  createCallback(
    fn: (...args: any[]) => unknown,
    argTypes: string,
    returnType: string,
    threadsafe?: boolean | 'post',
  ): CallbackHandle;
  /**
   * The C function pointer of a callback. C may call it until the callback is destroyed.
   * @throws Error `ERR_FFI_CALLBACK_CLOSED`.
   */
  getCallbackPtr(callback: CallbackHandle): number;
  /** Whether threads other than the callback's JavaScript thread may call it. */
  getCallbackThreadsafe(callback: CallbackHandle): boolean;
  /** Calls a callback through its C function pointer, on this thread. */
  invokeCallback<R = number>(callback: CallbackHandle, ...args: unknown[]): R;
  /**
   * Posts one call of a thread-safe callback with one parameter to its JavaScript thread, and returns without waiting.
   */
  callCallbackThreadSafe(callback: CallbackHandle, arg: unknown): void;
  /** Ends a callback; a second time does nothing. C gets zero if it calls the pointer afterwards. */
  destroyCallback(callback: CallbackHandle): void;
}

/** A C function made callable: the result of `bind` and `bindAddress`. */
export interface BoundFunction {
  /** Calls the function. It converts and checks all values: it is the slow path of the fast engines. */
  readonly call: (...args: any[]) => any;
  /** The function's name, for messages and stack traces, if it has a number. */
  readonly name?: string;
  /** The function's address. */
  readonly ptr: number;
  /** Identifies the function in slot 0 of `SharedSlots`; 0 if it cannot be called by way of the slots. */
  readonly number: number;
  /** What only few functions need. Every call of `more` makes a new object. */
  readonly more: () => BoundExtras;
}

/**
 * The argument slots: memory that JavaScript and the native module share. Slot 0 takes the number of the function that
 * is called, and afterwards holds its result. The other slots take the arguments, each at the index where C looks for
 * it; the caller has checked them. 0 in the slot of a string stands for null. The slot of a struct takes the address of
 * its memory. If the result is a struct, the slot after the arguments takes the address that the result is written to.
 */
export interface SharedSlots {
  /** The slots, as doubles. */
  readonly slots: Float64Array;
  /** The same memory as `float` values, two for each slot. An argument of type `float` goes to the first of the two. */
  readonly singles: Float32Array;
  /**
   * The slot index of each argument of the function with that number. It is the same for all functions of the same
   * types.
   */
  readonly places: (number: number) => number[];
  /** Calls the function. Returns its result if a double cannot hold it, otherwise undefined. */
  readonly enter: () => unknown;
  /** How many libraries this JavaScript thread has closed. As long as it stays the same, what was open still is. */
  readonly closings: Float64Array;
}

/**
 * Returns 1 if it has written the value, 0 if the slow path must convert it, and undefined if V8 has not called C
 * directly.
 */
export type Putter = (value: unknown, address: number) => number | undefined;

/** What the engines need of the native module whose calls pass it by. */
interface FastAccess {
  /**
   * Flags. `gates[0]`: 1 while a callback is open, or for good once there are native modules that can call JavaScript; 2
   * while a callback is open that other threads wait for. `gates[1]`: 1 from the start of a call until JavaScript sets
   * it to 0, or 2 if the call has left something for `settle`; a callback sets it to 0 while it runs. `gates[2]`: 1 while
   * a call by the host's own engine is on the stack. The others, by the `gate` of a C function: not 0 once its library,
   * or the function at a bare address, has been closed.
   */
  readonly gates: Uint8Array;
  /**
   * Completes a call of the C function with that number after `gates[1]` was not 1: throws what a callback has thrown,
   * and unmaps what was closed during the call.
   */
  readonly settle: (number: number) => void;
}

/** What the engine of the host's own calls needs of the native module. */
export interface HostAccess extends FastAccess {
  /** What the host needs for the C function with that number; undefined if it must not call the function. */
  readonly calleeOf: (number: number) => { readonly gate: number; readonly address: Address } | undefined;
  /** The addresses of functions by which the engine finds out whether the host passes values as C does. */
  readonly samples: {
    /** Returns its `uint64_t`. */
    readonly word: number;
    readonly double: number;
    /** Returns its `float`. */
    readonly single: number;
    /** The weighed sum of sixteen arguments. */
    readonly sum: number;
    /** Returns its `const void *` as a `double`. */
    readonly place: number;
  };
  /**
   * The address of a thunk for the C function with that number, after `calleeOf`; undefined if there can be none. Its
   * arguments are those of the function: an int32_t for types of up to 32 bits, and a double for those of 64. It sets
   * `gates[2]` while it runs. After it, `gates[1]` is 0 unless something must be settled. It returns nothing: two values
   * behind the gates, in their buffer, are the result, and the result as a double if it has 64 bits.
   */
  readonly thunkOf: (number: number) => number | undefined;
  /**
   * A symbol of the native module, in the library at `path`, that lies on this thread where it was last aimed at. `aim`
   * returns whether it has been looked up since then. undefined where the system's loader cannot do this.
   */
  readonly entry?: { readonly path: string; readonly symbol: string; readonly aim: (address: number) => boolean };
}

/** What the V8 engine needs of the native module. */
export interface V8Access extends FastAccess {
  /**
   * The gate of the C function with that number: the index in `gates` of the byte that must be 0 for a call, which says
   * whether the function has been closed. undefined if V8 must not call it.
   */
  readonly gateOf: (number: number) => number | undefined;
  /**
   * V8's function for C functions of the same types as that with that number, which has a gate; undefined if there can be
   * none. It takes numbers that fit the C types, 64-bit integers among them, and the address of the C function as its last
   * argument. It returns a number, or undefined if it has not called C. C must not call back into JavaScript meanwhile.
   */
  readonly fastOf: (number: number) => ((...args: number[]) => number | undefined) | undefined;
  /**
   * The same for calls in which C may call back into JavaScript. It returns nothing: after a call, `gates[1]` is not 0, and
   * the result is in slot 0, or in slot 1 as a double if it is a 64-bit integer.
   */
  readonly reentrantOf: (number: number) => ((...args: number[]) => void) | undefined;
  /**
   * Calls C with what the slots hold, for functions that have no V8 function of their own. `number` is the C
   * function's. Returns 1 if it has called C, 0 if another engine must call, and undefined if V8 has not optimised the
   * caller.
   */
  readonly enter: (environment: number, number: number) => number | undefined;
  /** Identifies this JavaScript thread to `enter`. */
  readonly environment: number;
  /**
   * For the C function with that number, whose result is a string: the address of the record of its last string, and a
   * function that makes the string of the last call by Node-API. undefined if the function cannot have them.
   */
  readonly memoryOf: (number: number) => [memory: number, newText: () => string | null] | undefined;
  /**
   * Compares the string that the last call returned with the recorded one. 1: it is the same. 2: it is NULL. 3: it
   * differs, as most have lately, so comparing is of no use for a while. 0 or undefined: it differs.
   */
  readonly recall: (memory: number) => number | undefined;
  /**
   * Makes the string that the last call returned; undefined if Node-API must make it. `keepText` records it as well.
   * Both are absent where this V8 does not support them.
   */
  readonly createText?: (memory: number) => string | undefined;
  readonly keepText?: (memory: number) => string | undefined;
  /** Functions that bring values to C that are not numbers: those that this V8 supports. */
  readonly putters: {
    /** Writes a string as UTF-8 with its NUL to an address, where there must be room for `textSize` bytes. */
    readonly putText?: Putter;
    /** Writes the address of the first byte of an ArrayBuffer or view to an address, as a double. */
    readonly putAddress?: Putter;
  };
  /** The address of the slot of the first argument; those of the other arguments follow. */
  readonly cellAddress: number;
  /** The address of `textSize` bytes for the text of the first argument; those of the other arguments follow. */
  readonly textAddress: number;
  /** Bytes of room for the text of an argument, with its NUL. */
  readonly textSize: number;
}

/**
 * C functions that read and write numbers at addresses, which are none below 65536. `code` is the code unit of a type's
 * letter. Where such a function does nothing, the native module's functions for memory must be used, which report what
 * is wrong: in checked mode, for types that are no numbers, and for values that a double may not hold.
 */
export interface Scalars {
  /**
   * The address of `double load(void *ignored, double address, int32_t code)`, which gives NaN where it reads nothing. A bool is
   * 0 or another number.
   */
  readonly loadAddress: number;
  /**
   * The address of `int32_t store(void *ignored, double address, double value, int32_t code)`, which gives 1 if it has
   * written the value, and 0 also for a value that the type does not have.
   */
  readonly storeAddress: number;
  /** V8's functions for them, if the V8 engine is open. They give undefined if V8 has not optimised the caller. */
  readonly load?: (address: number, code: number) => number | undefined;
  readonly store?: (address: number, value: number, code: number) => number | undefined;
}

/** The Promises of async calls whose values are numbers. */
export interface Waves {
  /** Starts the call of the function with that number, whose arguments are in the slots. Its errors reject the Promise. */
  readonly begin: (number: number) => Promise<unknown>;
  /** Fulfils the Promises of a wave. */
  readonly settle: () => void;
  readonly settleOne: (promise: number, value: unknown, isRejected: boolean) => void;
}

/** Two groups of async calls, of `openCancelGroup`; 0 stands for none. They are read before the arguments are. */
export type CancelGroups = Float64Array;

/** The less common operations of a bound function. */
export interface BoundExtras {
  /** Calls the function on a worker thread. */
  readonly async: (...args: any[]) => Promise<any>;
  /** `async` for a call in groups. */
  readonly cancellable: (this: CancelGroups, ...args: any[]) => Promise<any>;
  /** The same function, called with that `errno`, whose result is `{ value, errno }`. Closing this one closes it. */
  readonly withErrno: (before: number) => BoundFunction;
  /** The same function with the types of one call of a variadic function. Closing this one closes it. */
  readonly withTypes: (argTypes: string, returnType: string) => BoundFunction;
  /**
   * The same function, whose `call` runs C on a thread of its own while this one runs callbacks. Closing this one
   * closes it.
   */
  readonly pumped: () => BoundFunction;
  /**
   * `call` for a function that returns a struct: its bytes are written to `this`, a buffer of exactly the struct's
   * size. Returns undefined, or `{ value: undefined, out }` if out-parameters have been passed.
   */
  readonly callInto: (this: Uint8Array, ...args: any[]) => object | undefined;
  /** Calls the function for each row of the columns. Without `out` the results go to a new typed array. */
  readonly batch: (columns: readonly unknown[], out?: unknown) => unknown;
  /** `batch` on worker threads, in groups. */
  readonly batchAsync: (this: CancelGroups, columns: readonly unknown[], out?: unknown) => Promise<any>;
  /** The function's address, for a call. Throws `ERR_FFI_LIBRARY_CLOSED` once the function is closed. */
  readonly address: () => number;
  /** The same function, which stays open and keeps its library in memory for as long as it lives. */
  readonly held: () => BoundFunction;
  /** Closes the function. New calls throw, or reject with, `ERR_FFI_LIBRARY_CLOSED`; calls that have started finish. */
  readonly close: () => void;
}

/**
 * The native module as the TypeScript layer uses it. Unlike in the raw bridge, a C `bool` is a JavaScript boolean in
 * the functions that it adds.
 */
export interface NativeModule extends RawBridge {
  /**
   * Makes a symbol callable. `release` is the address of a C function that frees the strings which it returns. A function
   * that has a number makes `numbered` the result, and sets no more than its number and address.
   */
  bind(
    handle: LibraryHandle,
    name: string,
    argTypes: string,
    returnType: string,
    release?: Address,
    parameterNames?: string,
    numbered?: object,
  ): BoundFunction;
  /**
   * Whether `bind` works for all of these functions and types. `names` has `count` lines, each with the name of a function
   * or nothing. `types` has two lines for each signature, with the letters of its arguments and of its result.
   */
  canBind(handle: LibraryHandle, names: string, count: number, types: string): boolean;
  /** Makes the C function at an address callable. `name` is used in messages. */
  bindAddress(
    address: Address,
    name: string,
    argTypes: string,
    returnType: string,
    release?: Address,
    numbered?: object,
  ): BoundFunction;
  /** Make `call` and `more()` of the function with that number. */
  callOf(number: number): BoundFunction['call'];
  moreOf(number: number): BoundExtras;
  /** Makes the function that calls, as `call` does, the one whose number is in slot 0. */
  openCalls(): (...args: any[]) => any;
  /** `createCallback`, but a C `bool` is a JavaScript boolean. A weak one does not keep its function alive. */
  bindCallback(
    fn: (...args: any[]) => unknown,
    argTypes: string,
    returnType: string,
    threadsafe?: boolean | 'post',
    weak?: boolean,
  ): CallbackHandle;
  /** `load`, with flags for the loader; `LibraryOptions` explains them. */
  openLibrary(name: string | null, now?: boolean, global?: boolean, nodelete?: boolean, deep?: boolean): LibraryHandle;
  /** The file name of the library that compilers link by this short name: `'libm.so.6'` for `'m'`. */
  findLibrary(name: string): string;
  /** The address of an exported function, or of an exported variable; what is the other one is refused. */
  symbolPtr(handle: LibraryHandle, name: string, isFunction: boolean): number;
  /** The names of the exported symbols, each with a prefix: `f` for a function, `d` for data. */
  listSymbols(handle: LibraryHandle): string[];
  /** The string of type `s`, `S`, `w` or `t` at an address, up to its NUL; null for address 0. */
  readText(address: Address, type: string): string | null;
  /** The bytes of a string of type `s`, `S`, `w` or `t` as C has it, with its NUL. */
  encodeText(text: string, type: string): ArrayBuffer;
  /** Copies the bytes at an address into a buffer, all of which is filled. */
  readInto(address: Address, target: BufferLike): void;
  /**
   * An ArrayBuffer over the memory at an address, without a copy. `finalizer` is called with the address once the
   * buffer has been collected.
   */
  toArrayBuffer(address: Address, byteLength: number, finalizer?: (address: Address) => void): ArrayBuffer;
  /** Allocates zeroed bytes by `malloc`, and returns their address. The caller owns them: `release` frees them. */
  allocate(byteLength: number): number;
  /** Frees memory that `allocate` has returned. */
  release(address: Address): void;
  /** Detaches an ArrayBuffer: it and its views have no bytes any more. */
  detach(buffer: ArrayBuffer): void;
  /** Throws `ERR_FFI_LIBRARY_CLOSED` if the library has been closed. `name` is the symbol that the message names. */
  checkOpen(handle: LibraryHandle, name: string): void;
  /**
   * The key of the property by which an object says where it lies: in a buffer, whose first byte is meant, or at an
   * address. Reading it throws if the object is closed. The native module reads it before `ptr`.
   */
  readonly placeKey: symbol;
  /**
   * From now on each error that the native module makes is first passed to `finish`. `explain` gives the text of a
   * message for a value of the wrong kind. `rethrow` throws its argument, which need not be an error.
   */
  finishErrors(
    finish: (error: Error) => void,
    explain: (expected: string, value: unknown) => string,
    rethrow: (thrown: unknown) => never,
  ): void;
  /** The engine in use. The TypeScript layer defines it, and chooses when one is first needed. */
  engine: string;
  /** A global variable of the realm that the native module belongs to. */
  globalOf(name: string): unknown;
  /**
   * Evaluates JavaScript text, whose value must be a function. Each evaluation has compiled code of its own. It throws or
   * returns something else on hosts that compile no text.
   */
  evaluate(text: string): unknown;
  /** The slots of this JavaScript thread, always the same object. No other code may use them. */
  openSlots(): SharedSlots;
  /**
   * Calls `make` when it is called first, and always returns what that returned; undefined in a realm of which the native
   * module is not. It gets memory that is shared with the native module: the results of a wave and, for each, four times
   * the number of its Promise and a kind (0 for a number, 1 for a boolean, 2 for undefined). The last
   * entry but one has their count. The last one takes the number of a Promise, for which `start` starts a call; it has another
   * value once `start` has taken the number. `start` returns a rejected Promise if it does not start the call.
   */
  openWaves(make: (values: Float64Array, entries: Int32Array, start: () => unknown) => Waves): Waves | undefined;
  /**
   * Sets whether an open callback keeps the process alive.
   * @throws Error `ERR_FFI_CALLBACK_CLOSED` if a closed one is to do so.
   */
  holdCallback(callback: CallbackHandle, isHeld: boolean): void;
  /**
   * Sets the V8 engine up when it is called first. It always returns the same object.
   * @throws Error `ERR_FFI_NO_ENGINE` if this V8 is not one that the engine knows.
   */
  openV8(): V8Access;
  /**
   * Sets up what the engine of the host's own calls needs when it is called first. It always returns the same object.
   * @throws Error `ERR_FFI_NO_ENGINE` if the V8 engine is in use.
   */
  openHostCalls(): HostAccess;
  /** The functions for numbers at addresses. Each call gives an object of its own. */
  openScalars(): Scalars;
  /** Gives a library 1 to 1024 threads of its own for its async calls. They are started when they are first needed. */
  openLane(handle: LibraryHandle, threads: number): void;
  /** Opens a group of async calls that are cancelled together. A call leaves it when its Promise settles. */
  openCancelGroup(): number;
  /** Closes a group that has no calls. For any other group it gives a Promise that resolves when it has none. */
  closeCancelGroup(group: number): Promise<void> | undefined;
  /**
   * Rejects the Promises of all calls of a group, in the order in which the calls began. `reasonFor` gives the reason
   * for a call of the function of that name. A call that has not begun never begins.
   */
  cancelCalls(group: number, reasonFor: (name: string) => unknown): void;
  /**
   * The layout of a struct or union, described as the core's `layout.h` says: `{i{dd}[3h]}`. Size, alignment and
   * offsets are in bytes. `bits` has a number for each member: of a bit-field the index of its lowest bit in the byte
   * at its offset, of others 0.
   */
  layoutOf(type: string): { size: number; align: number; offsets: number[]; bits: number[] };
  /** Parses C declarations. Returns JSON of the type `Description` in `description.ts`. */
  parseDeclarations(text: string): string;
  /** The letter of each type name whose width differs between platforms: `{ long: 'l', ulong: 'L', wchar: 'i' }`. */
  readonly platformTypes: { readonly [name: string]: string };
  /** The binary digits of the platform's long double: 53 if it is a double, 64 on x86, 113, or 106 for two doubles. */
  readonly longDoubleDigits: number;
  /** The version of arkffi that the native module was built from. */
  readonly version: string;
  /** A hash of what the native module and its JavaScript agree on: of this file among others, see `tools/generate.mjs`. */
  readonly contract: string;
}
