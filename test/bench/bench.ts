/**
 * What one machine takes in, how fast a mail follows, what it costs to hold 100,000 alerts: the three deployments beside an
 * Alertmanager, in one run, the load generator on the same cores. Machines are noisy, so each is loaded in short bursts,
 * by turns with an Alertmanager that holds as much, and the medians are compared. `MM_BENCH_SHORT=1` takes half of the
 * time, `MM_BENCH_ONLY` names one subject, `MM_BENCH_NODE_ARGS` is for node, such as `--cpu-prof --cpu-prof-dir=profiles`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { bodyOf, type Common } from './alerts.ts';
import { percentiles, type RunResult, runLoad } from './client.ts';
import { latencyJob, quietJob, residentMiB, type Subject, startAlertmanagerSubject, subjects } from './subjects.ts';

const short = process.env['MM_BENCH_SHORT'] === '1';
const only = process.env['MM_BENCH_ONLY'];
const latencyMails = short ? 40 : 200;
const heldAlerts = 100_000;
const rounds = short ? 3 : 5;
/**
 * First reports, as groups of an Alertmanager that are as new as their alerts, by how many a group has; in the last line
 * each group grows, and says each time all that it has. What can be taken in shows only where there is always something
 * to do, so over many connections; the first line is what comes of fewer.
 */
const intakes = [
  { what: 'first reports/s, groups of 1', groupOf: 1, growsBy: 1, connections: 64, burst: 6_000 },
  { what: 'first reports/s, groups of 1', groupOf: 1, growsBy: 1, connections: 256, burst: 6_000 },
  { what: 'first reports/s, groups of 10', groupOf: 10, growsBy: 10, connections: 128, burst: 12_000 },
  { what: 'first reports/s, groups of 100', groupOf: 100, growsBy: 100, connections: 32, burst: 20_000 },
  { what: 'alerts/s of groups that grow by 10 to 100', groupOf: 100, growsBy: 10, connections: 32, burst: 4_000 },
] as const;
const repeatsBurst = 20_000;
/** Alerts that wait to be told when memory is looked at. */
const waitingAlerts = repeatsBurst + intakes.reduce((sum, { burst }) => sum + burst * rounds, 0);
/** Numbers of alerts, apart from each other. */
const first = { held: 0, latency: 10_000_000, repeats: 20_000_000, intake: 40_000_000 };

/** One kind of load: the medians of its bursts. */
interface Measured extends RunResult {
  /** Seconds of CPU that 100,000 alerts cost: a figure that a busy machine does not change. */
  cpuPer100k: number;
  /** Its rate as a share of that of the Alertmanager beside it. */
  share: number;
}

/** One column of the table. */
interface Figures {
  name: string;
  latency: { p50Ms: number; p99Ms: number };
  intakes: Measured[];
  repeats: Measured;
  walPerNew: number | null;
  walPerRepeat: number | null;
  heldMiB: number;
  peakMiB: number;
}

async function measure(name: string, subject: Subject, beside: Subject, smtp: SmtpServer): Promise<Figures> {
  const latency = await measureLatency(subject, smtp);
  const taken: Measured[] = [];
  let next = first.intake;
  for (const { burst, ...how } of intakes) {
    const from = next;
    next += burst * rounds;
    const run = (one: Subject, round: number) =>
      load(one, { ...how, numbers: range(from + round * burst, burst), common: quiet });
    taken.push(await byTurns(subject, beside, run));
  }
  const repeats = await measureRepeats(subject, beside);
  await hold(subject);
  const peakMiB = residentMiB(subject.pid);
  await rest(subject);
  return { name, latency, intakes: taken, ...repeats, heldMiB: residentMiB(subject.pid), peakMiB };
}

const quiet: Common = { job: quietJob, startsAt: new Date().toISOString() };

/** Fills a subject with alerts that are told after their `group_wait`. */
async function hold(subject: Subject): Promise<void> {
  const common = { job: 'bench', startsAt: new Date().toISOString() };
  await load(subject, { connections: 16, numbers: range(first.held, heldAlerts), groupOf: 100, common });
}

/** Until all groups have been told once, and nothing is left to do. */
async function rest(subject: Subject): Promise<void> {
  const afterGroupWait = Date.now() + 30_000;
  const idle = async () => {
    const before = await subject.cpuSeconds();
    await pause(2_000);
    return Date.now() > afterGroupWait && (await subject.cpuSeconds()) - before < 0.2;
  };
  await eventually(idle, { timeoutMs: 240_000, everyMs: 100, describe: () => 'the service to come to rest' });
}

async function measureRepeats(
  subject: Subject,
  beside: Subject,
): Promise<Pick<Figures, 'repeats' | 'walPerNew' | 'walPerRepeat'>> {
  const run = (one: Subject) =>
    load(one, { connections: 16, numbers: range(first.repeats, repeatsBurst), groupOf: 100, common: quiet });
  const wal = [await subject.walBytes()];
  for (const one of [subject, beside]) await run(one);
  wal.push(await subject.walBytes());
  const repeats = await byTurns(subject, beside, run);
  wal.push(await subject.walBytes());
  const [before, between, after] = wal;
  const per = (from: number | null | undefined, to: number | null | undefined, alerts: number) =>
    typeof from === 'number' && typeof to === 'number' ? (to - from) / alerts : null;
  return {
    repeats,
    walPerNew: per(before, between, repeatsBurst),
    walPerRepeat: per(between, after, repeatsBurst * rounds),
  };
}

/** Loads both by turns; the medians are those of the first. */
async function byTurns(
  subject: Subject,
  beside: Subject,
  run: (one: Subject, round: number) => Promise<RunResult>,
): Promise<Measured> {
  const mine: RunResult[] = [];
  const theirs: RunResult[] = [];
  let cpuSeconds = 0;
  const loadMine = async (round: number) => {
    const before = await subject.cpuSeconds();
    mine.push(await run(subject, round));
    cpuSeconds += (await subject.cpuSeconds()) - before;
  };
  const loadTheirs = async (round: number) => {
    theirs.push(await run(beside, round));
  };
  for (let round = 0; round < rounds; round++) {
    // Whoever comes second may find the other one still busy with what it was given.
    for (const turn of round % 2 === 0 ? [loadTheirs, loadMine] : [loadMine, loadTheirs]) await turn(round);
  }
  const sum = (of: (r: RunResult) => number) => mine.reduce((all, r) => all + of(r), 0);
  const alertsPerSecond = median(mine.map((r) => r.alertsPerSecond));
  return {
    ...{ requests: sum((r) => r.requests), alerts: sum((r) => r.alerts), refused: sum((r) => r.refused) },
    ...{ alertsPerSecond, share: alertsPerSecond / median(theirs.map((r) => r.alertsPerSecond)) },
    ...{ p50Ms: median(mine.map((r) => r.p50Ms)), p99Ms: median(mine.map((r) => r.p99Ms)) },
    maxMs: Math.max(...mine.map((r) => r.maxMs)),
    cpuPer100k: (cpuSeconds / sum((r) => r.alerts)) * 100_000,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

interface Range {
  from: number;
  to: number;
}

/** What a subject is loaded with. */
interface Load {
  connections: number;
  numbers: Range;
  groupOf: number;
  /** With how many alerts a group begins, and by how many it grows; all at once without it. */
  growsBy?: number;
  common: Common;
}

function load(
  { url, path, headers, form }: Subject,
  { numbers, groupOf, growsBy = groupOf, common, connections }: Load,
): Promise<RunResult> {
  let group = numbers.from;
  let alerts = growsBy;
  const nextBody = () => {
    if (group >= numbers.to) {
      group = numbers.from;
      alerts += growsBy;
    }
    if (alerts > groupOf) return null;
    const text = bodyOf(form, group, alerts, common);
    group += groupOf;
    return { text, alerts };
  };
  return runLoad({ url, path, headers, connections, nextBody, durationMs: 120_000 });
}

function range(from: number, count: number): Range {
  return { from, to: from + count };
}

/** From the post of an alert that nothing holds back to its mail at the mail server, at 20 alerts a second. */
async function measureLatency(subject: Subject, smtp: SmtpServer): Promise<{ p50Ms: number; p99Ms: number }> {
  const sentAt: number[] = [];
  smtp.clear();
  for (let i = 0; i < latencyMails; i++) {
    sentAt.push(Date.now());
    const common = { job: latencyJob, startsAt: new Date().toISOString() };
    await load(subject, { connections: 1, numbers: range(first.latency + i, 1), groupOf: 1, common });
    await pause(50);
  }
  const arrived = () => {
    const times = new Map<number, number>();
    for (const mail of smtp.mails) {
      for (const found of `${mail.subject} ${mail.text} ${mail.html}`.matchAll(/\b1000\d{4}\b/g)) {
        const i = Number(found[0]) - first.latency;
        if (!times.has(i)) times.set(i, mail.receivedAt.getTime() - (sentAt[i] ?? 0));
      }
    }
    return times;
  };
  await eventually(() => arrived().size >= latencyMails, {
    timeoutMs: 60_000,
    everyMs: 500,
    describe: () => `${latencyMails} mails (${arrived().size} came)`,
  });
  return percentiles([...arrived().values()]);
}

const columns: readonly { title: string; of: (f: Figures) => string }[] = [
  ...intakes.flatMap(({ what, connections }, i) => rowsOf(`${what}, ${connections} connections`, (f) => f.intakes[i])),
  ...rowsOf('unchanged repeats/s, groups of 100, 16 connections', (f) => f.repeats),
  { title: 'WAL bytes per new alert', of: (f) => (f.walPerNew === null ? '-' : whole(f.walPerNew)) },
  { title: 'WAL bytes per unchanged alert', of: (f) => (f.walPerRepeat === null ? '-' : f.walPerRepeat.toFixed(1)) },
  { title: 'webhook to mail p50 / p99 ms', of: (f) => `${ms(f.latency.p50Ms)} / ${ms(f.latency.p99Ms)}` },
  {
    title: `MiB resident, ${whole(heldAlerts)} alerts told, ${whole(waitingAlerts)} waiting`,
    of: (f) => `${whole(f.heldMiB)} (after the load ${whole(f.peakMiB)})`,
  },
];

function rowsOf(title: string, measured: (f: Figures) => Measured | undefined) {
  const row = (name: string, of: (m: Measured) => string) => ({
    title: name,
    of: (f: Figures) => {
      const found = measured(f);
      return found === undefined ? '-' : of(found);
    },
  });
  return [
    row(title, (m) => `${whole(m.alertsPerSecond)} (x${m.share.toFixed(2)})`),
    row('  answer p50 / p99 / max ms', (m) => `${ms(m.p50Ms)} / ${ms(m.p99Ms)} / ${ms(m.maxMs)}`),
    row('  CPU seconds per 100,000 alerts', (m) => m.cpuPer100k.toFixed(1)),
    row('  answers that were not 2xx', (m) => whole(m.refused)),
  ];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function printTable(all: readonly Figures[]): void {
  const widths = [58, ...all.map((f) => Math.max(f.name.length, 24))];
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 24)).join('  ');
  console.log(line(['', ...all.map((f) => f.name)]));
  for (const { title, of } of columns) console.log(line([title, ...all.map(of)]));
  console.log(
    'x: of the rate of an Alertmanager that is loaded by turns with it; that of the first column says how far noise goes.',
  );
}

const smtp = await startSmtp();
try {
  const all: Figures[] = [];
  for (const { name, start } of subjects) {
    if (only !== undefined && !name.startsWith(only)) continue;
    console.log(`${new Date().toISOString().slice(11, 19)} ${name}`);
    const subject = await start(smtp.url);
    const beside = await startAlertmanagerSubject(smtp.url);
    try {
      all.push(await measure(name, subject, beside, smtp));
    } finally {
      await beside.stop();
      await subject.stop();
    }
  }
  printTable(all);
} finally {
  await smtp.stop();
}
