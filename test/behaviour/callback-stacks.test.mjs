// Callbacks that C calls on its JavaScript thread, but on another stack: a coroutine's, or that of a signal handler.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import { isSanitized } from '../sanitized.mjs';
import { hasOtherStack, hasStackOfV8, isWindows, lacksCoroutines, lacksOwnStacks } from './hosts.mjs';
import { nextTurn, usingCallback } from './lifetimes.mjs';
import { check, fixture, rejects, throws } from './support.mjs';

const intToInt = { args: ['i'], returns: 'i' };
const size = 1 << 18; // bytes of a coroutine's stack

const definitions = (callback, more = {}) => ({
  stack_coroutine: { args: [callback, 'i', 'i', 'size_t'], returns: 'i64', ...more },
  stack_within: { args: [callback, 'i', 'i'], returns: 'i64', ...more },
  stack_of_signal: { args: [callback], returns: 'i', ...more },
  stack_below: { args: [callback, 'i', 'size_t'], returns: 'i', ...more },
  call_times: { args: [callback, 'i'], returns: 'i64', ...more },
});
const byAddress = dlopen(fixture, definitions('pointer')).symbols;
const byFunction = dlopen(fixture, definitions(intToInt)).symbols;
const pumped = dlopen(fixture, definitions(intToInt, { callbacks: 'pump' })).symbols;

const refused = {
  code: 'ERR_FFI_WRONG_STACK',
  message: /: C called the callback on a stack that is not .* \.async and make .* threadsafe, or .* callbacks: 'pump'$/,
};
/** A plain function cannot be made threadsafe; that of an async call is. */
const refusedPlain = { ...refused, message: /: C called the callback on .* \.async, or declare .* callbacks: 'pump'$/ };

describe('a callback on another stack', () => {
  let runs = 0;
  const count = (n) => (runs++, n + 1);

  test(
    'a callback on the stack of a coroutine does not run, and the call says what to do',
    { skip: lacksCoroutines },
    () =>
      usingCallback(count, intToInt, (callback) =>
        check(() => {
          runs = 0;
          throws(() => byAddress.stack_coroutine(callback, 41, 1, size), refused);
          throws(() => byAddress.stack_coroutine(callback, 41, 100, size), refused);
          throws(() => byFunction.stack_coroutine(count, 41, 1, size), refusedPlain);
          throws(() => byFunction.stack_coroutine(callback, 41, 1, size), refused);
          assert.equal(runs, 0);
          assert.equal(byAddress.call_times(callback, 3), byFunction.call_times(count, 3));
          assert.equal(runs, 6);
        }, 4),
      ),
  );

  test('the message names the callback or the function', { skip: lacksCoroutines }, () => {
    usingCallback(
      function named() {},
      intToInt,
      (callback) =>
        throws(() => byAddress.stack_coroutine(callback, 41, 1, size), { ...refused, message: /^callback 'named': / }),
    );
    throws(() => byFunction.stack_coroutine(count, 1, 1, size), { ...refused, message: /^stack_coroutine: / });
  });

  test('a signal handler on a stack of its own gets zero, and the call throws', { skip: lacksOwnStacks }, () =>
    usingCallback(count, intToInt, (callback) =>
      check(() => {
        throws(() => byAddress.stack_of_signal(callback), refused);
        throws(() => byFunction.stack_of_signal(count), refusedPlain);
      }, 10),
    ),
  );

  test('a callback runs on a stack that is part of the thread’s own', { skip: lacksCoroutines || lacksOwnStacks }, () =>
    usingCallback(count, intToInt, (callback) =>
      check(() => {
        assert.equal(byAddress.stack_within(callback, 41, 2), 84);
        assert.equal(byFunction.stack_within(count, 41, 2), 84);
      }, 4),
    ),
  );

  test('an exception on such a stack is thrown by the call', { skip: lacksCoroutines || lacksOwnStacks }, () =>
    check(() => {
      const fails = () => {
        throw new SyntaxError('no');
      };
      throws(() => byFunction.stack_within(fails, 41, 2), SyntaxError);
    }, 10),
  );

  test('the innermost call throws, and a callback may catch it', { skip: lacksCoroutines || lacksOwnStacks }, () =>
    check(() => {
      const inner = (n) => {
        throws(() => byFunction.stack_coroutine(count, n, 1, size), refusedPlain);
        return n + 1;
      };
      assert.equal(byFunction.call_times(inner, 3), 6);
      assert.equal(byFunction.stack_within(inner, 41, 1), 42);
    }, 10),
  );

  test('the rest of a batch does not run', { skip: lacksCoroutines }, () =>
    usingCallback(count, intToInt, (callback) => {
      const ones = new Int32Array(1000).fill(1);
      runs = 0;
      throws(() => byAddress.stack_coroutine.batch([callback.ptr, ones, ones, size]), refused);
      assert.equal(runs, 0);
    }),
  );

  test('a closed callback is reported as closed', { skip: lacksCoroutines }, () => {
    const callback = new JSCallback(count, intToInt);
    callback.close();
    throws(() => byAddress.stack_coroutine(callback.ptr, 41, 1, size), { code: 'ERR_FFI_CALLBACK_CLOSED' });
  });

  test('a post runs later', { skip: lacksCoroutines }, async () => {
    let sum = 0;
    const callback = new JSCallback((n) => void (sum += n), { args: ['i'], threadsafe: 'post' });
    byAddress.stack_coroutine(callback, 7, 3, size);
    assert.equal(sum, 0);
    while (sum < 21) await nextTurn();
    callback.close();
    assert.equal(sum, 21);
  });

  test('with `.async`, and with callbacks: pump, the function runs', { skip: lacksCoroutines }, () =>
    check(async () => {
      assert.equal(await byFunction.stack_coroutine.async(count, 41, 2, size), 84);
      assert.equal(pumped.stack_coroutine(count, 41, 2, size), 84);
      if (!lacksOwnStacks) assert.equal(pumped.stack_of_signal((n) => -n) < 0, true);
    }, 100),
  );

  test('a callback that is not threadsafe rejects the `.async` call as ever', { skip: lacksCoroutines }, async () => {
    const callback = new JSCallback(count, intToInt);
    await rejects(() => byAddress.stack_coroutine.async(callback, 41, 1, size), { code: 'ERR_FFI_WRONG_THREAD' });
    callback.close();
  });
});

describe('a callback far down the stack', () => {
  const beyond = 5 << 18; // V8 uses 1 MB of the stack, which has 2 MB or more

  test('a callback beyond the part that V8 uses is a RangeError', { skip: !hasStackOfV8 && 'V8 only' }, () =>
    check(() => {
      // On Windows V8 does not tell its limit, and throws an error of its own.
      const overflow = isWindows
        ? RangeError
        : { code: 'ERR_FFI_STACK_OVERFLOW', message: /: Maximum call stack size exceeded: C called/ };
      throws(() => byFunction.stack_below((n) => n, 41, beyond), overflow);
      usingCallback(
        (n) => n,
        intToInt,
        (callback) => throws(() => byAddress.stack_below(callback, 41, beyond), overflow),
      );
      assert.equal(
        byFunction.stack_below((n) => n, 41, 1 << 16),
        41,
      );
    }, 10),
  );

  test(
    'recursion through C with frames of any size is a RangeError',
    { skip: isSanitized && 'it needs more stack' },
    () =>
      check(() => {
        let size;
        let depth = 0;
        const callback = new JSCallback((n) => {
          depth = n;
          return byAddress.stack_below(callback, n + 1, size);
        }, intToInt);
        // Bun uses all of the stack, which then does not have room for C.
        for (size of hasOtherStack ? [] : [1, 20, 40, 66, 100, 200].map((kilobytes) => kilobytes * 1024)) {
          assert.throws(() => byAddress.stack_below(callback, 0, size), RangeError);
          assert.ok(depth > 0);
        }
        callback.close();
      }, 10),
  );

  test('where V8 is not the JavaScript engine, the callback runs', { skip: !hasOtherStack && 'V8 has a limit' }, () =>
    assert.equal(
      byFunction.stack_below((n) => n, 41, beyond),
      41,
    ),
  );
});
