/**
 * Makes Alertmanager's tree of routes a list in which the first match takes the alert unless it says `continue`. Pure.
 *
 * The list has the routes' order, children before their parent, each with the matchers of its whole path. A route that
 * ends the search in the tree ends it in the list too. What goes on in the list although the tree has closed some of the
 * ways is kept from those by matchers that say the opposite. Where that would take too many alert groups, such a
 * group gets more than its route did. It never gets less: when an alert matches the path of one route and belongs to a
 * later one as well, then the branch in which the two part says `continue`, and so does the group.
 */
import { impossible, type Matchers, notImplied, without } from './logic.ts';
import type { Route } from './tree.ts';

/** One alert group to be: a route, or a part of one. */
export interface Flat {
  route: Route;
  matchers: Matchers;
  continue: boolean;
}

/** Alerts that a group gets although its route did not. */
export interface Extra {
  route: Route;
  /** The route that kept them from it. */
  by: Route;
  /** All of them match these. */
  matchers: Matchers;
}

/** A route that can get no alert. */
export interface Unreachable {
  route: Route;
  by: readonly Route[];
}

/** The list, and how it differs from the tree. */
export interface Flattened {
  groups: readonly Flat[];
  /** Routes that can get no alert, and who takes all of it first; nobody: their own matchers exclude each other. */
  unreachable: readonly Unreachable[];
  /** Empty: every alert goes to exactly the same routes. */
  extra: readonly Extra[];
}

/** Into how many alert groups one route may be split. */
const maxPieces = 4;

/** A branch that has been walked, and its groups after which the search goes on. */
interface Branch {
  route: Route;
  own: Matchers;
  goingOn: readonly Flat[];
}

/** What the tree says about a route from outside. */
interface Surroundings {
  /** Branches that keep an alert that they match from this route. */
  closed: readonly Branch[];
  /** Routes that may get an alert after this one got it. */
  after: readonly (readonly Route[])[];
}

interface Growing {
  groups: Flat[];
  unreachable: Unreachable[];
  extra: Extra[];
}

/** @see Flattened */
export function flatten(root: Route): Flattened {
  const growing: Growing = { groups: [], unreachable: [], extra: [] };
  walk(root, { closed: [], after: [] }, growing);
  return growing;
}

function walk(route: Route, { closed, after }: Surroundings, growing: Growing): Branch {
  const first = growing.groups.length;
  const children: Branch[] = [];
  for (const [i, child] of route.routes.entries()) {
    const ended = children.filter((branch) => !branch.route.continue);
    const later = child.continue ? [...after, route.routes.slice(i + 1)] : after;
    children.push(walk(child, { closed: [...closed, ...ended], after: later }, growing));
  }
  // A route gets an alert itself only when no child matched, whether or not that one goes on.
  place(route, { closed: [...closed, ...children], after }, growing);
  return { route, own: route.own, goingOn: growing.groups.slice(first).filter((group) => group.continue) };
}

function place(route: Route, { closed, after }: Surroundings, growing: Growing): void {
  if (impossible(route.matchers)) {
    growing.unreachable.push({ route, by: [] });
    return;
  }
  const meets = (matchers: Matchers) => !impossible([...route.matchers, ...matchers]);
  const all = closed.find((branch) => notImplied(branch.own, route.matchers).length === 0);
  const open = all === undefined ? closed.filter((branch) => branch.goingOn.some((g) => meets(g.matchers))) : [all];
  const { pieces, left } = without(route.matchers, open, maxPieces);
  if (all !== undefined || pieces.length === 0) {
    growing.unreachable.push({ route, by: open.map((branch) => branch.route) });
    return;
  }
  const goesOn = after.some((routes) => routes.some((later) => meets(later.matchers)));
  growing.groups.push(...pieces.map((matchers) => ({ route, matchers, continue: goesOn })));
  growing.extra.push(
    ...left.map((branch) => ({ route, by: branch.route, matchers: [...route.matchers, ...branch.own] })),
  );
}
