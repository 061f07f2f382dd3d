// Programs in Deno, which may take the permission for native code from a program, or replace what is asked for it.
const { Deno } = globalThis;
const OFTEN = 3000;

const definitions = {
  echo_i32: { args: ['i'], returns: 'i' },
  echo_f64: { args: ['d'], returns: 'd' },
  buffer_sum: { args: ['p', 'L'], returns: 'L' },
};

function open({ dlopen }) {
  return dlopen(process.env.ARKFFI_FIXTURE, definitions).symbols;
}

/** Calls each function often; returns the results of the last calls and the code of an error. */
function calls({ echo_i32, echo_f64, buffer_sum }) {
  const found = [];
  for (let i = 0; i < OFTEN; i++) {
    found.length = 0;
    found.push(echo_i32(-i), echo_f64(i / 2), buffer_sum(Uint8Array.of(1, 2, 3), 3));
  }
  try {
    echo_i32(0.5);
  } catch ({ code }) {
    found.push(code);
  }
  return found.join(' ');
}

function tried(fn) {
  try {
    return fn();
  } catch ({ code, message }) {
    return `${code} ${message}`;
  }
}

export async function never() {
  await import('arkffi').catch(({ message }) => console.log(message));
}

export async function revokedBeforeTheFirstCall() {
  const arkffi = await import('arkffi');
  Deno.permissions.revokeSync({ name: 'ffi' });
  console.log(arkffi.ffi.engine, calls(open(arkffi)));
  console.log(tried(() => arkffi.ffi.configure({ engine: 'deno' })));
  console.log(arkffi.ffi.engine);
}

export async function revokedLater() {
  const arkffi = await import('arkffi');
  const early = open(arkffi);
  const late = open(arkffi);
  console.log(calls(early));
  Deno.permissions.revokeSync({ name: 'ffi' });
  console.log(calls(early));
  console.log(calls(late));
  console.log(calls(open(arkffi)));
  console.log(arkffi.ffi.engine);
}

/** `how` says what the program does to Deno.dlopen. */
export async function replaced(how) {
  if (how === 'deleted') delete Deno.dlopen;
  if (how === 'throws') {
    Deno.dlopen = () => {
      throw new Error('refused');
    };
  }
  // Calls nothing, whatever the symbol is.
  if (how === 'pretends') Deno.dlopen = () => ({ symbols: { f: () => 0 }, close() {} });
  const arkffi = await import('arkffi');
  console.log(arkffi.ffi.engine, calls(open(arkffi)));
  console.log(tried(() => arkffi.ffi.configure({ engine: 'deno' })));
}
