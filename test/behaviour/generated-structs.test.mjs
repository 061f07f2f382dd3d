// Random structs by value: generated, compiled, and passed in both directions.
//
//   ARKFFI_GENERATED   the number of signatures of each calling convention; by default 2000, and 500 of Microsoft's
//   ARKFFI_SEED        another seed than 1
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { dlopen, JSCallback } from 'arkffi';
import { compile, knowsMs, makeCase, makeValue, randomOf, schemaOf, seed, seen } from './generated.mjs';
import { isWarm } from './support.mjs';

const wanted = Number(process.env.ARKFFI_GENERATED);
const random = randomOf(seed);

// A call has the same values however often it runs, so a warm run adds nothing that the other suites do not show.
const once = isWarm && 'each signature is called only once';
generate('platform', wanted || 2000, once);
generate('ms', wanted || 500, once || (!knowsMs && "Microsoft's calling convention is not known here"));

function generate(abi, count, skip) {
  describe(`${count} signatures with structs, calling convention ${abi}, seed ${seed}`, { skip }, () => {
    if (skip) return;
    const cases = Array.from({ length: count }, () => makeCase(random));
    const library = compile(cases, abi);
    const convention = abi === 'platform' ? {} : { abi };
    const definitions = {};
    cases.forEach(({ args, returns }, n) => {
      const types = { args: args.map(schemaOf), returns: returns ? schemaOf(returns) : 'v', ...convention };
      definitions[`take_${n}`] = types;
      definitions[`vary_${n}`] = { ...types, args: ['i', '...'] };
      definitions[`call_${n}`] = { args: [types] };
      args.forEach((type, i) => (definitions[`v_${n}_${i}`] = { type: schemaOf(type) }));
      if (returns) definitions[`v_${n}_r`] = { type: schemaOf(returns) };
    });
    const lib = dlopen(library.path, definitions);
    const { symbols } = lib;
    after(() => {
      lib.close();
      library.remove();
    });

    /** The value of a variable of the case, reduced to the members that were set. */
    const read = (type, name) => seen(type, symbols[name].value);

    const description = (n) => `case ${n}, seed ${seed}: ${symbols[`take_${n}`].signature}`;

    /** Makes every call, and compares what C got and what came back. */
    async function checkCalls(call, kind = 'take') {
      for (const [n, { args, returns }] of cases.entries()) {
        if (kind === 'vary' && args.some(isMisread)) continue;
        const values = args.map((type) => makeValue(type, random));
        const expected = returns && makeValue(returns, random);
        if (returns) symbols[`v_${n}_r`].value = expected;
        const result = await call(symbols[`${kind}_${n}`], values, args);
        args.forEach((type, i) =>
          assert.deepEqual(read(type, `v_${n}_${i}`), values[i], `${description(n)}: argument ${i + 1}`),
        );
        assert.deepEqual(returns ? seen(returns, result) : result, expected, `${description(n)}: result`);
      }
    }

    test('structs are passed as plain objects', () => checkCalls((fn, values) => fn(...values)));

    test('structs are passed as values and buffers', () =>
      checkCalls((fn, values, types) =>
        fn(
          ...values.map((value, i) => {
            if (!types[i].members) return value;
            const made = types[i].schema.create(value);
            return i % 2 ? made : new Uint8Array(made.buffer, made.byteOffset, types[i].schema.size);
          }),
        ),
      ));

    test('structs are passed to calls on worker threads', () => checkCalls((fn, values) => fn.async(...values)));

    /**
     * Whether, by System V, GCC's own va_arg crashes on this type, whichever code calls it: it reads two registers that were saved at
     * a multiple of 8 with an instruction that requires a multiple of 16.
     */
    const isMisread = ({ schema }) =>
      abi === 'platform' && schema !== undefined && schema.align > 8 && schema.size <= 16;

    /** The arguments after "...", each with its type. */
    const pairs = (values, types) => values.map((value, i) => [schemaOf(types[i]), value]);

    test('structs are passed as variable arguments', () =>
      checkCalls((fn, values, types) => fn(values.length, ...pairs(values, types)), 'vary'));

    test('structs are passed as variable arguments to calls on worker threads', () =>
      checkCalls((fn, values, types) => fn.async(values.length, ...pairs(values, types)), 'vary'));

    /** Has C call every callback, and compares what JavaScript got and what C got back. */
    async function checkCallbacks(call) {
      for (const [n, { args, returns }] of cases.entries()) {
        const values = args.map((type) => makeValue(type, random));
        const expected = returns && makeValue(returns, random);
        args.forEach((_, i) => (symbols[`v_${n}_${i}`].value = values[i]));
        let calls = 0;
        await call(n, (...given) => {
          calls++;
          const got = given.map((value, i) => seen(args[i], value));
          assert.deepEqual(got, values, `${description(n)}: arguments of the callback`);
          return expected;
        });
        assert.equal(calls, 1);
        if (returns) assert.deepEqual(read(returns, `v_${n}_r`), expected, `${description(n)}: result of the callback`);
      }
    }

    test('C calls plain functions with structs', () => checkCallbacks((n, fn) => symbols[`call_${n}`](fn)));

    test('C calls functions with structs from worker threads', () =>
      checkCallbacks((n, fn) => symbols[`call_${n}`].async(fn)));

    test('C calls a JSCallback with structs', () =>
      checkCallbacks((n, fn) => {
        const callback = new JSCallback(fn, definitions[`take_${n}`]);
        symbols[`call_${n}`](callback);
        callback.close();
      }));
  });
}
