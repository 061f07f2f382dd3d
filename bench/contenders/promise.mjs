// The cost of a Promise alone: no C, no thread.
export const name = 'Promise';

export async function load() {}

export const version = () => process.versions.node;

export function openAsync() {
  return {
    add: (a, b) => new Promise((resolve) => resolve(a + b)),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds, milliseconds)),
  };
}
