// `npm start`: from a fresh clone to a running service. `npm start -- check-config` and so on pass their arguments on.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, nodeFlags, root } from './ready.mjs';

ensureDependencies();
ensureBuild();

const atTerminal = process.stdin.isTTY === true && process.platform !== 'win32';
const args = process.argv.slice(2);
const main = join(root, 'dist', 'main.js');
const child = spawn(process.execPath, [...nodeFlags, main, ...(args.length > 0 ? args : ['serve'])], {
  stdio: 'inherit',
  // At a terminal Ctrl-C goes to the whole process group; this way the service gets it once, from us.
  detached: atTerminal,
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => forward(signal));
child.on('error', (error) => {
  console.error(`monitor-manager: cannot start: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

// A shell between npm and us does not pass signals on, and an orphan would go on unseen with its port and its data.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) forward('SIGTERM');
}, 500).unref();

let last = { signal: '', at: 0 };

/** The second signal, which forces the stop, goes the same way as the first. */
function forward(signal) {
  // npm forwards what it gets, so that one Ctrl-C arrives twice.
  const repeated = signal === last.signal && performance.now() - last.at < 500;
  if (repeated) return;
  last = { signal, at: performance.now() };
  // The terminal is gone: that means stop. Elsewhere SIGHUP means: apply the provisioned files again.
  child.kill(signal === 'SIGHUP' && atTerminal ? 'SIGTERM' : signal);
}
