// What a case of tools/package/test.mjs has: a clean folder outside of the checkout, and what to do in it.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hosts, isInstalled } from '../../bench/hosts.mjs';
import { watch } from '../watch.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The installed programs that packages are tried with. */
export const tool = (path) => join(root, 'tools/package/tools/node_modules', path);
export const ownTool = (path) => join(root, 'node_modules', path);
export { hosts };

/** The Node.js that runs programs and tools: bundlers need a newer one than arkffi. */
export const node = isInstalled(hosts.node24) ? hosts.node24.file : process.execPath;

export const isThere = (host) => isInstalled(hosts[host]);

const CALL = `const lib = dlopen(null, { strlen: { args: ['cstring'], returns: 'size_t' } });
lib.symbols.strlen.async('four').then((four) => {
  console.log('first call', lib.symbols.strlen('naïve'), four, ffi.engine);
});
`;

/** A program that calls C, and what it prints. */
export const program = {
  cjs: (name = 'arkffi') => `const { dlopen, ffi } = require('${name}');\n${CALL}`,
  esm: (name = 'arkffi') => `import { dlopen, ffi } from '${name}';\n${CALL}`,
};
const FIRST_CALL = /^first call 6 4 (v8|bun|deno|portable)$/m;

/** Environment variables of the user that would change what is tried. */
const FOREIGN = /^(ARKFFI_|npm_|NODE_OPTIONS$|NODE_PATH$|INIT_CWD$)/i;

export class Case {
  constructor(folder, packed) {
    this.folder = folder;
    this.packed = packed;
    this.tarball = packed.tarball;
  }

  path(name) {
    return join(this.folder, name);
  }

  /** Writes files: `{ name: text }`. */
  write(files) {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(
        this.path(name),
        typeof content === 'object' && !Buffer.isBuffer(content) ? JSON.stringify(content, null, 2) : content,
      );
    }
  }

  /** Runs a command in the folder; returns what it printed. Fails if it exits with another code than 0. */
  async run(command, args, { env = {}, cwd = this.folder, mayFail = false } = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(inherited),
        PATH: [dirname(node), process.env.PATH].join(delimiter),
        ...{ NO_COLOR: '1', CI: 'true', NODE_NO_WARNINGS: '1', ...env },
      },
    });
    let printed = '';
    const keep = (text) => (printed += text);
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    const stop = watch(child.pid, (line) => keep(`${line}\n`));
    const code = await new Promise((resolve) => {
      child.on('error', ({ message }) => resolve(message));
      child.on('close', (status, signal) => resolve(status ?? signal));
    });
    stop();
    if (code !== 0 && !mayFail) throw new Error(`${command} ${args.join(' ')}: ended with ${code}\n${printed}`);
    return printed;
  }

  /** Runs a script of the folder by Node.js. */
  node(args, options) {
    return this.run(node, args, options);
  }

  /** Puts arkffi into the folder, as `npm install` does. */
  async install() {
    this.write({ 'package.json': { private: true } });
    await this.npm('install', this.tarball);
  }

  npm(...args) {
    return this.run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error']);
  }

  /** Runs a command whose program must have called C. */
  async calls(command, args, options) {
    const printed = await this.run(command, args, options);
    if (!FIRST_CALL.test(printed)) throw new Error(`${command} ${args.join(' ')}: C was not called:\n${printed}`);
    return printed;
  }

  /** Fails unless the text has what is wanted. */
  expect(text, wanted) {
    if (!wanted.test(text)) throw new Error(`expected ${wanted}, got:\n${text}`);
  }
}
