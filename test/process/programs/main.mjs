// node main.mjs FILE FUNCTION [ARGUMENT…]: runs an exported function of a file in this folder. Also used as a worker.
const [file, name, ...args] = process.argv.slice(2);
const programs = await import(`./${file}.mjs`);
await programs[name](...args);
