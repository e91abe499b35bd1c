/**
 * The data directory of PGlite, with an fsync that reaches the disk. As shipped, PGlite 0.5.16 turns fsync off, and the
 * file system layer below it (Emscripten's NODEFS) has none. Its `fd_sync` calls `stream_ops.fsync(stream)` where there
 * is one, and takes the answer for an errno.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** PGlite's own start parameters without `-F` ("turn fsync off"). */
export const durableStartParams = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'fsync=on',
  // The default on Linux, fdatasync, is a system call that Emscripten does not pass on.
  '-c',
  'wal_sync_method=fsync',
];

/** @typedef {{ nfd?: number, node: object }} NodeStream */

export class DurableNodeFS extends NodeFS {
  /** How many files were flushed; 0 after a commit means that the hook below is gone. */
  syncs = 0;

  /**
   * @override
   * @param {Parameters<NodeFS['init']>[0]} pg
   * @param {Parameters<NodeFS['init']>[1]} options
   */
  async init(pg, options) {
    const { emscriptenOpts } = await super.init(pg, options);
    /** @param {{ NODEFS: unknown }} mod */
    const addFsync = (mod) => {
      const nodefs = /** @type {{ stream_ops: Record<string, unknown>, realPath(node: object): string }} */ (
        mod.NODEFS
      );
      nodefs.stream_ops['fsync'] = (/** @type {NodeStream} */ stream) => {
        this.syncs += 1;
        if (stream.nfd === undefined) syncDirectory(nodefs.realPath(stream.node));
        else fdatasyncSync(stream.nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), addFsync] } };
  }
}

/** @param {string} path */
function syncDirectory(path) {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
