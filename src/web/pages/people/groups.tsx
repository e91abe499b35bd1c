import { Link } from 'wouter';
import { addressOf } from '../../parts/address.ts';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import classes from './people.module.css';

/** The alert groups that tell somebody, as links. */
export function Groups({ names }: { names: readonly string[] }) {
  const { people: words } = useText();
  if (names.length === 0) return words.noGroup;
  return (
    <span className={classes.groups}>
      {names.map((name) => (
        <Link key={name} href={addressOf('/alert-groups', name)}>
          <Brief max={60}>{name}</Brief>
        </Link>
      ))}
    </span>
  );
}
