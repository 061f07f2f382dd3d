// Random sequences of API calls give what a small model expects: test/fuzz/sequences.mjs.
import { fuzz } from './support.mjs';

fuzz('sequences.mjs', { seeds: [4, 1], steps: [1500, 500] });
