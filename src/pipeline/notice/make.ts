/** Makes the notices that are due; from there they are notifications like any other. */
import type { AlertGroup, Snapshot } from '../../alert/config.ts';
import type { Notice } from '../../alert/notice.ts';
import { formatMatchers } from '../../matcher/format.ts';
import type { Matcher } from '../../matcher/matcher.ts';
import type { Db, Queryable } from '../../store/db.ts';
import type { Members } from '../converge/destinations.ts';
import { loadStorms } from '../converge/storms.ts';
import { dueDailies } from './daily.ts';
import type { DailyParts } from './daily-facts.ts';
import { type DueNotice, dueNotices } from './due.ts';
import { firingBehind, firingIn } from './firing.ts';
import { type DueHandOver, dueHandOvers } from './hand-over.ts';
import { makeDailies } from './make-dailies.ts';
import { type Made, saveNotices } from './save.ts';
import { endingIn, findState } from './state.ts';
import { type DueStormEnd, dueStormEnds, stormyGroups, waitingForEnd } from './storm.ts';

/** What making them needs. */
export interface NoticeParts {
  db: Db;
  snapshot: () => Promise<Snapshot>;
  members: (snapshot: Snapshot) => Promise<Members>;
  critical: readonly Matcher[];
  daily: DailyParts;
  /** A daily message that is due could not be made; it is tried again the next time. */
  onUnmade: (error: unknown, name: string) => void;
}

type Addressed = Members['addressed'];

/** Makes each notice that is due once, whoever else is at it too. Returns the destinations that have something to be sent. */
export async function makeNotices(parts: NoticeParts, now: Date): Promise<number[]> {
  const snapshot = await parts.snapshot();
  const stormy = stormyGroups(snapshot);
  const storms = stormy.length === 0 ? new Map() : await loadStorms(parts.db, ids(stormy));
  const due = {
    silences: dueNotices(snapshot, now),
    handOvers: dueHandOvers(snapshot, now),
    stormEnds: dueStormEnds(stormy, storms, now),
    dailies: dueDailies(snapshot, now),
  };
  const known = await keysMade(parts.db, Object.values(due).flat());
  const unmade = <T extends { key: string }>(some: readonly T[]) => some.filter(({ key }) => !known.has(key));
  const { addressed, reached } = await parts.members(snapshot);
  const made = [
    ...(await silenceNotices(parts, unmade(due.silences), addressed)),
    ...(await cards(parts, unmade(due.handOvers), { addressed, silences: snapshot.silences, now })),
    ...(await stormEnds(parts, unmade(due.stormEnds))),
  ];
  const saved = await saveNotices(parts.db, made, now);
  // Last and apart: they ask much of the database and of other features, and whoever comes on call must not wait for that.
  const dailies = await makeDailies(parts, unmade(due.dailies), { snapshot, reached, now });
  return [...new Set([...saved, ...dailies])];
}

async function keysMade(db: Queryable, due: readonly { key: string }[]): Promise<Set<string>> {
  if (due.length === 0) return new Set();
  const { rows } = await db.query<{ key: string }>('select key from notice where key = any($1::text[])', [
    due.map((d) => d.key),
  ]);
  return new Set(rows.map((row) => row.key));
}

async function silenceNotices(
  { db, critical }: NoticeParts,
  due: readonly DueNotice[],
  addressed: Addressed,
): Promise<Made[]> {
  if (due.length === 0) return [];
  const silences = due.map((d) => d.silence);
  const firing = await firingBehind(db, silences, critical);
  return due.map(({ key, kind, silence }): Made => {
    const { id, comment, matchers, endsAt, notify } = silence;
    const fires = firing.get(id) ?? { total: 0, listed: [] };
    const about = { id, comment, matchers: matchers.map(formatted), endsAt: endsAt.toISOString() };
    // Nothing fires any more: nobody has to be told.
    const to = kind === 'silence_ended' && fires.total === 0 ? [] : notify;
    return { key, notice: { kind, silence: about, firing: fires }, to: addressed(to) };
  });
}

const formatted = (set: readonly Matcher[]) => formatMatchers(set);

async function cards(
  { db, critical }: NoticeParts,
  due: readonly DueHandOver[],
  { addressed, silences, now }: { addressed: Addressed; silences: Snapshot['silences']; now: Date },
): Promise<Made[]> {
  const made: Made[] = [];
  for (const { key, schedule, groups, to, after, until } of due) {
    const found = await findState(db, groups, { critical, now });
    const shift = { schedule: schedule.name, after, until: until?.toISOString() ?? null };
    const notice: Notice = { kind: 'hand_over', ...shift, ...found, silences: endingIn(silences, now, until) };
    made.push({ key, notice, to: addressed([to]) });
  }
  return made;
}

/** Those whose last message of the storm has said that it is over need no other. */
async function stormEnds({ db, critical }: NoticeParts, due: readonly DueStormEnd[]): Promise<Made[]> {
  if (due.length === 0) return [];
  const waiting = await waitingForEnd(db, due);
  const firing = await firingIn(db, ids(due.map((end) => end.group)), critical);
  return due.map(({ key, group, beganAt, endedAt, alerts }): Made => {
    const lasted = { since: beganAt.toISOString(), until: endedAt.toISOString() };
    const fires = firing.get(group.id) ?? { total: 0, listed: [] };
    const notice: Notice = { kind: 'storm_over', group: group.name, ...lasted, alerts, firing: fires };
    return { key, notice, to: waiting.get(key) ?? [] };
  });
}

const ids = (groups: readonly AlertGroup[]) => groups.map((group) => group.id);
