/** What the alarm of a lost heartbeat says. Pure. */
import type { Alarm } from '../alert/alarm.ts';
import type { Heartbeat, Source } from '../alert/config.ts';
import { type Labels, labelsOf } from '../alert/labels.ts';
import { adviceOf, severityOf, summaryOf } from './blame-text.ts';
import type { Stream } from './streams.ts';

/** What an alarm needs to know of a stream. */
export interface AlarmFacts {
  stream: Pick<Stream, 'labels' | 'lastBeatAt' | 'resolvedAt' | 'blame'>;
  /** Null: discovered. */
  heartbeat: Pick<Heartbeat, 'name' | 'alertGroup'> | null;
  /** Null: a source that has just been deleted. */
  source: Pick<Source, 'name' | 'site' | 'labels'> | null;
  timeoutMs: number;
}

/** The alertname of every watchdog alarm. */
export const heartbeatLostAlert = 'HeartbeatLost';

/** Say nothing about who sends it: the name, and the severity `none` that such alerts carry. */
const notIdentifying = ['alertname', 'severity'];
/** The alarm's own labels; a label of the heartbeat with such a name becomes `exported_<name>`, as in Prometheus. */
const ownLabels = ['heartbeat', 'source', 'site'];

/**
 * The name of a heartbeat: the declared one, else the alertname with the labels that tell it from others, such as
 * `Watchdog{cluster="a",prometheus="mon/a"}`. Labels that the source adds are left out, so the same heartbeat has the same
 * name whichever source carries it.
 */
export function heartbeatName({ stream, heartbeat, source }: AlarmFacts): string {
  if (heartbeat !== null) return heartbeat.name;
  const added = new Set([...notIdentifying, ...Object.keys(source?.labels ?? {})]);
  const identifying = Object.entries(stream.labels).filter(([name]) => !added.has(name));
  const inner = identifying.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',');
  return `${stream.labels['alertname'] ?? 'heartbeat'}${inner === '' ? '' : `{${inner}}`}`;
}

/**
 * The alarm of one lost stream. Its labels hold all labels of the stream, so that two streams never share an alarm; it is
 * grouped by `alertname` and `heartbeat` alone (rule 11). Its severity is of the blame, which is fixed at the raise: so all
 * that is said of one loss, its end too, is about the same alarm.
 */
export function lostAlarm(facts: AlarmFacts, startsAt: Date): Alarm {
  return alarm(facts, { startsAt, endsAt: null, annotations: lostAnnotations(facts) });
}

/**
 * Its recovery. It ends at the last beat: that is stored, so whoever submits it again says the same, and it lies before
 * anything that this stream can raise later.
 */
export function recoveredAlarm(facts: AlarmFacts, startsAt: Date): Alarm {
  const endsAt = new Date(Math.max(facts.stream.lastBeatAt?.getTime() ?? 0, startsAt.getTime() + 1));
  const summary = `Heartbeat ${heartbeatName(facts)} from ${sourceText(facts)} is back`;
  const description = `It was missing since ${timeText(startsAt)} and beats again.`;
  return alarm(facts, { startsAt, endsAt, annotations: labelsOf(Object.entries({ summary, description })) });
}

/** The end of an alarm whose heartbeat is no longer watched at all. */
export function withdrawnAlarm(raised: Alarm, now: Date): Alarm {
  const summary = `Heartbeat ${raised.labels['heartbeat']} from source ${raised.labels['source']} is no longer watched`;
  const description = 'It was still missing when it was deleted or changed in Monitor Manager.';
  return { ...raised, endsAt: now, annotations: labelsOf(Object.entries({ summary, description })) };
}

function alarm(facts: AlarmFacts, what: Pick<Alarm, 'startsAt' | 'endsAt' | 'annotations'>): Alarm {
  return { labels: alarmLabels(facts), ...what, lane: 'watchdog', pinnedGroup: facts.heartbeat?.alertGroup ?? null };
}

function alarmLabels(facts: AlarmFacts): Labels {
  const inherited = Object.entries(facts.stream.labels)
    .filter(([name]) => !notIdentifying.includes(name))
    .map(([name, value]) => [ownLabels.includes(name) ? `exported_${name}` : name, value] as const);
  return labelsOf([
    ...inherited,
    ['alertname', heartbeatLostAlert],
    ['heartbeat', heartbeatName(facts)],
    ['source', facts.source?.name ?? ''],
    ['site', facts.source?.site ?? ''],
    ['severity', severityOf(facts.stream.blame)],
  ]);
}

function lostAnnotations(facts: AlarmFacts): Labels {
  const { lastBeatAt, resolvedAt, blame } = facts.stream;
  const what = `Heartbeat ${heartbeatName(facts)} from ${sourceText(facts)}`;
  const last = `the last one came at ${timeText(lastBeatAt)}`;
  const happened =
    resolvedAt === null
      ? `No beat has come for ${durationText(facts.timeoutMs)}; ${last}.`
      : `Alertmanager reports it as resolved, although it must always fire: Prometheus no longer sends it; ${last}.`;
  const named = summaryOf(blame, { what: `heartbeat ${heartbeatName(facts)}`, source: sourceText(facts) });
  const unnamed = `${what} ${resolvedAt === null ? 'is lost' : 'is lost: reported as resolved'}`;
  const description = [happened, ...unsureOf(blame), adviceOf[blame?.verdict ?? 'unknown']].join(' ');
  return labelsOf(Object.entries({ summary: named === '' ? unnamed : named, description, ...partOf(blame) }));
}

/** Every cluster may send a heartbeat of these labels. */
function unsureOf(blame: Stream['blame']): string[] {
  if (blame?.verdict !== 'unknown' || blame.names.length === 0) return [];
  return [
    `${blame.names.join(', ')} sees a heartbeat of the same labels: this one, or another that only its own site gets.`,
  ];
}

/** For whoever words it in another language. */
function partOf(blame: Stream['blame']): Record<string, string> {
  if (blame === null || blame.verdict === 'unknown') return {};
  return { part: blame.verdict, ...(blame.names.length === 0 ? {} : { part_names: blame.names.join(', ') }) };
}

function sourceText({ source }: AlarmFacts): string {
  if (source === null) return 'an unknown source';
  return source.site === '' ? `source ${source.name}` : `source ${source.name} (site ${source.site})`;
}

function timeText(at: Date | null): string {
  return at === null ? 'an unknown time' : `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** For example `1h30m` or `3m`; nothing shorter than a second. */
function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : '')).join('');
  return text === '' ? '0s' : text;
}
