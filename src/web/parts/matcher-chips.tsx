import classes from './value.module.css';
import { Value } from './value.tsx';

/** Matchers as chips. */
export function MatcherChips({ matchers }: { matchers: readonly string[] }) {
  return (
    <ul className={classes.chips}>
      {matchers.map((matcher) => (
        <li key={matcher} className={classes.chip}>
          <Value max={160}>{matcher}</Value>
        </li>
      ))}
    </ul>
  );
}
