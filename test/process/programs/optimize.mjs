// Makes V8 optimise a function, or discard its optimised code. Run with --allow-natives-syntax.

/** Calls `fn` with `args` until it has been optimised for them. */
export const optimize = new Function(
  'fn',
  'args',
  `%PrepareFunctionForOptimization(fn);
   for (let i = 0; i < 3; i++) fn(...args);
   %OptimizeFunctionOnNextCall(fn);
   fn(...args);`,
);

export const deoptimize = new Function('fn', '%DeoptimizeFunction(fn);');

/** V8's optimisation status of a function: a number that changes when V8 discards the optimised code. */
export const statusOf = new Function('fn', 'return %GetOptimizationStatus(fn);');
