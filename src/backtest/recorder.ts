/** Gathers the changes of a history as they are read. */
import type { AlertState } from '../alert/alert.ts';
import { type Changes, states } from './history.ts';

/** A change of an alert, times in milliseconds since 1970. */
export interface Recorded {
  fingerprint: string;
  state: AlertState;
  heard: number;
  since: number;
  ended: number | null;
}

/** Gathers changes in columns. */
export interface Recorder {
  note(change: Recorded): void;
  /** A change of it has been noted. */
  knows(fingerprint: string): boolean;
  /** An alert that fired all the time. */
  fired(alert: Pick<Recorded, 'fingerprint' | 'state' | 'since'>): void;
  /** Of all alerts, in the order of their indexes. */
  fingerprints(): string[];
  changes(): Changes;
}

/** @param from when the history begins */
export function createRecorder(from: Date): Recorder {
  const indexes = new Map<string, number>();
  const heard = from.getTime();
  const before = createColumns();
  const all = createColumns();

  function indexOf(fingerprint: string): { alert: number; first: boolean } {
    const known = indexes.get(fingerprint);
    if (known !== undefined) return { alert: known, first: false };
    indexes.set(fingerprint, indexes.size);
    return { alert: indexes.size - 1, first: true };
  }

  return {
    note(change) {
      const { alert, first } = indexOf(change.fingerprint);
      // What ends first must have begun before.
      if (first && change.state !== 'firing') before.add({ ...change, alert, heard, state: 'firing', ended: null });
      all.add({ ...change, alert });
    },
    knows: (fingerprint) => indexes.has(fingerprint),
    fired({ fingerprint, state, since }) {
      const { alert } = indexOf(fingerprint);
      before.add({ alert, heard, state: 'firing', since, ended: null });
      if (state !== 'firing') before.add({ alert, heard, state, since, ended: null });
    },
    fingerprints: () => [...indexes.keys()],
    changes: () => joined(before.rows(), all.rows()),
  };
}

/** Columns that grow. To make them of a million rows at the end would keep everybody else waiting for a second. */
interface Columns {
  add(row: Omit<Recorded, 'fingerprint'> & { alert: number }): void;
  /** What has been added; the columns have room for more. */
  rows(): Changes;
}

function createColumns(): Columns {
  let columns = { ...withRoomFor(1_024), length: 0 };
  return {
    add({ heard, alert, state, since, ended }) {
      const at = columns.length;
      if (at === columns.heardAt.length) columns = { ...copied(columns, withRoomFor(2 * at), 0), length: at };
      columns.heardAt[at] = heard;
      columns.alert[at] = alert;
      columns.state[at] = states.indexOf(state);
      columns.since[at] = since;
      columns.endedAt[at] = ended ?? Number.NaN;
      columns.length = at + 1;
    },
    rows: () => columns,
  };
}

function withRoomFor(length: number): Changes {
  return {
    length,
    heardAt: new Float64Array(length),
    alert: new Int32Array(length),
    state: new Uint8Array(length),
    since: new Float64Array(length),
    endedAt: new Float64Array(length),
  };
}

function joined(first: Changes, second: Changes): Changes {
  const all = withRoomFor(first.length + second.length);
  return copied(second, copied(first, all, 0), first.length);
}

/** Copies the rows of `from` into `to`, where they begin at `at`. */
function copied(from: Changes, to: Changes, at: number): Changes {
  const { length } = from;
  to.heardAt.set(from.heardAt.subarray(0, length), at);
  to.alert.set(from.alert.subarray(0, length), at);
  to.state.set(from.state.subarray(0, length), at);
  to.since.set(from.since.subarray(0, length), at);
  to.endedAt.set(from.endedAt.subarray(0, length), at);
  return to;
}
