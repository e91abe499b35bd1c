import type { Alarm } from '../alert/alarm.ts';
import { type Labels, labelsOf } from '../alert/labels.ts';
import type { Db } from '../store/db.ts';
import type { Trouble } from './troubles.ts';

/** Messages that have been due for this long are a backlog. */
const backlogMs = 5 * 60_000;

/** Looks for due messages that nobody has sent; a stopped queue would else go unnoticed for weeks. */
export async function checkBacklog(db: Db, now: Date): Promise<Trouble[]> {
  const rows = await db.query<{ channel: string; count: number }>(
    `select d.channel, count(*)::int as count from notification n join destination d on d.id = n.destination_id
     where n.state = 'pending' and n.next_at <= $1 group by d.channel`,
    [new Date(now.getTime() - backlogMs)],
  );
  return rows.rows.map(({ channel, count }) => ({
    name: 'DeliveryBacklog',
    labels: { channel },
    summary: `Messages by ${channel} wait for more than 5 minutes`,
    description: `${count} messages are due and have not been sent. See the failed attempts under /api/v1/notifications.`,
  }));
}

/** Messages that wait for a limit for this long are worth a look at the limit, or at what is sent. */
const heldMs = 5 * 60_000;

/**
 * Looks for destinations whose messages have waited for a rate limit for long. One alarm for a limit that many share, else
 * they would all ask for a message of their own.
 */
export async function checkRateLimits(db: Db, now: Date): Promise<Trouble[]> {
  const rows = await db.query<{ channel: string; limit: string; address: string | null; count: number }>(
    `select d.channel, n.limited_by as "limit", case when n.limited_by in ('minute', 'hour') then d.address end as address,
       count(*)::int as count
     from notification n join destination d on d.id = n.destination_id
     where n.state = 'pending' and n.limited_at <= $1 group by 1, 2, 3 order by 1, 2, 3`,
    [new Date(now.getTime() - heldMs)],
  );
  return rows.rows.map(({ channel, limit, address, count }) => ({
    name: 'DeliveryRateLimited',
    labels: { channel, limit, ...(address === null ? {} : { destination: address }) },
    summary: `Messages ${address === null ? '' : `to ${address} `}by ${channel} wait for more than 5 minutes for the limit ${limit}`,
    description: `${count} messages wait; what is new joins them. Raise the limit in the settings if the provider allows it, or tell less.`,
  }));
}

/** Nobody is told of what is new in incidents that cannot be decided. One alarm for all of them, so it names none. */
export function undecided(): Trouble {
  return {
    name: 'IncidentsUndecided',
    labels: {},
    summary: 'Some incidents cannot be decided',
    description: 'The log of the service names them and says why. They are tried again every few minutes.',
  };
}

/**
 * Looks for two sources of different sites that report the same label sets while neither adds labels of its own: what
 * are two alerts then looks like one that two sources report.
 */
export async function checkSharedLabels(db: Db): Promise<Trouble[]> {
  const rows = await db.query<{ a: string; b: string }>(
    `select a.name as a, b.name as b from source a join source b on a.name < b.name and a.site <> b.site
     where a.kind <> 'self' and b.kind <> 'self' and a.labels = '{}' and b.labels = '{}'
       and exists (select from reporter x join reporter y on y.fingerprint = x.fingerprint
         where x.source_id = a.id and y.source_id = b.id)`,
  );
  return rows.rows.map(({ a, b }) => ({
    name: 'SourcesShareLabels',
    labels: { source: a, other_source: b },
    summary: `Sources ${a} and ${b} report equal label sets from different sites`,
    description: `Give each source labels of its own (for example site), or set external_labels in Prometheus: else an alert of one hides the same alert of the other.`,
  }));
}

/** Looks for members of sources that have not answered so many polls in a row. */
export async function checkPolls(db: Db, misses: number): Promise<Trouble[]> {
  const { rows } = await db.query<{ source: string; kind: string; member: string; error: string | null }>(
    `select s.name as source, m.kind, m.member, m.error from poll_member m join source s on s.id = m.source_id
     where m.misses >= $1 order by 1, 2, 3`,
    [misses],
  );
  return rows.map(({ source, kind, member, error }) => {
    const who =
      kind === 'prometheus' ? `The Prometheus of source ${source}` : `Alertmanager ${member} of source ${source}`;
    return {
      name: 'PollFailing',
      labels: { source, ...(kind === 'prometheus' ? { polled: 'prometheus' } : { member }) },
      summary: `${who} does not answer: ${error ?? 'no answer'}`,
      description: `It is away, or the road from here to it is. Until it answers, nothing that it does not post is found.`,
    };
  });
}

interface OpenTrouble extends Record<string, unknown> {
  labels: Labels;
  since: Date;
  /** Whether what it is about is well again, although nobody has said so: that was lost on the way. */
  well: boolean;
  /** Whether it may go when nobody is told at that address any more. */
  leftover: boolean;
}

/**
 * Alarms about a destination or a source that nobody will ever end: the address was corrected, the robot or the source
 * deleted, or the end was lost. Our own alarms do not expire, so each would else remind the admins for ever.
 *
 * @param addresses every `channel address` that the configuration tells
 */
export async function pastTroubles(db: Db, now: Date, addresses: ReadonlySet<string>): Promise<Alarm[]> {
  const { rows } = await db.query<OpenTrouble>(
    `select a.labels, a.since,
       coalesce(d.last_accepted_at > greatest(a.since, d.last_failed_at), act.state = 'ok', false) as well,
       case when a.labels->>'alertname' = 'SourceQuiet' then s.id is null
         else not exists (select from notification n where n.destination_id = d.id and n.state in ('pending', 'sending'))
       end as leftover
     from alert a
     left join destination d on d.channel = a.labels->>'channel' and d.address = a.labels->>'destination'
     left join source s on s.name = a.labels->>'source'
     left join source_activity act on act.source_id = s.id
     where a.pinned_group = 'self' and a.state in ('firing', 'stale')
       and a.labels->>'alertname' in ('NotificationsFailing', 'NotificationUndeliverable', 'SourceQuiet')`,
  );
  return rows.flatMap(({ labels, since, well, leftover }) => {
    const told =
      labels['alertname'] !== 'SourceQuiet' && addresses.has(`${labels['channel']} ${labels['destination']}`);
    return well || (leftover && !told) ? [endOf(labels, since, now)] : [];
  });
}

function endOf(labels: Labels, startsAt: Date, now: Date): Alarm {
  const annotations = labelsOf([['summary', 'It is over, or what it was about is no longer configured']]);
  return {
    labels: labelsOf(Object.entries(labels)),
    annotations,
    startsAt,
    endsAt: now,
    lane: 'normal',
    pinnedGroup: 'self',
  };
}
