// `abi`: functions and callbacks with Microsoft's calling convention on x86-64, compiled by `__attribute__((ms_abi))`.
// generated-structs.test.mjs passes random structs by it.
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { AsyncCFunction, cdef, CFunction, dlopen, JSCallback, out, owned, Struct } from 'arkffi';
import ffi from 'liblibrary.so';
import { compile, compileText, knowsMs, makeValue, randomOf, seed } from './generated.mjs';
import { isWindows } from './hosts.mjs';
import { check, fixture, rejects, throws, withErrnoOf } from './support.mjs';

const abi = 'ms';
const otherPlatform = isWindows && "Microsoft's is the platform's";
const skip = !knowsMs && "Microsoft's calling convention is not known here";

/** C functions that cannot tell how they are called, except by what they find. */
const SOURCE = `
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#define MS __attribute__((ms_abi))
typedef struct { double x, y; } pair;
typedef struct { float x; } one;

/* Overwrites the 32 bytes above its return address, which are its own. */
MS __attribute__((noinline)) int64_t own_words(int64_t n) {
  volatile uint64_t *words = (uint64_t *)__builtin_frame_address(0) + 2;
  for (int i = 0; i < 4; i++) words[i] = UINT64_MAX;
  return n + 1;
}
MS void nothing(void) { own_words(0); }
MS double mix(int a, double b, int64_t c, float d, uint8_t e, double f) { return a + 10 * b + 100 * c + 1000 * d + 1e4 * e + 1e5 * f; }
MS double subtract(double a, double b) { return a - b; }
MS int32_t less(int32_t a, int32_t b) { return a - b; }
MS const char *skip_first(const char *text, int64_t n) { return text ? text + n : 0; }
MS int32_t fail(int32_t code) { errno = code; return -1; }
MS int32_t fill(uint8_t *bytes, int64_t count, uint8_t with) { memset(bytes, with, count); return 7; }
MS int64_t divide(int64_t a, int64_t b, int64_t *rest) { *rest = a % b; return a / b; }
MS pair turn(pair it, one by) { return (pair){-it.y * by.x, it.x * by.x}; }
MS one half(one it) { return (one){it.x / 2}; }
MS uint64_t greatest(void) { return UINT64_MAX; }
MS double sum(int count, ...) {
  __builtin_ms_va_list list;
  __builtin_ms_va_start(list, count);
  double total = 0;
  for (int i = 0; i < count; i++) total = 10 * total + (i % 2 ? __builtin_va_arg(list, int) : __builtin_va_arg(list, double));
  __builtin_ms_va_end(list);
  return total;
}
typedef MS double callback(double a, int32_t b, double c, int8_t d, int64_t e, float f);
double call(callback *f, int times) {
  double total = 0;
  for (int i = 0; i < times; i++) total += f(0.5, -2, 0.25, -1, 1LL << 40, 8);
  return total;
}
MS double call_by_ms(callback *f, int times) { return call(f, times); }
MS double call_plain(double (*f)(double, int32_t), double a) { return f(a, 3); }
pair call_pair(MS pair (*f)(pair, one, int8_t), double x) { return f((pair){x, 1}, (one){2}, 3); }
static void *run(void *f) { return (void *)((MS intptr_t (*)(intptr_t))f)(20); }
int64_t call_on_thread(void *f) {
  pthread_t thread;
  void *result = 0;
  pthread_create(&thread, 0, run, f);
  pthread_join(thread, &result);
  return (intptr_t)result;
}
/* 1 if a callback keeps the registers that it has to keep. */
int32_t keeps(void *f) {
  static const uint64_t set[2] = {0x1122334455667788, 0x8877665544332211};
  uint64_t changed = (uint64_t)f;
  __asm__ volatile(
      "movq %%rsp, %%rbx\\n subq $192, %%rsp\\n andq $-16, %%rsp\\n"
      "movq (%[set]), %%rdi\\n movq 8(%[set]), %%rsi\\n"
      "movups (%[set]), %%xmm6\\n movaps %%xmm6, %%xmm7\\n movaps %%xmm6, %%xmm8\\n movaps %%xmm6, %%xmm9\\n"
      "movaps %%xmm6, %%xmm10\\n movaps %%xmm6, %%xmm11\\n movaps %%xmm6, %%xmm12\\n movaps %%xmm6, %%xmm13\\n"
      "movaps %%xmm6, %%xmm14\\n movaps %%xmm6, %%xmm15\\n"
      "call *%%rax\\n"
      "xorq (%[set]), %%rdi\\n xorq 8(%[set]), %%rsi\\n orq %%rsi, %%rdi\\n"
      "movups (%[set]), %%xmm0\\n"
      "pxor %%xmm0, %%xmm6\\n pxor %%xmm0, %%xmm7\\n pxor %%xmm0, %%xmm8\\n pxor %%xmm0, %%xmm9\\n pxor %%xmm0, %%xmm10\\n"
      "pxor %%xmm0, %%xmm11\\n pxor %%xmm0, %%xmm12\\n pxor %%xmm0, %%xmm13\\n pxor %%xmm0, %%xmm14\\n pxor %%xmm0, %%xmm15\\n"
      "por %%xmm7, %%xmm6\\n por %%xmm8, %%xmm6\\n por %%xmm9, %%xmm6\\n por %%xmm10, %%xmm6\\n por %%xmm11, %%xmm6\\n"
      "por %%xmm12, %%xmm6\\n por %%xmm13, %%xmm6\\n por %%xmm14, %%xmm6\\n por %%xmm15, %%xmm6\\n"
      "movq %%xmm6, %%rax\\n punpckhqdq %%xmm6, %%xmm6\\n movq %%xmm6, %%rcx\\n"
      "orq %%rcx, %%rax\\n orq %%rdi, %%rax\\n movq %%rbx, %%rsp\\n"
      : "+a"(changed)
      : [set] "r"(set)
      : "rbx", "rcx", "rdx", "rdi", "rsi", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
        "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "memory", "cc");
  return !changed;
}
`;

const Pair = Struct({ x: 'd', y: 'd' });
const One = Struct({ x: 'f' });

const plain = ({ x, y }) => ({ x, y });
const callback = { args: ['d', 'i', 'd', 'c', 'l', 'f'], returns: 'd', abi };
const definitions = {
  own_words: { args: ['l'], returns: 'l', abi },
  nothing: { abi },
  mix: { args: ['i', 'd', 'l', 'f', 'C', 'd'], returns: 'd', abi },
  subtract: { args: ['d', 'd'], returns: 'd', abi },
  less: { args: ['i', 'i'], returns: 'i', abi },
  skip_first: { args: ['s', 'l'], returns: 's', abi },
  fail: { args: ['i'], returns: 'i', abi },
  fill: { args: ['buffer', 'l', 'C'], returns: 'i', abi },
  divide: { args: ['l', 'l', out('l')], returns: 'l', abi },
  turn: { args: [Pair, One], returns: Pair, abi },
  half: { args: [One], returns: One, abi },
  greatest: { returns: 'L', abi },
  sum: { args: ['i', '...'], returns: 'd', abi },
  call: { args: [callback, 'i'], returns: 'd' },
  call_by_ms: { args: [callback, 'i'], returns: 'd', abi },
  call_plain: { args: [{ args: ['d', 'i'], returns: 'd' }, 'd'], returns: 'd', abi },
  call_pair: { args: [{ args: [Pair, One, 'c'], returns: Pair, abi }, 'd'], returns: Pair },
  call_on_thread: { args: ['callback'], returns: 'l' },
  keeps: { args: ['callback'], returns: 'i' },
};

describe('functions and callbacks with abi: ms', { skip }, () => {
  if (skip) return;
  const library = compileText(SOURCE, isWindows ? 'gcc' : undefined, isWindows ? ['-lpthread'] : []);
  const lib = dlopen(library.path, definitions);
  const { symbols } = lib;
  after(() => {
    lib.close();
    library.remove();
  });

  test('arguments and results of every kind are passed, in every way of calling', () =>
    check(async () => {
      assert.equal(symbols.mix(1, 2, 3, 4, 5, 6), 654321);
      assert.equal(await symbols.mix.async(1, 2, 3, 4, 5, 6), 654321);
      assert.equal(symbols.own_words(41), 42);
      assert.equal(symbols.own_words(-(2n ** 62n)), 1n - 2n ** 62n);
      assert.equal(await symbols.own_words.async(41), 42);
      assert.equal(symbols.nothing(), undefined);
      assert.equal(symbols.subtract(5, 0.5), 4.5);
      assert.equal(symbols.less(-5, 6), -11);
      assert.equal(symbols.greatest(), 2n ** 64n - 1n);
      assert.equal(symbols.skip_first('xé😀', 1), 'é😀');
      assert.equal(symbols.skip_first(null, 1), null);
      assert.deepEqual(symbols.fail.with({ errno: true })(7), withErrnoOf(-1, 7));
      assert.deepEqual(await symbols.fail.async.with({ errno: true })(8), withErrnoOf(-1, 8));
      const bytes = new Uint8Array(4);
      assert.equal(symbols.fill(bytes, 3, 9), 7);
      assert.deepEqual([...bytes], [9, 9, 9, 0]);
      assert.deepEqual(symbols.divide(17, 5), { value: 3, out: [2] });
    }));

  test('structs are passed and returned by value', () =>
    check(async () => {
      assert.deepEqual(plain(symbols.turn({ x: 1, y: 2 }, { x: 3 })), { x: -6, y: 3 });
      assert.deepEqual(plain(await symbols.turn.async({ x: 1, y: 2 }, { x: 3 })), { x: -6, y: 3 });
      assert.equal(symbols.half({ x: 3 }).x, 1.5);
    }, 4));

  test('variable arguments are passed', () =>
    check(async () => {
      const pairs = ['d', 'i', 'f', 'i', 'f', 'i'].map((type, i) => [type, i + 1]);
      assert.equal(symbols.sum(6, ...pairs), 123456);
      assert.equal(await symbols.sum.async(6, ...pairs), 123456);
    }, 4));

  test('batches call by it', () =>
    check(async () => {
      const columns = [Float64Array.of(5, 6, 7), Float64Array.of(1, 4, 9)];
      assert.deepEqual([...symbols.subtract.batch(columns)], [4, 2, -2]);
      assert.deepEqual([...(await symbols.subtract.batch.async(columns))], [4, 2, -2]);
      assert.deepEqual([...symbols.less.batch([Int32Array.of(1, 2), 3])], [-2, -1]);
    }, 4));

  test('values are checked as for other functions', () =>
    check(() => {
      throws(() => symbols.less(1.5, 2), { code: 'ERR_FFI_OUT_OF_RANGE', message: /^less: argument 1: / });
      throws(() => symbols.less(1), { code: 'ERR_FFI_ARG_COUNT' });
      throws(() => symbols.mix(1, 2, 3, '4', 5, 6), { code: 'ERR_FFI_INVALID_ARG_TYPE' });
    }));

  const expected = (a, b, c, d, e, f) => {
    assert.deepEqual([a, b, c, d, e, f], [0.5, -2, 0.25, -1, 2 ** 40, 8]);
    return a + f;
  };

  test('C calls plain functions and JSCallbacks by it', () =>
    check(async () => {
      assert.equal(symbols.call(expected, 2), 17);
      assert.equal(symbols.call_by_ms(expected, 2), 17);
      assert.equal(await symbols.call_by_ms.async(expected, 1), 8.5);
      const made = new JSCallback(expected, callback);
      assert.equal(symbols.call(made, 1), 8.5);
      assert.equal(made.call(0.5, -2, 0.25, -1, 2 ** 40, 8), 8.5);
      made.close();
    }, 4));

  test("the convention of a function is not its callback's", () =>
    check(
      () =>
        assert.equal(
          symbols.call_plain((a, b) => a * b, 1.5),
          4.5,
        ),
      4,
    ));

  test('structs are passed to callbacks and returned by them', () =>
    check(() => {
      const got = symbols.call_pair((pair, one, n) => ({ x: pair.x * one.x, y: pair.y + n }), 4);
      assert.deepEqual(plain(got), { x: 8, y: 4 });
    }, 4));

  test('other threads call callbacks by it', () =>
    check(async () => {
      const made = new JSCallback((n) => n * 2n, { args: ['q'], returns: 'q', abi, threadsafe: true });
      assert.equal(await symbols.call_on_thread.async(made), 40);
      made.close();
    }, 20));

  test('a callback keeps the registers that it has to keep', () =>
    check(() => {
      const numbers = Float64Array.from({ length: 64 }, (_, i) => i);
      const busy = (n) => numbers.reduce((sum, one) => sum + one / n, 0);
      const made = new JSCallback(busy, { args: ['d'], returns: 'd', abi });
      assert.equal(symbols.keeps(made), 1);
      made.close();
    }, 4));

  test('what a callback throws is thrown by the call, and C gets zero', () =>
    check(() => {
      const error = new Error('thrown by the callback');
      throws(() => symbols.call(() => void assert.fail(error), 1), error);
    }, 4));

  test('functions at addresses and the raw bridge call by it', () =>
    check(async () => {
      const { ptr } = symbols.mix;
      assert.equal(CFunction({ ...definitions.mix, ptr })(1, 2, 3, 4, 5, 6), 654321);
      assert.equal(await AsyncCFunction({ ...definitions.mix, ptr })(1, 2, 3, 4, 5, 6), 654321);
      assert.equal(ffi.callPtr(ptr, '<ms>idlfCd', 'd', [1, 2, 3, 4, 5, 6], []), 654321);
      assert.equal(await ffi.callPtrAsync(ptr, '<ms>idlfCd', 'd', [1, 2, 3, 4, 5, 6], []), 654321);
      const handle = ffi.createCallback((n) => n + 1, '<ms>l', 'l');
      assert.equal(ffi.callPtr(ffi.getCallbackPtr(handle), '<ms>l', 'l', [1], []), 2);
      ffi.destroyCallback(handle);
    }, 20));

  test('a pumped call is made by it', () => {
    const { ptr } = symbols.mix;
    assert.equal(CFunction({ ...definitions.mix, ptr, callbacks: 'pump' })(1, 2, 3, 4, 5, 6), 654321);
  });

  test('a signature names it', () => {
    assert.equal(symbols.mix.signature.abi, 'ms');
    assert.equal(String(symbols.mix.signature), '(<ms>idlfCd)d');
    assert.equal(String(symbols.call.signature), '(k(<ms>didclf)di)d');
    assert.equal(symbols.call.signature.abi, undefined);
  });

  test('an owned string is refused', { skip: otherPlatform }, () => {
    throws(() => dlopen(library.path, { skip_first: { args: ['s', 'l'], returns: owned('s', 'fill'), abi } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /^skip_first: its strings cannot be freed/,
    });
  });

  test('cdef knows the attributes', () => {
    const ms = cdef(
      library.path,
      `#define MS __attribute__((ms_abi))
       typedef double callback(double, int, double, signed char, long long, float) __attribute__((ms_abi));
       __attribute__((ms_abi)) double mix(int, double, long long, float, unsigned char, double);
       double call(callback *f, int times)${isWindows ? '' : ' __attribute__((__sysv_abi__))'};
       double __attribute__((ms_abi)) call_plain(double (*f)(double, int), double);
       struct pair { double x, y; };
       struct one { float x; };
       [[gnu::ms_abi]] struct pair turn(struct pair it, struct one by);
       double sum(int, ...) __attribute__((ms_abi));`,
    );
    assert.equal(ms.symbols.mix(1, 2, 3, 4, 5, 6), 654321);
    assert.equal(ms.symbols.call(expected, 2), 17);
    assert.equal(
      ms.symbols.call_plain((a, b) => a * b, 1.5),
      4.5,
    );
    assert.deepEqual(plain(ms.symbols.turn({ x: 1, y: 2 }, { x: 3 })), { x: -6, y: 3 });
    assert.equal(ms.symbols.sum(1, ['d', 5]), 5);
    assert.equal(String(ms.symbols.call.signature), `(${isWindows ? '' : '<sysv>'}k(<ms>didclf)di)d`);
    ms.close();
  });
});

// Each of these is warmed up, so that every engine makes the calls.
describe('random signatures without structs, with abi: ms', { skip }, () => {
  if (skip) return;
  const random = randomOf(seed);
  const letters = [...'bcChHiIlLqQffddddp'];
  const one = () => ({ letter: random.pick(letters) });
  const cases = Array.from({ length: 60 }, (_, n) => ({
    args: Array.from({ length: n % 17 }, one),
    returns: random.chance(8) ? undefined : one(),
  }));
  const library = compile(cases, 'ms');
  const all = {};
  cases.forEach(({ args, returns }, n) => {
    const types = { args: args.map(({ letter }) => letter), returns: returns?.letter ?? 'v', abi };
    all[`take_${n}`] = types;
    all[`call_${n}`] = { args: [types] };
    args.forEach(({ letter }, i) => (all[`v_${n}_${i}`] = { type: letter }));
    if (returns) all[`v_${n}_r`] = { type: returns.letter };
  });
  const lib = dlopen(library.path, all);
  const { symbols } = lib;
  after(() => {
    lib.close();
    library.remove();
  });

  cases.forEach(({ args, returns }, n) => {
    test(`${symbols[`take_${n}`].signature}, seed ${seed}`, async () => {
      const values = args.map((type) => makeValue(type, random));
      const result = returns && makeValue(returns, random);
      const seen = () => args.map((_, i) => symbols[`v_${n}_${i}`].value);
      if (returns) symbols[`v_${n}_r`].value = result;
      await check(() => assert.equal(symbols[`take_${n}`](...values), result));
      assert.deepEqual(seen(), values);
      assert.equal(await symbols[`take_${n}`].async(...values), result);
      symbols[`call_${n}`]((...given) => {
        assert.deepEqual(given, values);
        return result;
      });
    });
  });
});

describe('abi in a definition', () => {
  const echo = { args: ['i'], returns: 'i' };

  test('anything but ms and sysv is refused', () => {
    for (const wrong of ['MS', 'win64', '', 1, null, {}, ['ms']]) {
      const wanted = { code: 'ERR_FFI_BAD_SIGNATURE', message: /abi: expected 'ms' or 'sysv', got / };
      throws(() => dlopen(fixture, { echo_i32: { ...echo, abi: wrong } }), wanted);
      throws(() => CFunction({ ...echo, ptr: 65_536, abi: wrong }), wanted);
      throws(() => new JSCallback(() => 0, { ...echo, abi: wrong }), wanted);
      throws(() => dlopen(fixture, { call_i32: { args: [{ ...echo, abi: wrong }, 'i'] } }), wanted);
    }
    const handle = ffi.load(fixture);
    throws(() => ffi.defineFunction(handle, 'echo_i32', '<win>i', 'i'), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: /the calling convention is neither <ms> nor <sysv> at position 1 of '<win>i'/,
    });
    ffi.close(handle);
  });

  test('undefined is the convention of the platform', () => {
    const { echo_i32 } = dlopen(fixture, { echo_i32: { ...echo, abi: undefined } }).symbols;
    assert.equal(echo_i32(5), 5);
    assert.equal(String(echo_i32.signature), '(i)i');
  });

  test('other words for it are explained', () => {
    throws(() => dlopen(fixture, { echo_i32: { ...echo, convention: 'ms' } }), {
      code: 'ERR_FFI_BAD_SIGNATURE',
      message: "echo_i32: unknown key 'convention'; did you mean 'abi'?",
    });
  });

  test('a variable has none', () => {
    throws(() => dlopen(fixture, { counter: { type: 'i', abi } }), { code: 'ERR_FFI_BAD_SIGNATURE' });
  });

  test("System V's can be named where it is the platform's", { skip: skip || otherPlatform }, () =>
    check(async () => {
      const { echo_i32 } = dlopen(fixture, { echo_i32: { ...echo, abi: 'sysv' } }).symbols;
      assert.equal(echo_i32(5), 5);
      assert.equal(await echo_i32.async(6), 6);
    }, 20),
  );

  test(
    'a convention that is not known here is refused',
    { skip: knowsMs && !isWindows && 'it is known here' },
    async () => {
      const abi = isWindows ? 'sysv' : 'ms';
      const wanted = {
        code: 'ERR_FFI_NOT_SUPPORTED',
        message: new RegExp(`the calling convention '${abi}' is not known on this `),
      };
      throws(() => dlopen(fixture, { echo_i32: { ...echo, abi } }), wanted);
      throws(() => new JSCallback(() => 0, { ...echo, abi }), wanted);
      throws(() => dlopen(fixture, { call_i32: { args: [{ ...echo, abi }, 'i'] } }), wanted);
      await rejects(() => ffi.callPtrAsync(65_536, `<${abi}>`, 'v', [], []), wanted);
    },
  );
});
