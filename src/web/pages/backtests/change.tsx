import type { BeforeAfter } from '../../client/backtest-types.ts';
import { useText } from '../../text/index.tsx';
import classes from './backtest.module.css';
import { changeOf } from './figures.ts';

/** `+3`, or that it stays. */
export function Change({ of }: { of: BeforeAfter }) {
  const { tag, backtest: words } = useText();
  const change = changeOf(of);
  if (change === 0) return <span className={classes.quiet}>{words.same}</span>;
  const share = of.before === 0 ? '' : ` (${percent(change / of.before, tag)})`;
  return (
    <span className={classes.number}>
      {change.toLocaleString(tag, { signDisplay: 'always' })}
      <span className={classes.quiet}>{share}</span>
    </span>
  );
}

function percent(share: number, tag: string): string {
  return share.toLocaleString(tag, { style: 'percent', maximumFractionDigits: 0, signDisplay: 'always' });
}
