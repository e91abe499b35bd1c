/** How the plot looks: what is now as a quiet area, what would be as a line over it. */
import uPlot from 'uplot';
import type { Text } from '../../text/index.tsx';

export const heightPx = 190;

interface About {
  width: number;
  /** Seconds between two points. */
  step: number;
  /** Where the first one is. */
  first: number;
  parts: number;
  text: Text;
}

/** Colours are read whenever something is drawn: they are others on a dark page. */
const ink =
  (name: string, alpha = '') =>
  () =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim() + alpha;

const quiet = '--mm-quiet';
const strong = '--mm-focus';

export function plotOptions(about: About): uPlot.Options {
  const { width, text } = about;
  const words = text.backtest.plot;
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const line = { paths: stepped, points: { show: false }, value: (_: uPlot, n: number | null) => figure(n, text) };
  return {
    width,
    height: heightPx,
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, dataIdx: partUnder(about) },
    legend: { markers: { width: 0, fill: (_, series) => `var(${series === 1 ? quiet : strong})` } },
    scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.08)] } },
    axes: [timeAxis(text), countAxis(text)],
    series: [
      { label: words.time, value: (_, at) => (at === null ? '–' : moment(at, text)) },
      { ...line, label: words.before, stroke: ink(quiet), width: 1, fill: ink(quiet, '55') },
      { ...line, label: words.after, stroke: ink(strong), width: 2 },
    ],
  };
}

/** The cursor is in a part, not near its beginning. */
function partUnder({ first, step, parts }: About): uPlot.Cursor.DataIdxRefiner {
  return (_, __, ___, at) => Math.min(parts - 1, Math.max(0, Math.floor((at - first) / step)));
}

function axis(): uPlot.Axis {
  const lines = { stroke: ink('--mm-line'), width: 1 };
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return { stroke: ink(quiet), font, grid: lines, ticks: { ...lines, size: 4 }, gap: 4 };
}

function timeAxis({ tag }: Text): uPlot.Axis {
  const day = new Intl.DateTimeFormat(tag, { month: 'short', day: 'numeric' });
  const hour = new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const named = (seconds: number) => {
    const at = new Date(seconds * 1_000);
    return (at.getHours() + at.getMinutes() === 0 ? day : hour).format(at);
  };
  return { ...axis(), space: 72, size: 28, values: (_, times) => times.map(named) };
}

function countAxis(text: Text): uPlot.Axis {
  const incrs = [1, 2, 5].flatMap((n) => [n, n * 10, n * 100, n * 1_000, n * 10_000, n * 100_000]);
  const values = (_: uPlot, counts: number[]) => counts.map((n) => figure(n, text));
  return { ...axis(), space: 36, size: 52, incrs: incrs.sort((a, b) => a - b), values };
}

function figure(n: number | null, { tag }: Text): string {
  return n === null ? '–' : n.toLocaleString(tag);
}

function moment(seconds: number, { tag }: Text): string {
  const form = { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(tag, form).format(new Date(seconds * 1_000));
}
