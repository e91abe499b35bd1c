/**
 * What one machine takes in, how fast a mail follows, what it costs to hold 100,000 alerts: the three deployments beside an
 * Alertmanager, in one run, the load generator on the same cores. `MM_BENCH_SHORT=1` takes a third of the time,
 * `MM_BENCH_ONLY` names one subject, `MM_BENCH_NODE_ARGS` is for node, such as `--cpu-prof --cpu-prof-dir=profiles`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type SmtpServer, startSmtp } from '../support/smtp.ts';
import { eventually } from '../support/wait.ts';
import { bodyOf, type Common, type Form } from './alerts.ts';
import { percentiles, type RunResult, runLoad } from './client.ts';
import { latencyJob, quietJob, residentMiB, type Subject, subjects } from './subjects.ts';

const short = process.env['MM_BENCH_SHORT'] === '1';
const only = process.env['MM_BENCH_ONLY'];
const intakeMs = 10_000;
/** How many alerts are taken in, by alerts per request; the rest of those that are held follows unmeasured. */
const intakeAlerts = short ? { 1: 2_000, 10: 6_000, 100: 20_000 } : { 1: 10_000, 10: 20_000, 100: 45_000 };
const latencyMails = short ? 40 : 200;
const heldAlerts = 100_000;
const repeatedAlerts = 20_000;

/** A run, and the seconds of CPU that 100,000 alerts cost: the figure that a busy machine does not change. */
interface Measured extends RunResult {
  cpuPer100k: number;
}

/** One column of the table. */
interface Figures {
  name: string;
  latency: { p50Ms: number; p99Ms: number };
  intake: Record<1 | 10 | 100, Measured>;
  repeats: Measured;
  walPerNew: number | null;
  walPerRepeat: number | null;
  heldMiB: number;
  peakMiB: number;
}

async function measure(subject: Subject, smtp: SmtpServer): Promise<Figures> {
  const latency = await measureLatency(subject, smtp);
  const startsAt = new Date().toISOString();
  let next = 0;
  const more = (alertsPerBody: number, until: number) => () => {
    if (next >= until) return null;
    next += alertsPerBody;
    return bodyOf(subject.form, next - alertsPerBody, alertsPerBody, { job: 'bench', startsAt });
  };
  const intakeOf = async (alertsPerBody: 1 | 10 | 100, connections: number) => {
    const before = await subject.cpuSeconds();
    const nextBody = more(alertsPerBody, next + intakeAlerts[alertsPerBody]);
    const result = await load(subject, { connections, alertsPerBody, nextBody });
    return { ...result, cpuPer100k: per100k((await subject.cpuSeconds()) - before, result.alerts) };
  };
  const intake = { 1: await intakeOf(1, 64), 10: await intakeOf(10, 32), 100: await intakeOf(100, 16) };
  const repeats = await measureRepeats(subject);
  const rest = { connections: 16, alertsPerBody: 100, durationMs: 120_000 };
  await load(subject, { ...rest, nextBody: more(100, heldAlerts - repeatedAlerts - latencyMails) });
  const peakMiB = residentMiB(subject.pid);
  // By then all groups have been told once.
  await pause(short ? 3_000 : 35_000);
  return { name: subject.name, latency, intake, ...repeats, heldMiB: residentMiB(subject.pid), peakMiB };
}

async function measureRepeats(subject: Subject): Promise<Pick<Figures, 'repeats' | 'walPerNew' | 'walPerRepeat'>> {
  const common = { job: quietJob, startsAt: new Date().toISOString() };
  const same = () => batches(range(20_000_000, 20_000_000 + repeatedAlerts), subject.form, common);
  const perAlert = (from: number | null, to: number | null) =>
    from === null || to === null ? null : (to - from) / repeatedAlerts;
  const before = await subject.walBytes();
  await load(subject, same());
  const between = await subject.walBytes();
  const cpu = await subject.cpuSeconds();
  const repeats = await load(subject, same());
  const after = await subject.walBytes();
  return {
    repeats: { ...repeats, cpuPer100k: per100k((await subject.cpuSeconds()) - cpu, repeats.alerts) },
    walPerNew: perAlert(before, between),
    walPerRepeat: perAlert(between, after),
  };
}

/** Requests of 100 alerts for every number of a range, once. */
function batches({ from, to }: { from: number; to: number }, form: Form, common: Common) {
  let next = from;
  const nextBody = () => {
    if (next >= to) return null;
    next += 100;
    return bodyOf(form, next - 100, 100, common);
  };
  return { connections: 16, alertsPerBody: 100, durationMs: 120_000, nextBody };
}

function range(from: number, to: number): { from: number; to: number } {
  return { from, to };
}

function per100k(seconds: number, alerts: number): number {
  return (seconds / alerts) * 100_000;
}

function load(
  { url, path, headers }: Subject,
  run: { connections: number; alertsPerBody: number; nextBody: () => string | null; durationMs?: number },
): Promise<RunResult> {
  return runLoad({ url, path, headers, durationMs: intakeMs, ...run });
}

/** From the post of an alert that nothing holds back to its mail at the mail server, at 20 alerts a second. */
async function measureLatency(subject: Subject, smtp: SmtpServer): Promise<{ p50Ms: number; p99Ms: number }> {
  const firstNumber = 10_000_000;
  const sentAt: number[] = [];
  smtp.clear();
  for (let i = 0; i < latencyMails; i++) {
    sentAt.push(Date.now());
    const body = bodyOf(subject.form, firstNumber + i, 1, {
      job: latencyJob,
      startsAt: new Date().toISOString(),
    });
    let left: string | null = body;
    await load(subject, {
      connections: 1,
      alertsPerBody: 1,
      nextBody: () => {
        const one = left;
        left = null;
        return one;
      },
    });
    await pause(50);
  }
  const arrived = () => {
    const times = new Map<number, number>();
    for (const mail of smtp.mails) {
      for (const found of `${mail.subject} ${mail.text} ${mail.html}`.matchAll(/\b1000\d{4}\b/g)) {
        const i = Number(found[0]) - firstNumber;
        if (!times.has(i)) times.set(i, mail.receivedAt.getTime() - (sentAt[i] ?? 0));
      }
    }
    return times;
  };
  await eventually(() => arrived().size >= latencyMails, {
    timeoutMs: 60_000,
    everyMs: 500,
    describe: () => `${latencyMails} mails of ${subject.name} (${arrived().size} came)`,
  });
  return percentiles([...arrived().values()]);
}

const columns: readonly { title: string; of: (f: Figures) => string; ratio?: (f: Figures) => number }[] = [
  ...([1, 10, 100] as const).flatMap((size) => [
    {
      title: `alerts/s, ${size} per request`,
      of: (f: Figures) => whole(f.intake[size].alertsPerSecond),
      ratio: (f: Figures) => f.intake[size].alertsPerSecond,
    },
    {
      title: `  answer p50 / p99 / max ms`,
      of: ({ intake: { [size]: r } }: Figures) => `${ms(r.p50Ms)} / ${ms(r.p99Ms)} / ${ms(r.maxMs)}`,
    },
    { title: '  CPU seconds per 100,000 alerts', of: (f: Figures) => f.intake[size].cpuPer100k.toFixed(1) },
    { title: '  answers that were not 2xx', of: (f: Figures) => whole(f.intake[size].refused) },
  ]),
  {
    title: 'unchanged repeats/s',
    of: (f) => whole(f.repeats.alertsPerSecond),
    ratio: (f) => f.repeats.alertsPerSecond,
  },
  { title: '  CPU seconds per 100,000 alerts', of: (f) => f.repeats.cpuPer100k.toFixed(1) },
  { title: 'WAL bytes per new alert', of: (f) => (f.walPerNew === null ? '-' : whole(f.walPerNew)) },
  { title: 'WAL bytes per unchanged alert', of: (f) => (f.walPerRepeat === null ? '-' : f.walPerRepeat.toFixed(1)) },
  { title: 'webhook to mail p50 / p99 ms', of: (f) => `${ms(f.latency.p50Ms)} / ${ms(f.latency.p99Ms)}` },
  {
    title: `MiB resident, ${whole(heldAlerts)} alerts held`,
    of: (f) => `${whole(f.heldMiB)} (after the load ${whole(f.peakMiB)})`,
  },
];

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function ms(value: number): string {
  return value < 10 ? value.toFixed(1) : value.toFixed(0);
}

function printTable(all: readonly Figures[]): void {
  const [reference] = all;
  const widths = [46, ...all.map((f) => Math.max(f.name.length, 24))];
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padEnd(widths[i] ?? 24)).join('  ');
  console.log(line(['', ...all.map((f) => f.name)]));
  for (const { title, of, ratio } of columns) {
    const cells = all.map((f) => {
      if (ratio === undefined || reference === undefined || f === reference) return of(f);
      return `${of(f)} (x${(ratio(f) / ratio(reference)).toFixed(2)})`;
    });
    console.log(line([title, ...cells]));
  }
}

const smtp = await startSmtp();
try {
  const all: Figures[] = [];
  for (const start of subjects) {
    const subject = await start(smtp.url);
    try {
      if (only !== undefined && !subject.name.startsWith(only)) continue;
      console.log(`${new Date().toISOString().slice(11, 19)} ${subject.name}`);
      all.push(await measure(subject, smtp));
    } finally {
      await subject.stop();
    }
  }
  printTable(all);
} finally {
  await smtp.stop();
}
