/** What there is to say about the routes that became alert groups. */
import { formatMatchers } from '../../matcher/format.ts';
import type { Flattened } from './flatten.ts';
import { valuesOf } from './logic.ts';
import { type Note, quoted } from './raw.ts';
import type { Route } from './tree.ts';

const maxNamed = 3;

/** What is a heartbeat unless a setting says otherwise. */
const heartbeat = /^(?:Watchdog|Dead[Mm]an'?s?Switch)$/;

/** @param names of the groups, in their order */
export function noteRoutes({ groups, unreachable, extra }: Flattened, names: readonly string[], note: Note): void {
  for (const { route, by } of unreachable) note(route.place, unreachableText(by));
  const namesOf = (route: Route) =>
    names
      .filter((_, i) => groups[i]?.route === route)
      .map(quoted)
      .join(', ');
  const routes = [...new Set(groups.map((group) => group.route))];
  for (const route of routes) {
    if (groups.filter((group) => group.route === route).length > 1)
      note(
        route.place,
        `it became several alert groups (${namesOf(route)}), because the matchers of one cannot say which alerts are not its own: each tells of its part in messages of its own.`,
      );
  }
  for (const route of routes.filter(isForHeartbeats))
    note(
      route.place,
      'it is for heartbeats such as Watchdog, which come to no alert group: they are watched, and the alert group watchdog hears when one is lost, so give members to that one and leave this one out.',
    );
  const last = groups.at(-1);
  if (last !== undefined && last.matchers.length === 0)
    note(
      last.route.place,
      `its alert group ${quoted(names.at(-1) ?? '')} takes all that no other takes, so alert groups made in the page, which come after those of files, get nothing: leave it out if you want to make some there.`,
    );
  for (const { route, by, matchers } of extra)
    note(
      route.place,
      `alerts that match ${formatMatchers(matchers)} went to ${by.place} and not here; now they come to ${namesOf(route)} too: give them a label by which they can be kept apart, or take the continue away that lets them go on.`,
    );
}

function isForHeartbeats({ own }: Route): boolean {
  return own.some(
    (matcher) => matcher.name === 'alertname' && valuesOf(matcher)?.every((name) => heartbeat.test(name)),
  );
}

function unreachableText(by: readonly Route[]): string {
  if (by.length === 0) return 'it was left out, because its matchers exclude each other and no alert could come to it.';
  const places = by.slice(0, maxNamed).map((route) => route.place);
  const more = by.length > maxNamed ? ` and ${by.length - maxNamed} more` : '';
  return `it was left out, because no alert could come to it: ${places.join(', ')}${more} took everything before.`;
}
