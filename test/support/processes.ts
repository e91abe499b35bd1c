/** Real server processes: started with a log file, known by pid, and never left behind. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { eventually } from './wait.ts';

/** What to start. stdout and stderr go to `logFile`. */
export interface ProcessOptions {
  name: string;
  command: string;
  args: readonly string[];
  logFile: string;
  /** Run as this user; only root may ask for it. */
  user?: { uid: number; gid: number } | undefined;
}

/** One running server process. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
  /** Sends `signal` and waits for the end; SIGKILL after `graceMs` (default 30 s). Idempotent. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
  /** SIGSTOP: the process keeps its sockets and answers nothing. */
  freeze(): void;
  /** SIGCONT after `freeze`. */
  thaw(): void;
  /** The last lines that it logged, for error messages. */
  logTail(): string;
}

const running = new Map<number, ServerProcess>();
const setpriv = '/usr/bin/setpriv';

/** Starts a server process and registers it, so that it ends with this one at the latest. */
export function startProcess(options: ProcessOptions): ServerProcess {
  const child = spawnLogged(options);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name} did not start: cannot run ${options.command}`);
  const server = serverProcess(child, pid, options);
  if (running.size === 0) process.on('exit', killLeftovers);
  running.set(pid, server);
  server.exited.then(() => forget(pid));
  return server;
}

/** The processes that were started here and still run: what a leak check looks at. */
export function runningProcesses(): ServerProcess[] {
  return [...running.values()];
}

/**
 * Waits until a fresh server answers.
 * @throws Error with the end of its log when it ended or the deadline (60 s) passed.
 */
export async function untilReady(server: ServerProcess, ready: () => Promise<boolean>): Promise<void> {
  try {
    await eventually(async () => !server.isRunning() || (await ready()), {
      timeoutMs: 60_000,
      everyMs: 25,
      describe: `${server.name} to answer`,
    });
    if (!server.isRunning()) throw new Error('it ended at once');
  } catch (error) {
    const tail = server.logTail();
    await server.stop('SIGKILL');
    throw new Error(`${server.name} did not start: ${(error as Error).message}\n${tail}`, { cause: error });
  }
}

function spawnLogged({ command, args, logFile, user }: ProcessOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  // A test runner that is killed runs no exit handler; with setpriv the kernel ends the server together with us.
  const guarded = existsSync(setpriv);
  const child = spawn(guarded ? setpriv : command, guarded ? ['--pdeathsig', 'KILL', command, ...args] : args, {
    stdio: ['ignore', log, log],
    cwd: '/',
    ...user,
  });
  closeSync(log);
  return child;
}

function serverProcess(child: ChildProcess, pid: number, { name, logFile }: ProcessOptions): ServerProcess {
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const signal = (wanted: NodeJS.Signals) => {
    if (isRunning()) child.kill(wanted);
  };
  return {
    name,
    pid,
    exited,
    isRunning,
    signal,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    logTail: () => readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n'),
    async stop(wanted = 'SIGTERM', graceMs = 30_000) {
      signal(wanted);
      signal('SIGCONT');
      const tooLong = setTimeout(() => signal('SIGKILL'), graceMs);
      await exited;
      clearTimeout(tooLong);
    },
  };
}

function forget(pid: number): void {
  running.delete(pid);
  if (running.size === 0) process.off('exit', killLeftovers);
}

function killLeftovers(): void {
  for (const { name, pid } of running.values()) {
    console.error(`test support: ${name} (pid ${pid}) was left running; killing it`);
    process.kill(pid, 'SIGKILL');
  }
}
