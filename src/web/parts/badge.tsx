/** How bad it is, by colour and by word. */
import type { ReactNode } from 'react';
import type {
  AlertState,
  HeartbeatState,
  Incident,
  IncidentState,
  Labels,
  Member,
  Notification,
  NotificationState,
} from '../client/types.ts';
import { type Text, useText, wordFor } from '../text/index.tsx';
import { clock } from './time.tsx';
import classes from './value.module.css';

export type Level = 'critical' | 'error' | 'warning' | 'info' | 'ok' | 'none';

export function Badge({ level, children, title }: { level: Level; children: ReactNode; title?: string }) {
  return (
    <span className={classes.badge} data-level={level} title={title}>
      {children}
    </span>
  );
}

/** From the worst to the mildest, with the other names in use. */
const known: readonly (readonly [RegExp, Level])[] = [
  [/^(critical|crit|fatal|emergency|disaster|page|p0|p1)$/i, 'critical'],
  [/^(error|err|major|high|p2)$/i, 'error'],
  [/^(warning|warn|minor|average|medium|p3)$/i, 'warning'],
  [/^(info|information|informational|notice|low|p4)$/i, 'info'],
];

function levelOf(severity: string): Level {
  return known.find(([names]) => names.test(severity))?.[1] ?? 'none';
}

function severityWord(severity: string, { severity: words }: Text): string {
  if (severity === '') return words.unset;
  return wordFor(words, severity.toLowerCase()) === severity.toLowerCase()
    ? severity
    : wordFor(words, severity.toLowerCase());
}

const order: readonly Level[] = ['critical', 'error', 'warning', 'info', 'none'];

/** The worst of an incident. Pure. */
export function severityOf(incident: Incident, text: Text): { level: Level; word: string } {
  if (incident.lane === 'watchdog' && incident.state !== 'closed')
    return { level: 'critical', word: text.now.watchdog };
  const names = Object.keys(incident.severities);
  const worst = order.flatMap((level) => names.filter((name) => levelOf(name) === level))[0];
  if (worst === undefined) return { level: 'ok', word: text.alertState.resolved };
  return { level: incident.critical ? 'critical' : levelOf(worst), word: severityWord(worst, text) };
}

export function SeverityBadge({ incident }: { incident: Incident }) {
  const { level, word } = severityOf(incident, useText());
  return (
    <Badge level={level}>
      <bdi>{word}</bdi>
    </Badge>
  );
}

/** What fires first, and of that the worst. Pure. */
export function byWeight(members: readonly Member[]): Member[] {
  const weight = ({ state, episode, labels }: Member) =>
    (state === 'firing' || episode === 0 ? 0 : 10) + order.indexOf(levelOf(labels['severity'] ?? ''));
  return [...members].sort((a, b) => weight(a) - weight(b));
}

/** That a silence hides it, or keeps those who were told of it from hearing that it is over. */
export function SilencedBadge({ silenced, firing }: { silenced: Incident['silenced']; firing: number }) {
  const text = useText();
  const { now: words } = text;
  const { alerts, ended, until } = silenced;
  if (alerts === 0 && ended === 0) return null;
  const what = alerts > 0 ? words.silenced(alerts, alerts >= firing) : words.endSilenced;
  return (
    <Badge level="none">
      {what}
      {until !== null && words.silencedUntil(clock(until, text))}
    </Badge>
  );
}

export function InhibitedBadge({
  inhibited: { alerts },
  firing,
}: {
  inhibited: Incident['inhibited'];
  firing: number;
}) {
  const { now: words } = useText();
  return alerts === 0 ? null : <Badge level="none">{words.inhibited(alerts, alerts >= firing)}</Badge>;
}

export function AlertSeverity({ labels }: { labels: Labels }) {
  const text = useText();
  const severity = labels['severity'] ?? '';
  return (
    <Badge level={levelOf(severity)}>
      <bdi>{severityWord(severity, text)}</bdi>
    </Badge>
  );
}

const alertLevels: Readonly<Record<AlertState, Level>> = {
  firing: 'error',
  resolved: 'ok',
  stale: 'warning',
  expired: 'none',
};

const incidentLevels: Readonly<Record<IncidentState, Level>> = { open: 'none', acknowledged: 'info', closed: 'ok' };

export function IncidentStateBadge({ state }: { state: IncidentState }) {
  return <Badge level={incidentLevels[state]}>{useText().incidentState[state]}</Badge>;
}

export function AlertStateBadge({ state }: { state: AlertState }) {
  return <Badge level={alertLevels[state]}>{useText().alertState[state]}</Badge>;
}

const notificationLevels: Readonly<Record<NotificationState, Level>> = {
  pending: 'info',
  sending: 'info',
  accepted: 'ok',
  cancelled: 'none',
  undeliverable: 'critical',
};

/** What the outbox took has not left the house. */
export function NotificationStateBadge({ message: { state, destination } }: { message: Notification }) {
  const text = useText();
  if (state === 'accepted' && destination.channel === 'outbox') {
    return <Badge level="none">{text.deliveries.kept}</Badge>;
  }
  return <Badge level={notificationLevels[state]}>{text.notificationState[state]}</Badge>;
}

const heartbeatLevels: Readonly<Record<HeartbeatState, Level>> = {
  ok: 'ok',
  pending: 'none',
  late: 'warning',
  lost: 'critical',
  recovering: 'info',
};

export function HeartbeatStateBadge({ state }: { state: HeartbeatState }) {
  return <Badge level={heartbeatLevels[state]}>{useText().heartbeatState[state]}</Badge>;
}
