/**
 * The thread that PGlite blocks: opens one database and runs wire-protocol batches on it, one after the other.
 * Plain JavaScript, because Node 20 starts a worker only from a file that it can read without a compiler.
 *
 * Answers, in order: 'ready' once the database is open, then for each request either `{ bytes }`, `{ dump }`, `{ closed }`
 * or `{ error }`. The other side sends the next request only after the answer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { DurableNodeFS, durableStartParams } from './pglite-durable-fs.js';

/** @typedef {{ kind: 'batch', bytes: Uint8Array } | { kind: 'dump' } | { kind: 'close' }} Request */

/** @type {{ dataDir: string | null, template: Uint8Array | null }} */
const { dataDir, template } = workerData;
const disk = dataDir === null ? null : new DurableNodeFS(dataDir);
const db = await PGlite.create(
  disk === null
    ? { dataDir: 'memory://', ...(template === null ? {} : { loadDataDir: new Blob([Buffer.from(template)]) }) }
    : { fs: disk, startParams: durableStartParams },
);
if (disk !== null) await mustSync(disk);

/**
 * A checkpoint writes and flushes the log. When nothing was flushed, PGlite has changed inside, and a power cut would take
 * commits along without anybody knowing.
 *
 * @param {DurableNodeFS} disk
 */
async function mustSync(disk) {
  const before = disk.syncs;
  await db.exec('CHECKPOINT');
  if (disk.syncs === before) throw new Error('the embedded database does not flush its files to the disk');
}

/** @param {Uint8Array} bytes */
async function runBatch(bytes) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  // The other protocol calls of PGlite parse every answer too, and the raw one keeps all of them in memory.
  await db.execProtocolRawStream(bytes, { onRawData: (data) => void chunks.push(data.slice()) });
  const answer = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    answer.set(chunk, offset);
    offset += chunk.length;
  }
  parentPort?.postMessage({ bytes: answer }, [answer.buffer]);
}

/** @param {Request} request */
async function answer(request) {
  if (request.kind === 'batch') return runBatch(request.bytes);
  if (request.kind === 'dump') {
    const dump = new Uint8Array(await (await db.dumpDataDir('none')).arrayBuffer());
    parentPort?.postMessage({ dump }, [dump.buffer]);
    return;
  }
  await db.close();
  parentPort?.postMessage({ closed: true });
}

parentPort?.on('message', (request) => {
  answer(request).catch((error) => parentPort?.postMessage({ error: String(error) }));
});
parentPort?.postMessage('ready');
