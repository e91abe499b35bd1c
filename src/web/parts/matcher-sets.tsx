/** Matchers as chips; several lists of them are alternatives. */
import { Fragment } from 'react';
import { useText } from '../text/index.tsx';
import classes from './matcher-sets.module.css';
import chips from './value.module.css';
import { Brief, Value } from './value.tsx';

/** `brief`: one line of a list, where a page shows the whole. */
export function MatcherSetChips({ sets, brief = false }: { sets: readonly (readonly string[])[]; brief?: boolean }) {
  const { silence: words } = useText();
  return (
    <div className={classes.sets}>
      {sets.map((set, at) => (
        <Fragment key={set.join()}>
          {at > 0 && <span className={classes.or}>{words.or}</span>}
          <ul className={chips.chips}>
            {set.map((matcher) => (
              <li key={matcher} className={chips.chip}>
                {brief ? <Brief max={80}>{matcher}</Brief> : <Value>{matcher}</Value>}
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
    </div>
  );
}
