import type { Alarm, Submit } from '../../alert/alarm.ts';
import { labelsOf } from '../../alert/labels.ts';
import type { Channel } from '../../channels/channel.ts';
import { DeliveryError } from '../../channels/channel.ts';
import type { Clock } from '../../clock.ts';
import { claim, type DeliverParts, leaseMs } from './claim.ts';
import { type Recorded, recordAccepted, recordFailure } from './record.ts';
import type { Claimed } from './rows.ts';

/** What the deliver stage needs besides its rows. */
export interface DelivererParts extends DeliverParts {
  clock: Clock;
  submit: Submit;
  /** Called once per attempt; counts. `waitedMs`: from when it was due until it was accepted. */
  onResult: (claimed: Claimed, result: { error: DeliveryError | null; waitedMs: number | null }) => void;
  /** Something that is not a delivery error: a bug or a lost database. */
  onFault: (error: unknown, claimed: Claimed) => void;
  /** Incidents to look at again. */
  onDue: (incidentIds: readonly string[]) => void;
}

/** After so many failures in a row of one destination the admins are told, although it is tried further. */
const failuresUntilAlarm = 3;

/**
 * Sends some of what is due to one destination; safe to run anywhere, any number of times at once.
 * @returns false when nothing was due
 */
export async function deliver(parts: DelivererParts, destinationId: number): Promise<boolean> {
  const claimedAt = performance.now();
  const claimed = await claim(parts, destinationId, parts.clock.now());
  if (claimed === null) return false;
  await Promise.all(claimed.map((c) => attempt(parts, c, claimedAt)));
  return true;
}

async function attempt(parts: DelivererParts, claimed: Claimed, claimedAt: number): Promise<void> {
  // A process that was stopped for so long may have lost its lease: it must look again before it says anything.
  if (performance.now() - claimedAt > leaseMs / 2) return;
  const channel = parts.channels.get(claimed.destination.channel) as Channel;
  try {
    const answer = await channel.send(claimed.content, {
      address: claimed.destination.address,
      messageId: claimed.messageId,
      repeat: claimed.repeat,
    });
    const recorded = await recordAccepted(parts.db, claimed, answer, parts.clock.now());
    const waitedMs = recorded.dueSince && parts.clock.now().getTime() - recorded.dueSince.getTime();
    parts.onResult(claimed, { error: null, waitedMs });
    parts.onDue(recorded.incidents);
    if (recorded.recovered) await parts.submit(troubles.map((t) => alarmOf(t, claimed, null, parts.clock.now())));
  } catch (error) {
    await failed(parts, claimed, error);
  }
}

async function failed(parts: DelivererParts, claimed: Claimed, error: unknown): Promise<void> {
  // Anything else leaves the row in `sending`: its lease runs out, and the same bytes go once more.
  if (!(error instanceof DeliveryError)) return parts.onFault(error, claimed);
  try {
    const at = { now: parts.clock.now(), leaseOffsetMs: parts.leaseOffsetMs() };
    const recorded = await recordFailure(parts.db, claimed, error, at);
    parts.onResult(claimed, { error, waitedMs: null });
    parts.onDue(recorded.incidents);
    await alarm(parts, claimed, error, recorded);
  } catch (fault) {
    parts.onFault(fault, claimed);
  }
}

/** Our own trouble is an alert too (rule 14). */
async function alarm(parts: DelivererParts, claimed: Claimed, error: DeliveryError, recorded: Recorded): Promise<void> {
  const now = parts.clock.now();
  if (error.kind === 'permanent') await parts.submit([alarmOf('NotificationUndeliverable', claimed, error, now)]);
  else if (error.kind === 'config' || recorded.failures >= failuresUntilAlarm) {
    await parts.submit([alarmOf('NotificationsFailing', claimed, error, now)]);
  }
}

/** The two alarms about a destination; both end with the next message that it accepts. */
const troubles = ['NotificationsFailing', 'NotificationUndeliverable'] as const;

function alarmOf(
  alertname: (typeof troubles)[number],
  claimed: Claimed,
  error: DeliveryError | null,
  now: Date,
): Alarm {
  const { channel, address } = claimed.destination;
  const what =
    alertname === 'NotificationsFailing' ? 'fail and are tried again' : 'cannot be delivered and are given up';
  const labels = { alertname, channel, destination: address, severity: 'warning' };
  const annotations = {
    summary: `Messages to ${address} by ${channel} ${what}`,
    ...(error === null ? {} : { description: [error.answer, error.remedy].filter(Boolean).join('. ') }),
  };
  return {
    labels: labelsOf(Object.entries(labels)),
    annotations: labelsOf(Object.entries(annotations)),
    startsAt: now,
    endsAt: error === null ? now : null,
    lane: 'normal',
    pinnedGroup: 'self',
  };
}
