import * as arkffi from 'arkffi';
import { make } from './mistakes.cjs';

await make(arkffi, ...process.argv.slice(2));
