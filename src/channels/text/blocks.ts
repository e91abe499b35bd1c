/** Which alerts of an incident a message lists, under which headings. */
import type { AlertView, MessagePart } from '../../alert/message.ts';
import { type AlertLine, type AlertRoom, alertLine, sharedLabels } from './alert-line.ts';
import type { Voice } from './headline.ts';
import { plain } from './neutral.ts';
import { isAboutSite } from './site-words.ts';
import type { Words } from './words.ts';

/** Alerts of one kind. */
export interface Block {
  heading: string;
  lines: AlertLine[];
  /** "… and N more", or null. */
  more: string | null;
}

/** The blocks of one incident, and what all its alerts share. */
export interface Listing {
  /** `name=value` */
  shared: string[];
  blocks: Block[];
}

type Headings = Record<'fresh' | 'again' | 'flapping' | 'resolved' | 'expired' | 'still', (count: number) => string>;

function headingsOf(kind: MessagePart['kind'], words: Words, aboutSites: boolean): Headings {
  const { freshHeading, againHeading, flappingHeading, resolvedHeading, expiredHeading, stillHeading } = words;
  const { firingHeading, lostHeading, backHeading } = words;
  const usual = {
    fresh: freshHeading,
    again: againHeading,
    flapping: flappingHeading,
    resolved: resolvedHeading,
    expired: expiredHeading,
    still: stillHeading,
  };
  if (kind === 'watchdog' && !aboutSites) return { ...usual, fresh: lostHeading, resolved: backHeading };
  return kind === 'summary' ? { ...usual, fresh: firingHeading } : usual;
}

function groupsOf(part: MessagePart, words: Words) {
  const { fresh, resolved, stillFiringSample, stillFiring, kind } = part;
  const aboutSites = [...fresh, ...resolved, ...stillFiringSample].every(isAboutSite);
  const headings = headingsOf(kind, words, aboutSites);
  const group = (heading: (count: number) => string, alerts: AlertView[], total = alerts.length) => ({
    heading: heading(total),
    alerts: [...alerts].sort((a, b) => Number(b.critical) - Number(a.critical)),
    total,
  });
  return [
    group(
      headings.fresh,
      fresh.filter((alert) => !alert.again && alert.flapping !== 'began'),
    ),
    group(
      headings.again,
      fresh.filter((alert) => alert.again),
    ),
    group(
      headings.flapping,
      fresh.filter((alert) => alert.flapping === 'began'),
    ),
    group(
      headings.resolved,
      resolved.filter((alert) => alert.state !== 'expired'),
    ),
    group(
      headings.expired,
      resolved.filter((alert) => alert.state === 'expired'),
    ),
    group(headings.still, stillFiringSample, Math.max(stillFiring, stillFiringSample.length)),
  ];
}

/**
 * Lists up to `room.alerts` alerts, news before the rest and critical ones first. A kind of which none can be listed is
 * left out: the headline counts it.
 * @param title name of the incident, which its alerts need not repeat
 */
export function listingOf(
  part: MessagePart,
  title: string,
  room: AlertRoom & { alerts: number },
  voice: Voice,
): Listing {
  const all = [...part.fresh, ...part.resolved, ...part.stillFiringSample];
  const shared = sharedLabels(all, part.groupLabels);
  const labels = new Set([...Object.keys(part.groupLabels), ...shared.map(([name]) => name)]);
  // The annotations of a heartbeat that came back still say that it is lost.
  const silent = { ...room, summary: 0, detail: 0 };
  const roomOf = (alert: AlertView) => (part.kind === 'watchdog' && alert.state !== 'firing' ? silent : room);
  let left = room.alerts;
  const blocks = groupsOf(part, voice.words).map(({ heading, alerts, total }) => {
    const lines = alerts.slice(0, left).map((alert) => alertLine(alert, { title, labels }, roomOf(alert), voice));
    left -= lines.length;
    const hidden = total - lines.length;
    return { heading, lines, more: hidden > 0 ? voice.words.more(hidden) : null };
  });
  return {
    shared: shared.slice(0, room.labels).map(([name, value]) => `${plain(name, 40)}=${plain(value, 80)}`),
    blocks: blocks.filter(({ lines }) => lines.length > 0),
  };
}
