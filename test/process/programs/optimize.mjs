// Has V8 optimise a function, or take that back. Run with --allow-natives-syntax.

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

/** How far V8 has optimised a function: a number of its own, which is another once it has given that code up. */
export const statusOf = new Function('fn', 'return %GetOptimizationStatus(fn);');
