// What `npm start` and `npm test` need first on a fresh clone: the dependencies, and the build. Node.js alone, no dependency.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * How node is run: with room for what is new, in MiB, because a batch of a storm lives just long enough to be copied twice
 * in the usual 16. That costs a tenth of the intake. The Dockerfile says the same.
 */
export const nodeFlags = ['--max-semi-space-size=64'];

/** Installs what package-lock.json says, when that has not been done since it last changed. */
export function ensureDependencies() {
  const installed = changedAt(join(root, 'node_modules', '.package-lock.json'));
  if (installed !== null && installed >= (changedAt(join(root, 'package-lock.json')) ?? 0)) return;
  say('installing the dependencies (once, about a minute)');
  // npm is a script of its own on Windows; started by npm, we know where it is.
  const npm = process.env.npm_execpath;
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, which npm leaves out of it where the
  // registry lacks them. This installs the locked versions all the same, and leaves the lock file alone.
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...args]);
  else run('npm', args);
}

/** Builds dist/ when something in src/ is newer. */
export function ensureBuild() {
  // The program is built first and the page last: both have to be there.
  const built = ['main.js', 'web/index.html'].map((path) => changedAt(join(root, 'dist', path)) ?? 0);
  const sources = ['src', 'scripts/build-web.mjs', 'tsconfig.json', 'package-lock.json'].map((path) =>
    join(root, path),
  );
  if (Math.max(...sources.map(newestIn)) <= Math.min(...built)) return;
  say('building');
  run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
}

function newestIn(path) {
  const own = changedAt(path) ?? 0;
  if (own === 0 || !statSync(path).isDirectory()) return own;
  return Math.max(own, ...readdirSync(path).map((name) => newestIn(join(path, name))));
}

function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status === 0) return;
  say(`${command} ${args.join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(status ?? 1);
}

function say(text) {
  console.error(`monitor-manager: ${text}`);
}
