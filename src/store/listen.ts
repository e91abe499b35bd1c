/** Hears at once what another replica has committed: LISTEN on a connection of its own. */
import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';

/** Where the commit of an edit is told of. */
export const CONFIG_CHANNEL = 'monitor_manager_config';

export interface ListenOptions {
  /** Of the PostgreSQL server. */
  readonly url: string;
  readonly applicationName: string;
  readonly channel: string;
  /** Called for each notification, and after each connect: what was told in between is lost, so read again. */
  readonly onNotify: () => void;
  /** The connection broke, or hears nothing; it is made again. Told once until it works again. */
  readonly onTrouble: (error: Error) => void;
  /** How often it is made sure that notifications arrive. */
  readonly probeEveryMs?: number;
}

export interface Listener {
  /** Whether notifications are known to arrive; false: look for yourself meanwhile. */
  listening(): boolean;
  close(): Promise<void>;
}

/** How long a notification to ourselves may take. */
const PROBE_WITHIN_MS = 2_000;
const PROBE_EVERY_MS = 15_000;
const LONGEST_PAUSE_MS = 2_000;

/** Listens until it is closed; a connection that breaks is made again after a pause that grows. */
export function listenPostgres(options: ListenOptions): Listener {
  const closing = new AbortController();
  let listening = false;
  let failures = 0;
  const told = (error: Error) => {
    if (failures === 0 && !closing.signal.aborted) options.onTrouble(error);
  };

  async function session(): Promise<void> {
    const line = await openLine(options);
    try {
      options.onNotify();
      for (;;) {
        await line.probe();
        [listening, failures] = [true, 0];
        await Promise.race([line.lost, pause(options.probeEveryMs ?? PROBE_EVERY_MS, null, closing)]);
      }
    } finally {
      listening = false;
      await line.close();
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await session().catch(told);
      const ms = Math.min(LONGEST_PAUSE_MS, 100 * 2 ** failures++);
      await pause(ms, null, closing).catch(() => {});
    }
  }

  const done = run();
  return {
    listening: () => listening,
    close() {
      closing.abort();
      return done;
    },
  };
}

interface Line {
  /** Rejects when the connection breaks. */
  lost: Promise<never>;
  /** Sends a notification to itself and waits for it: a pooler in between, or a peer that is gone, would swallow it. */
  probe(): Promise<void>;
  close(): Promise<void>;
}

async function openLine({ url, applicationName, channel, onNotify }: ListenOptions): Promise<Line> {
  const socket = new Socket();
  const client = new Client({
    connectionString: url,
    stream: () => socket,
    application_name: applicationName,
    connectionTimeoutMillis: PROBE_WITHIN_MS,
    query_timeout: PROBE_WITHIN_MS,
    keepAlive: true,
  });
  const lost = new Promise<never>((_, reject) => {
    client.on('error', reject);
    client.on('end', () => reject(new Error('the connection that listens for edits has ended')));
  });
  lost.catch(() => {});
  const own = `monitor_manager_${randomBytes(8).toString('hex')}`;
  let heard = () => {};
  client.on('notification', (message) => (message.channel === channel ? onNotify() : heard()));
  const close = async () => {
    // Whoever is gone does not answer a farewell.
    const late = setTimeout(() => socket.destroy(), 500);
    await client.end().catch(() => {});
    clearTimeout(late);
    socket.destroy();
  };

  async function probe(): Promise<void> {
    const limit = new AbortController();
    const echo = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const late = pause(PROBE_WITHIN_MS, null, limit).then(() => {
      throw new Error('notifications do not arrive; a pooler that shares sessions does not pass them on');
    });
    const sent = client.query('select pg_notify($1, $2)', [own, '']);
    await Promise.race([Promise.all([sent, echo]), late, lost]).finally(() => limit.abort());
  }

  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    await client.query(`listen ${own}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { lost, probe, close };
}
