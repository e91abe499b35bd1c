/** The result of a backtest, as people read it. */
import { z } from 'zod';
import { formatDuration } from '../alert/duration.ts';
import { labelText } from './steps.ts';

const beforeAfter = z.object({ before: z.number(), after: z.number() });

/** What `GET /api/v1/backtests/{id}` answers once it is done. */
export const backtestResult = z.object({
  messages: beforeAfter,
  incidents: beforeAfter,
  limited: beforeAfter,
  receivers: z.array(z.object({ name: z.string(), channel: z.string(), messages: beforeAfter, stops: z.boolean() })),
  criticals: z.object({
    told: beforeAfter,
    later: z.number(),
    never: z.number(),
    sooner: z.number(),
    examples: z.array(
      z.object({
        labels: z.record(z.string(), z.string()),
        starts_at: z.string(),
        told_at: z.string(),
        would_be_told_at: z.string().nullable(),
      }),
    ),
  }),
});

/** @see backtestResult */
export type BacktestResult = z.output<typeof backtestResult>;
type BeforeAfter = z.output<typeof beforeAfter>;
type Example = BacktestResult['criticals']['examples'][number];

/** What is put into words. */
interface BacktestFacts {
  from: string;
  to: string;
  changes: number;
  /** When the oldest change that is kept was heard of; null: none is kept. */
  knownSince: string | null;
  result: BacktestResult;
}

/** Two tables and a list: all in all, who gets what, and what is critical and told later or never. */
export function backtestText({ from, to, changes, knownSince, result }: BacktestFacts): string {
  const replayed = `${shortTime(from)} to ${shortTime(to)}, ${changes} changes of alerts replayed, those of the day before included\n`;
  const head = `${replayed}${unknownText(from, knownSince)}`;
  const all = table([
    ['', 'now', 'draft', 'change'],
    ['messages', ...figures(result.messages)],
    ['incidents told', ...figures(result.incidents)],
    ['held up by a rate limit', ...figures(result.limited)],
    ['critical alerts told', ...figures(result.criticals.told)],
  ]);
  return [head, all, receiversText(result.receivers), criticalsText(result.criticals)].join('\n');
}

function unknownText(from: string, knownSince: string | null): string {
  if (knownSince === null) return 'no change of an alert has been kept yet: there is nothing to replay\n';
  if (Date.parse(knownSince) <= Date.parse(from)) return '';
  return `only what happened since ${shortTime(knownSince)} is known: of the time before, nothing is replayed\n`;
}

function receiversText(receivers: BacktestResult['receivers']): string {
  if (receivers.length === 0) return 'nobody was told anything, nor would be\n';
  return table([
    ['who', 'channel', 'now', 'draft', 'change', ''],
    ...receivers.map((r) => [r.name, r.channel, ...figures(r.messages), r.stops ? 'gets nothing any more' : '']),
  ]);
}

function criticalsText({ later, never, sooner, examples }: BacktestResult['criticals']): string {
  const counts = `critical alerts told never: ${never}, later: ${later}, sooner: ${sooner}\n`;
  return counts + examples.map(exampleText).join('');
}

function exampleText({ labels, told_at: told, would_be_told_at: would }: Example): string {
  const delay = would === null ? 'never' : `+${formatDuration(Date.parse(would) - Date.parse(told))}`;
  return `  ${delay.padEnd(8)}  told ${shortTime(told)}  ${labelText(labels)}\n`;
}

function figures({ before, after }: BeforeAfter): [string, string, string] {
  const change = after - before;
  return [String(before), String(after), change === 0 ? '' : change > 0 ? `+${change}` : String(change)];
}

function shortTime(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

/** Columns of figures are aligned to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const cells = (column: number) => rows.map((row) => row[column] ?? '');
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...cells(i).map((cell) => cell.length)));
  const isFigure = (column: number) =>
    cells(column)
      .slice(1)
      .every((cell) => /^[+-]?\d*$/.test(cell));
  return rows
    .map((row) =>
      Array.from({ length: columns }, (_, i) => {
        const cell = row[i] ?? '';
        return isFigure(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
      })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
    .concat('\n');
}
