import type { Labels } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { matcherText } from './matcher.ts';
import classes from './value.module.css';
import { Brief, Value } from './value.tsx';

interface Props {
  labels: Labels;
  /** Names that are said elsewhere. */
  without?: readonly string[];
  /** At most so many; lists are brief. */
  max?: number;
  /** What a click on one adds to the filter. */
  onPick?: (matcher: string) => void;
}

/** Labels as chips, in the order of their names. */
export function LabelChips({ labels, without = [], max = 50, onPick }: Props) {
  const { filter } = useText();
  const names = Object.keys(labels)
    .filter((name) => !without.includes(name) && labels[name] !== '')
    .sort();
  if (names.length === 0) return null;
  return (
    <ul className={classes.chips}>
      {names.slice(0, max).map((name) => {
        const matcher = matcherText(name, '=', labels[name] ?? '');
        const chip = (
          <>
            <b>
              <Brief max={60}>{name}</Brief>=
            </b>
            {onPick === undefined ? (
              <Value max={120}>{labels[name] ?? ''}</Value>
            ) : (
              <Brief max={60}>{labels[name] ?? ''}</Brief>
            )}
          </>
        );
        return (
          <li key={name}>
            {onPick === undefined ? (
              <span className={classes.chip}>{chip}</span>
            ) : (
              <button
                type="button"
                className={classes.chip}
                title={filter.add(matcher.slice(0, 200))}
                onClick={() => onPick(matcher)}
              >
                {chip}
              </button>
            )}
          </li>
        );
      })}
      {names.length > max && <li className={classes.chip}>+{names.length - max}</li>}
    </ul>
  );
}
