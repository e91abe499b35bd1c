/** Messages over time, as it is and as the draft would make it. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Timeline } from '../../client/backtest-types.ts';
import { absolute } from '../../parts/time.tsx';
import { type Text, useText } from '../../text/index.tsx';
import classes from './backtest.module.css';
import { columnsOf, peakOf } from './figures.ts';
import { heightPx, plotOptions } from './plot-options.ts';

export default function Plot({ timeline }: { timeline: Timeline }) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => (box.current === null ? undefined : draw(box.current, timeline, text)), [timeline, text]);
  return <div ref={box} className={classes.plot} role="img" aria-label={wordsOf(timeline, text)} />;
}

/** @returns what takes it away */
function draw(box: HTMLElement, timeline: Timeline, text: Text): () => void {
  const columns = columnsOf(timeline);
  const about = { first: columns[0][0] ?? 0, step: timeline.step_ms / 1_000, parts: timeline.before.length };
  const plot = new uPlot(plotOptions({ ...about, width: box.clientWidth, text }), columns, box);
  const sizes = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: heightPx }));
  sizes.observe(box);
  const schemes = new MutationObserver(() => plot.redraw());
  schemes.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
  return () => {
    sizes.disconnect();
    schemes.disconnect();
    plot.destroy();
  };
}

/** The same for whoever cannot see it. */
function wordsOf(timeline: Timeline, text: Text): string {
  const { plot: words } = text.backtest;
  const most = (messages: readonly number[]) => {
    const peak = peakOf(timeline, messages);
    return peak === null ? words.noMessage : words.peak(peak.messages, absolute(peak.from, text));
  };
  return `${words.title}. ${words.before}: ${most(timeline.before)} ${words.after}: ${most(timeline.after)}`;
}
