/** The noise report: where messages came from, and what would make it quieter. */
import type { AlertGroup } from '../alert/config.ts';
import { matchesAll } from '../matcher/compile.ts';
import type { Matcher } from '../matcher/matcher.ts';
import type { Queryable } from '../store/db.ts';
import { type Alike, type Came, loadCame, loadOpenings, loadQuick, loadTold, type Name, type Told } from './load.ts';
import { type Facts, type Lasted, type Proposal, propose, type Quick, sensibleForMs } from './propose.ts';

/** An alert group as it is stored, and what its policy says. */
export interface NoisyGroup extends Pick<AlertGroup, 'id' | 'name' | 'builtin' | 'policy'> {
  /** `apply` manages it, and nobody has unlocked it. */
  managed: boolean;
  /** As an edit would send it. */
  body: Readonly<Record<string, unknown>>;
}

/** What the report goes by. */
export interface Known {
  /** Those that are there now. */
  groups: readonly NoisyGroup[];
  /** An alert that matches all of these is critical. */
  critical: readonly Matcher[];
}

/** One alert name in one alert group. */
export interface NoiseRow extends Told, Omit<Came, 'lasted'> {
  group: NoisyGroup;
  proposals: Proposal[];
}

/** What made most messages since `from`, most first. @param db a transaction: it may sort in memory what does not fit there usually */
export async function readNoise(db: Queryable, known: Known, from: Date): Promise<NoiseRow[]> {
  await db.query(`set local work_mem = '32MB'`);
  const groups = new Map(known.groups.map((group) => [group.id, group]));
  const told = await loadTold(db, from, [...groups.keys()]);
  if (told.length === 0) return [];
  const loaded = await load(db, { from, told, groups, critical: known.critical });
  return told.flatMap((row) => {
    const group = groups.get(row.groupId);
    if (group === undefined) return [];
    const { lasted, ...times } = loaded.came.get(keyOf(row)) ?? never(row);
    // What began before makes reminders and ends only, and no proposal can come of it.
    if (times.episodes === 0) return [];
    const proposals = propose({ policy: group.policy, lasted, ...loaded.factsOf(row) });
    return { ...row, ...times, group, proposals };
  });
}

interface Loaded {
  came: ReadonlyMap<string, Came>;
  factsOf(name: Name): Omit<Facts, 'policy' | 'lasted'>;
}

interface Asked extends Pick<Known, 'critical'> {
  from: Date;
  told: readonly Told[];
  groups: ReadonlyMap<number, NoisyGroup>;
}

async function load(db: Queryable, { from, told, groups, critical }: Asked): Promise<Loaded> {
  const waitsMs = new Map([...groups].map(([id, { policy }]) => [id, Math.max(policy.forMs, policy.groupWaitMs)]));
  const asked = { from, names: told, waitsMs, decisive: [...new Set(critical.map(({ name }) => name))] };
  const came = await loadCame(db, asked);
  const quick = await loadQuick(db, asked);
  const splits = ({ groupId }: Name) => groups.get(groupId)?.policy.groupBy.some((name) => name !== 'alertname');
  const openings = await loadOpenings(db, from, told.filter(splits));
  const quickByName = new Map(quick.names.map((one) => [keyOf(one), one]));
  const ofCritical = <T>(all: readonly Alike<T>[], id: number) =>
    all.filter(({ groupId, labels }) => groupId === id && matchesAll(critical, labels)).map(({ facts }) => facts);
  return {
    came: new Map(came.names.map((one) => [keyOf(one), one])),
    factsOf: (name) => ({
      quick: quickByName.get(keyOf(name)) ?? calm,
      criticals: {
        lasted: ofCritical(came.alike, name.groupId).reduce(plusLasted, neverLasted),
        quick: ofCritical(quick.alike, name.groupId).reduce(plusQuick, calm),
      },
      openings: openings.filter((one) => keyOf(one) === keyOf(name)),
    }),
  };
}

const keyOf = ({ groupId, alertname }: Name) => `${groupId} ${alertname}`;

const calm: Quick = { changes: 0, begins: 0, alerts: 0 };
const neverLasted: Lasted = { told: 0, shorter: sensibleForMs.map(() => 0) };

/** Told of, and all that it did lies before. */
function never({ groupId, alertname }: Name): Came {
  return { groupId, alertname, episodes: 0, ended: 0, medianMs: null, short: 0, lasted: neverLasted };
}

function plusLasted(a: Lasted, b: Lasted): Lasted {
  return { told: a.told + b.told, shorter: a.shorter.map((n, i) => n + (b.shorter[i] ?? 0)) };
}

function plusQuick(a: Quick, b: Quick): Quick {
  return { changes: a.changes + b.changes, begins: a.begins + b.begins, alerts: a.alerts + b.alerts };
}
