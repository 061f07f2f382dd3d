// The functions of the fixture library that most programs need.
import { dlopen } from 'arkffi';

export const path = process.env.ARKFFI_FIXTURE;

/** The signature of a callback from an int to an int, for which a plain function may be passed. */
export const intToInt = { args: ['i'], returns: 'i' };

export const definitions = {
  echo_i32: { args: ['i'], returns: 'i' },
  echo_string: { args: ['s'], returns: 's' },
  weigh_i32_2: { args: ['i', 'i'], returns: 'l' },
  call_i32: { args: [intToInt, 'i'], returns: 'i' },
  call_times: { args: ['k', 'i'], returns: 'l' },
  call_while: { args: ['k'], returns: 'i' },
  call_me_back: { args: ['k', 'i'], returns: 'i' },
  call_store: { args: ['k'] },
  call_stored: { args: ['i'], returns: 'i' },
  gate_new: { returns: 'p' },
  gate_free: { args: ['p'] },
  gate_open: { args: ['p'] },
  gate_await: { args: ['p', 'i'] },
  gate_pass: { args: ['p'] },
  gate_echo_i32: { args: ['p', 'i'], returns: 'i' },
  gate_call: { args: ['p', 'k', 'i'], returns: 'i' },
  gate_string_length: { args: ['p', 's'], returns: 'l' },
  gate_buffer_sum: { args: ['p', 'p', 'L'], returns: 'L' },
  gate_buffer_fill: { args: ['p', 'p', 'L', 'C'] },
  thread_call: { args: ['k', 'i'], returns: 'l' },
  thread_call_many: { args: ['k', 'i', 'i'], returns: 'l' },
  thread_call_start: { args: ['k', 'i', 'i'], returns: 'p' },
  thread_call_join: { args: ['p'], returns: 'l' },
};

/** Opens the fixture library. */
export const open = () => dlopen(path, definitions);
