/** Notices among what is sent to a destination: they belong to no incident, so each is a message of its own. */
import type { Snapshot } from '../../alert/config.ts';
import type { Message } from '../../alert/message.ts';
import type { Notice } from '../../alert/notice.ts';
import type { Reason } from '../../alert/reason.ts';
import type { Channel } from '../../channels/channel.ts';
import type { Queryable } from '../../store/db.ts';
import type { Members } from '../converge/destinations.ts';
import { stillHolds } from '../notice/due.ts';
import { saveBuckets } from './allowance.ts';
import { messageIdOf, type Sender, threadIdOf } from './compose.ts';
import { afterTaking, allowanceOf, type Held, isLimited, waitFor } from './limits.ts';
import type { DestinationRow, Frozen } from './rows.ts';

/** A notice that waits to be claimed. */
export interface PendingNotice {
  id: string;
  noticeId: string;
  notice: Notice;
}

/** Notices that may be sent now, the oldest first; none while the destination backs off. */
export async function pendingNotices(
  tx: Queryable,
  destination: DestinationRow,
  now: Date,
  limit: number,
): Promise<PendingNotice[]> {
  if (destination.retryAt !== null && destination.retryAt > now) return [];
  const { rows } = await tx.query<PendingNotice & Record<string, unknown>>(
    `select n.id, n.notice_id as "noticeId", o.facts as notice from notification n join notice o on o.id = n.notice_id
     where n.destination_id = $1 and n.state = 'pending' and n.next_at <= $2 order by n.id limit $3`,
    [destination.id, now, limit],
  );
  return rows;
}

/** What tells whether a notice is still to be sent to a destination. */
interface Present {
  snapshot: Pick<Snapshot, 'silences' | 'dailyMessages'>;
  members: Pick<Members, 'reached'>;
  destinationId: number;
  now: Date;
}

/** Ends those that say what is no longer so, or are no longer for this destination, and returns the others. */
export async function dropOutdated(
  tx: Queryable,
  pending: readonly PendingNotice[],
  present: Present,
): Promise<PendingNotice[]> {
  const looked = pending.map((one) => ({ one, reason: endOf(one.notice, present) }));
  const outdated = looked.filter(({ reason }) => reason !== null);
  if (outdated.length > 0) {
    await tx.query(
      `update notification n set state = 'cancelled', reason = t.reason, finished_at = $3, next_at = null
       from unnest($1::bigint[], $2::text[]) as t (id, reason) where n.id = t.id and n.state = 'pending'`,
      [outdated.map(({ one }) => one.id), outdated.map(({ reason }) => reason), present.now],
    );
  }
  return looked.filter(({ reason }) => reason === null).map(({ one }) => one);
}

function endOf(notice: Notice, { snapshot, members, destinationId, now }: Present): Reason | null {
  if (!stillHolds(notice, snapshot.silences, now)) return 'nothing_new';
  if (notice.kind !== 'daily_message') return null;
  // It may have waited for hours, and somebody may have been taken out of it meanwhile.
  const message = snapshot.dailyMessages.find(({ name }) => name === notice.name);
  return message !== undefined && members.reached(message).includes(destinationId) ? null : 'not_a_member';
}

interface Saying {
  sender: Sender;
  channel: Channel;
  destination: DestinationRow;
  /** What incidents have left. */
  buckets: readonly Held[];
  now: Date;
}

/** Words as many as the rate allows after what incidents have to say; the others wait. */
export async function wordNotices(tx: Queryable, pending: readonly PendingNotice[], say: Saying): Promise<Frozen[]> {
  const { channel, destination, buckets, now, sender } = say;
  if (pending.length === 0) return [];
  const { tokens, reserved } = allowanceOf(buckets, now);
  const some = pending.slice(0, tokens === null ? pending.length : Math.max(0, tokens - reserved));
  const left = afterTaking(buckets, some.length, now);
  if (isLimited(left)) {
    const wait = waitFor(left, false, now);
    const waiting = pending.slice(some.length).map(({ id }) => ({ id, ...wait }));
    await saveBuckets(tx, destination.id, left, waiting, now);
  }
  return some.map(({ id, noticeId, notice }): Frozen => {
    const message = messageOf({ noticeId, notice }, destination, sender, now);
    return { carrier: { id }, carried: [], messageId: message.messageId, told: [], content: channel.render(message) };
  });
}

function messageOf(
  { noticeId, notice }: Pick<PendingNotice, 'noticeId' | 'notice'>,
  { channel, address, locale, timezone }: DestinationRow,
  { mailDomain, site, externalUrl }: Sender,
  now: Date,
): Message {
  const to = `${channel} ${address}`;
  return {
    messageId: messageIdOf(to, `notice ${noticeId}`, 1, mailDomain),
    threadId: threadIdOf(to, subjectOf(notice), mailDomain),
    ...{ parts: [], notice, occasion: null, locale, timezone, site, externalUrl, sentAt: now },
  };
}

/** What is said of one silence, of one schedule, of the storms of one alert group, or day by day, is one thread. */
function subjectOf(notice: Notice): string {
  if (notice.kind === 'hand_over') return `on call ${notice.schedule}`;
  if (notice.kind === 'daily_message') return `daily ${notice.name}`;
  if (notice.kind === 'storm_over') return `storms of ${notice.group}`;
  return `silence ${notice.silence.id}`;
}
