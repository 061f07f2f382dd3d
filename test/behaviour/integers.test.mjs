import { test } from 'node:test';
import { everyRoute } from './support.mjs';
const echo = everyRoute('echo_u8', '(C)C', [1]);
test('x', async () => {
  await echo.gives([255], 255);
  await echo.refuses([256], { code: 'ERR_FFI_OUT_OF_RANGE', message: 'argument 1: 256 is out of range for uint8_t (0 to 255)' });
});
