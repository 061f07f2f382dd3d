import { AsyncCFunction, FFIType } from 'arkffi';
import ffi from 'liblibrary.so';
const handle = ffi.load('libffi_target.so');
const addPtr = ffi.getSymbolPtr(handle, 'add');
const asyncAdd = AsyncCFunction({ args: [FFIType.double, FFIType.double], returns: FFIType.double, ptr: addPtr });
asyncAdd(2.0, 3.0).then((r: number) => { console.log(r); }); // 5.0
Promise.all([asyncAdd(1.0, 2.0), asyncAdd(3.0, 4.0)]).then((results) => { console.log(results); }); // [3.0, 7.0]
asyncAdd.close();
ffi.close(handle);
