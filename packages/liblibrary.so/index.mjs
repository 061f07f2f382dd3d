import ffi from './index.js';

export default ffi;
