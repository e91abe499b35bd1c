/** The name of an object in a list: the way to its page, and whether a file made it. */
import { Link } from 'wouter';
import { ManagedBadge } from './managed.tsx';
import type { Named } from './object-frame.tsx';
import { Brief } from './value.tsx';

export function NameCell({ object, href }: { object: Named; href: string }) {
  return (
    <>
      <Link href={href}>
        <Brief max={100}>{object.name}</Brief>
      </Link>{' '}
      <ManagedBadge object={object} />
    </>
  );
}
