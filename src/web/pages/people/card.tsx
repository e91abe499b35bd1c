/** Somebody in the list. */
import { Link } from 'wouter';
import type { Kept } from '../../client/types.ts';
import { ManagedBadge } from '../../parts/managed.tsx';
import { Brief } from '../../parts/value.tsx';
import { languages, useText } from '../../text/index.tsx';
import { type AddressHealth, rankOf } from './address-health.ts';
import { Addresses } from './addresses.tsx';
import { Groups } from './groups.tsx';
import classes from './people.module.css';

/** A contact or a room with all that its card says. */
export interface Card {
  object: Kept & { name: string; locale: string; timezone: string };
  href: string;
  addresses: AddressHealth[];
  groups: string[];
}

/** What is in trouble first, then by name; only what has all that was typed in its name or addresses. Pure. */
export function inOrder(cards: readonly Card[], wanted: string): Card[] {
  const words = wanted.trim().toLowerCase();
  const textOf = ({ object, addresses }: Card) => [object.name, ...addresses.map((a) => a.address)].join('\n');
  return cards
    .filter((card) => textOf(card).toLowerCase().includes(words))
    .sort((a, b) => rankOf(a.addresses) - rankOf(b.addresses) || a.object.name.localeCompare(b.object.name));
}

export function PersonCard({ card: { object, href, addresses, groups } }: { card: Card }) {
  const { people: words } = useText();
  const language = languages.find(({ value }) => value === object.locale)?.label ?? object.locale;
  return (
    <article className={classes.card} data-rank={rankOf(addresses)}>
      <div className={classes.line}>
        <Link href={href} className={classes.name}>
          <Brief max={60}>{object.name}</Brief>
        </Link>
        <ManagedBadge object={object} />
        <span className={classes.quiet}>
          {language} · {object.timezone}
        </span>
      </div>
      <Addresses of={addresses} />
      <div className={classes.quiet}>
        {words.inGroups} <Groups names={groups} />
      </div>
    </article>
  );
}
