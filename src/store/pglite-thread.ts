/** Starts the thread that PGlite runs in, and talks to it one request at a time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** One database in its own thread. Every call rejects once the thread has died. */
export interface PgliteThread {
  /** Runs one batch of wire-protocol messages. The buffer is handed over. */
  run(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
  /** The data directory as a tar archive, for `template`. */
  dump(): Promise<Uint8Array>;
  /** Shuts the database down cleanly and ends the thread. */
  close(): Promise<void>;
}

interface Answer {
  readonly bytes?: Uint8Array;
  readonly dump?: Uint8Array;
  readonly error?: string;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/**
 * Opens a database; `dataDir: null` keeps it in memory. `template` is a dump to start from instead of an empty database.
 * `onLost` is called when the thread dies without having been closed.
 *
 * @throws Error when PGlite cannot open the directory
 */
export async function startPgliteThread(options: {
  dataDir: string | null;
  template: Uint8Array | null;
  onLost: (error: Error) => void;
}): Promise<PgliteThread> {
  const { dataDir, template } = options;
  const worker = new Worker(new URL('./pglite-worker.js', import.meta.url), { workerData: { dataDir, template } });
  await once(worker, 'message');

  const waiting: Waiting[] = [];
  let lost: Error | undefined;
  let closing = false;

  function lose(error: Error): void {
    if (lost !== undefined) return;
    lost = error;
    for (const { reject } of waiting.splice(0)) reject(error);
    if (!closing) options.onLost(error);
  }

  worker.on('error', lose);
  worker.on('exit', () => lose(new Error('the embedded database has stopped')));
  worker.on('message', (answer: Answer) => {
    const next = waiting.shift();
    if (answer.error === undefined) next?.resolve(answer);
    else next?.reject(new Error(`the embedded database failed: ${answer.error}`));
  });

  function ask(request: { kind: string; bytes?: Uint8Array<ArrayBuffer> }): Promise<Answer> {
    if (lost !== undefined) return Promise.reject(lost);
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(request, request.bytes === undefined ? [] : [request.bytes.buffer]);
    });
  }

  return {
    run: async (bytes) => (await ask({ kind: 'batch', bytes })).bytes ?? new Uint8Array(),
    dump: async () => (await ask({ kind: 'dump' })).dump ?? new Uint8Array(),
    close: async () => {
      closing = true;
      await ask({ kind: 'close' }).catch(() => {});
      await worker.terminate();
    },
  };
}
