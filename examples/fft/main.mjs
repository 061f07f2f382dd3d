// Finds the tones in a signal with a C library whose complex numbers are structs. Run `make build` before.
//
//   node examples/fft/main.mjs
import { dlopen, Struct } from 'arkffi';

const Complex = Struct({ re: 'double', im: 'double' }, { name: 'Complex' });
const lib = dlopen('libfft.so', {
  fft: { args: ['pointer', 'size_t'], returns: 'int' },
  complex_mul: { args: [Complex, Complex], returns: Complex },
  complex_abs: { args: [Complex], returns: 'double' },
});
const { fft, complex_mul, complex_abs } = lib.symbols;

const i = { re: 0, im: 1 };
const square = complex_mul(i, i);
console.log(`i² = ${square.re}`);

const RATE = 1024; // samples in a second
const TONES = [
  { hertz: 50, loudness: 1 },
  { hertz: 120, loudness: 0.5 },
  { hertz: 300, loudness: 0.25 },
];

// One second of the signal: an array of structs in memory. Each element is a view of one struct in this memory.
const samples = Complex.arrayOf(RATE);
for (let n = 0; n < samples.length; n++) {
  for (const { hertz, loudness } of TONES) samples[n].re += loudness * Math.sin((2 * Math.PI * hertz * n) / RATE);
}

if ((await fft.async(samples, samples.length)) !== 0) throw new Error('the count is not a power of two');

for (let hertz = 0; hertz < RATE / 2; hertz++) {
  const loudness = (2 * complex_abs(samples[hertz])) / RATE;
  if (loudness > 0.01) console.log(`${hertz} Hz: ${loudness.toFixed(2)}`);
}
lib.close();
