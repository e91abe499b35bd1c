/**
 * Many database sessions over PGlite's one: each `pg.Client` gets a socket of its own, and their batches take turns.
 *
 * The client side is the real `pg`, so parameters and rows have the same JavaScript types as with a PostgreSQL server.
 * Between a client and PGlite flow the bytes of PostgreSQL's wire protocol, version 3
 * (https://www.postgresql.org/docs/18/protocol-message-formats.html).
 * Shared by all sessions, because there is only one behind them: temporary tables, `SET`, session advisory locks, and
 * `LISTEN` (every session hears every notification). The search path is the exception: it is kept per session.
 */
import { Duplex } from 'node:stream';
import {
  fatalError,
  type Message,
  queryMessage,
  readMessages,
  readStartup,
  STARTUP_ANSWER,
  splitAnswer,
} from './wire.ts';

/** Runs one batch of protocol messages that ends in a Sync or is one simple Query; answers what the backend said. */
export type RunBatch = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

export interface Sessions {
  /** A new session, shaped like the `net.Socket` that `pg` wants. */
  open(options: { searchPath: string }): Duplex;
  /** Breaks all sessions with this error, and those opened later. */
  fail(error: Error): void;
}

/** One client's session. */
interface Session {
  readonly socket: SessionSocket;
  readonly searchPath: string;
  closed: boolean;
}

interface Turn {
  readonly session: Session;
  readonly bytes: Buffer;
}

/**
 * Shares one backend between sessions. A session in a transaction holds the backend until it commits or rolls back; the
 * others wait in order. One that does nothing for `idleInTransactionMs` meanwhile is rolled back and broken, as
 * PostgreSQL's `idle_in_transaction_session_timeout` does: without it, a query outside the transaction that its owner
 * waits for would stop the service for ever.
 */
export function shareBackend(run: RunBatch, idleInTransactionMs: number): Sessions {
  const sessions = new Set<Session>();
  const queue: Turn[] = [];
  let owner: Session | undefined;
  let busy = false;
  let searchPath: string | undefined;
  let broken: Error | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  function fail(error: Error): void {
    broken ??= error;
    queue.length = 0;
    for (const session of sessions) session.socket.destroy(error);
  }

  function nextTurn(): Turn | undefined {
    if (owner === undefined) return queue.shift();
    const index = queue.findIndex((turn) => turn.session === owner);
    return index === -1 ? undefined : queue.splice(index, 1)[0];
  }

  async function usePath(session: Session): Promise<void> {
    if (owner !== undefined || searchPath === session.searchPath) return;
    searchPath = session.searchPath;
    await run(queryMessage(`SET search_path TO ${searchPath}`));
  }

  /** Hands the answer to its session, except notifications, which go to all. */
  function deliver(session: Session, answer: Uint8Array): void {
    const { rest, notifications, status } = splitAnswer(answer);
    for (const other of notifications.length > 0 ? sessions : []) {
      for (const notification of notifications) other.socket.push(notification);
    }
    owner = status === 'I' ? undefined : session;
    if (!session.closed) session.socket.push(rest);
  }

  async function rollBack(): Promise<void> {
    await run(queryMessage('ROLLBACK'));
    owner = undefined;
  }

  async function work(): Promise<void> {
    for (let turn = nextTurn(); turn !== undefined; turn = nextTurn()) {
      if (turn.session.closed) continue;
      await usePath(turn.session);
      deliver(turn.session, await run(Uint8Array.from(turn.bytes)));
      if (owner?.closed) await rollBack();
    }
  }

  function armIdleTimer(): void {
    clearTimeout(idleTimer);
    if (owner === undefined) return;
    const idle = owner;
    idleTimer = setTimeout(() => {
      idle.socket.push(fatalError('25P03', 'terminating connection due to idle-in-transaction timeout'));
      idle.socket.destroy();
    }, idleInTransactionMs);
    idleTimer.unref();
  }

  async function pump(): Promise<void> {
    if (busy || broken !== undefined) return;
    busy = true;
    clearTimeout(idleTimer);
    try {
      if (owner?.closed) await rollBack();
      await work();
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
    busy = false;
    armIdleTimer();
  }

  function close(session: Session): void {
    session.closed = true;
    sessions.delete(session);
    void pump();
  }

  function open(options: { searchPath: string }): Duplex {
    const socket = new SessionSocket();
    const session: Session = { socket, searchPath: options.searchPath, closed: false };
    sessions.add(session);
    socket.onBatch = (bytes) => {
      queue.push({ session, bytes });
      void pump();
    };
    socket.onClose = () => close(session);
    if (broken !== undefined) socket.destroy(broken);
    return socket;
  }

  return { open, fail };
}

/** What `pg` takes for a TCP socket: cuts the client's bytes into batches, and answers the start of the conversation. */
class SessionSocket extends Duplex {
  onBatch: (bytes: Buffer) => void = () => {};
  onClose: () => void = () => {};
  private unread: Buffer = Buffer.alloc(0);
  private started = false;
  private batch: Buffer[] = [];

  connect(): this {
    process.nextTick(() => this.emit('connect'));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.unread = this.unread.length === 0 ? chunk : Buffer.concat([this.unread, chunk]);
    if (!this.started) this.start();
    if (this.started) this.readBatches();
    done();
  }

  override _final(done: () => void): void {
    this.onClose();
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.onClose();
    done(error);
  }

  private start(): void {
    const length = readStartup(this.unread);
    if (length === 0) return;
    this.started = true;
    this.unread = this.unread.subarray(length);
    this.push(STARTUP_ANSWER);
  }

  private readBatches(): void {
    const { messages, length } = readMessages(this.unread);
    this.unread = this.unread.subarray(length);
    for (const message of messages) this.collect(message);
  }

  private collect({ type, bytes }: Message): void {
    if (type === 'X') return;
    this.batch.push(bytes);
    if (type !== 'Q' && type !== 'S') return;
    const batch = Buffer.concat(this.batch);
    this.batch = [];
    this.onBatch(batch);
  }
}
