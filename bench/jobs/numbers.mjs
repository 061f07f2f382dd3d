// Arrays of numbers: sorting with a comparator in JavaScript, and one function of C for each element.
//
// Each function takes the contender's API and returns { sort, hypot }: `sort` sorts in place, `hypot` fills `out` with
// the hypotenuses of `xs` and `ys`.

const compare = (one, other) => one - other;

export function arkffi({ dlopen, findLibrary, JSCallback, read }) {
  const libc = dlopen(null, { qsort: { args: ['buffer', 'usize', 'usize', 'callback'] } }).symbols;
  const libm = dlopen(findLibrary('m'), { hypot: { args: ['f64', 'f64'], returns: 'f64' } }).symbols;
  const types = { args: ['pointer', 'pointer'], returns: 'int' };
  const callback = new JSCallback((one, other) => Math.sign(read.f64(one) - read.f64(other)), types);
  return {
    sort: (numbers) => libc.qsort(numbers, numbers.length, 8, callback),
    hypot: (xs, ys, out) => libm.hypot.batch([xs, ys], out),
  };
}

export function koffi(api) {
  const qsort = api.load(null).func('void qsort(void *, size_t, size_t, void *)');
  const hypot = api.load('libm.so.6').func('double hypot(double, double)');
  const type = api.proto('int compare_doubles(const void *, const void *)');
  const order = (one, other) => Math.sign(api.decode(one, 'double') - api.decode(other, 'double'));
  const callback = api.register(order, api.pointer(type));
  return {
    sort: (numbers) => qsort(numbers, numbers.length, 8, callback),
    hypot(xs, ys, out) {
      for (let i = 0; i < out.length; i++) out[i] = hypot(xs[i], ys[i]);
    },
  };
}

const byNode = () => ({
  sort: (numbers) => numbers.sort(compare),
  hypot(xs, ys, out) {
    for (let i = 0; i < out.length; i++) out[i] = Math.hypot(xs[i], ys[i]);
  },
});

export { byNode as "Node's own" };
