/** What must be true at the end of a history, computed from the history alone and compared with the rows. */
import { isActive } from '../../src/alert/time-interval.ts';
import type { Matcher } from '../../src/matcher/matcher.ts';
import { audienceOf } from '../../src/pipeline/converge/audience.ts';
import type { Arrival } from './providers.ts';
import type { World } from './world.ts';

/** A receipt as the checks see it. */
interface ToldRow {
  address: string;
  alert: string;
  episode: number;
  state: string;
}

/** Names an address: the same for an expectation and for a row. */
const keyOf = (address: string, alert: string) => `${address} <- ${alert}`;

/** Fingerprints that a silence covers now. */
function silenced({ cluster, clock, silences }: World): Set<string> {
  const now = clock.now();
  const active = silences.filter(
    (s) => s.startsAt <= now && s.endsAt > now && (s.recurs === null || isActive(s.recurs.together, now)),
  );
  const covered = [...cluster.labels].filter(([, labels]) =>
    active.some((s) => s.matchers.some((set) => set.every((m) => m.matches(labels[m.name] ?? '')))),
  );
  return new Set(covered.map(([fingerprint]) => fingerprint));
}

/** Fingerprints that another alert inhibits now, in Alertmanager's words, of those that the rows say fire. */
async function inhibited(world: World): Promise<Set<string>> {
  const labelsOf = (fingerprint: string) => world.cluster.labels.get(fingerprint) ?? {};
  const matches = (matchers: readonly Matcher[], alert: string) =>
    matchers.every((m) => m.matches(labelsOf(alert)[m.name] ?? ''));
  const sources = await firingAlerts(world);
  const covered = [...world.cluster.labels.keys()].filter((target) =>
    world.rules.some(
      (rule) =>
        matches(rule.target, target) &&
        sources.some(
          (source) =>
            matches(rule.source, source) &&
            rule.equal.every((name) => (labelsOf(source)[name] ?? '') === (labelsOf(target)[name] ?? '')) &&
            !(matches(rule.source, target) && matches(rule.target, source)),
        ),
    ),
  );
  return new Set(covered);
}

/** Fingerprints of which nobody is told now. */
async function suppressed(world: World): Promise<Set<string>> {
  return new Set([...silenced(world), ...(await inhibited(world))]);
}

/** Which alert groups an alert belongs to, by DESIGN's words: in order, the first match wins unless it continues. */
function groupsOf(world: World, fingerprint: string): World['groups'] {
  const labels = world.cluster.labels.get(fingerprint) ?? {};
  const matching = world.groups.filter((g) => g.matchers.every((m) => m.matches(labels[m.name] ?? '')));
  const last = matching.findIndex((g) => !g.continue);
  return last < 0 ? matching : matching.slice(0, last + 1);
}

/** What every destination has been told, as `address <- alert`, with the alert's own state beside it. */
export async function receipts(world: World): Promise<(ToldRow & { alertEpisode: number; alertState: string })[]> {
  const rows = await world.db.query<ToldRow & { alertEpisode: number; alertState: string }>(
    `select d.address, r.alert_fingerprint as alert, r.episode, r.state, a.episode as "alertEpisode", a.state as "alertState"
     from receipt r join destination d on d.id = r.destination_id join alert a on a.fingerprint = r.alert_fingerprint
     order by d.address, r.alert_fingerprint`,
  );
  return rows.rows.filter((row) => world.cluster.labels.has(row.alert));
}

/** Alerts that fire, as the rows say. */
export async function firingAlerts(world: World): Promise<string[]> {
  const rows = await world.db.query<{ fingerprint: string }>(
    `select fingerprint from alert where state = 'firing' order by fingerprint`,
  );
  return rows.rows.map((r) => r.fingerprint).filter((f) => world.cluster.labels.has(f));
}

/** Members that came later to an acknowledged incident: no change and no repeat tells them (rules 7 and 8). */
async function newcomers(world: World): Promise<Set<string>> {
  const rows = await world.db.query<{ address: string; alert: string; group_id: number }>(
    `select d.address, ia.alert_fingerprint as alert, i.group_id
     from incident i join incident_alert ia on ia.incident_id = i.id and ia.left_at is null cross join destination d
     left join thread h on h.incident_id = i.id and h.destination_id = d.id
     where i.closed_at is null and i.acknowledged_at is not null and (h.incident_id is null or h.joined_at is not null)`,
  );
  return new Set(rows.rows.map((r) => `${r.group_id} ${keyOf(r.address, r.alert)}`));
}

/** Everything that is owed at the end and has not been said: empty when the receipts equal the truth. */
export async function untold(world: World): Promise<string[]> {
  const quiet = await suppressed(world);
  const known = new Map((await receipts(world)).map((r) => [keyOf(r.address, r.alert), r]));
  const excused = await newcomers(world);
  const configured = new Set(world.providers.channels.keys());
  const owed: string[] = [];
  for (const alert of world.cluster.firing()) {
    if (quiet.has(alert)) continue;
    for (const group of groupsOf(world, alert)) {
      for (const { address } of audienceOf(group, configured, world.clock.now(), 0)) {
        const key = keyOf(address, alert);
        const receipt = known.get(key);
        // A pause that does not count leaves the receipt of the episode before it.
        const same = group.policy.keepFiringForMs > 0 || receipt?.episode === receipt?.alertEpisode;
        const told = receipt !== undefined && same && receipt.state !== 'resolved';
        if (!told && !excused.has(`${group.id} ${key}`)) owed.push(`${key} fires: ${JSON.stringify(receipt)}`);
      }
    }
  }
  return owed;
}

/** Destinations that believe that an alert fires which has ended. */
export async function deceived(world: World): Promise<string[]> {
  const [quiet, firing] = [await suppressed(world), world.cluster.firing()];
  return (await receipts(world))
    .filter((r) => r.state === 'firing' && !firing.has(r.alert) && !quiet.has(r.alert))
    .map((r) => `${keyOf(r.address, r.alert)} has ended: ${JSON.stringify(r)}`);
}

/** News that a destination got twice, except messages whose fate was unknown and that came again byte for byte. */
export function toldTwice(arrivals: readonly Arrival[], doubtful: ReadonlySet<string>): string[] {
  const twice: string[] = [];
  const messages = new Map<string, Arrival>();
  const news = new Map<string, string>();
  for (const arrival of arrivals) {
    const name = `${arrival.address} ${arrival.messageId}`;
    const before = messages.get(name);
    if (before !== undefined && (before.bytes !== arrival.bytes || !doubtful.has(arrival.messageId))) {
      twice.push(`${name} came again${before.bytes === arrival.bytes ? '' : ' with other bytes'}`);
    }
    messages.set(name, arrival);
    for (const told of arrival.told) {
      const what = `${arrival.address} ${told.join(' ')}`;
      const by = news.get(what);
      if (by !== undefined && by !== arrival.messageId) twice.push(`${what} by ${by} and by ${arrival.messageId}`);
      news.set(what, arrival.messageId);
    }
  }
  return twice;
}

/** Conversations with more than one unfinished notification (rule 5). */
export async function crowded({ db }: World): Promise<unknown[]> {
  const rows = await db.query(
    `select incident_id, destination_id, count(*) from notification where state in ('pending', 'sending')
     group by 1, 2 having count(*) > 1`,
  );
  return rows.rows;
}

/** Everything that is unfinished, and every attempt without a notification that owns it. */
export async function unfinished({ db }: World): Promise<unknown[]> {
  const rows = await db.query(
    `select id, state, reason, next_at from notification where state in ('pending', 'sending')`,
  );
  return rows.rows;
}
