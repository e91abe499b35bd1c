/** The list sends every alert where Alertmanager's tree sent it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlertGroup, Snapshot } from '../../../../src/alert/config.ts';
import { type Labels, labelsOf } from '../../../../src/alert/labels.ts';
import { type Flattened, flatten } from '../../../../src/groups/import/flatten.ts';
import { importAlertmanager } from '../../../../src/groups/import/import.ts';
import { groupNames } from '../../../../src/groups/import/names.ts';
import { readRoutes } from '../../../../src/groups/import/tree.ts';
import { compileMatchers } from '../../../../src/groups/matchers.ts';
import { matchesAll } from '../../../../src/matcher/compile.ts';
import { formatMatcher } from '../../../../src/matcher/format.ts';
import type { Matcher } from '../../../../src/matcher/matcher.ts';
import { route } from '../../../../src/pipeline/route/route.ts';
import * as fc from '../../../support/fast-check.ts';
import { needs } from '../../../support/needs.ts';
import { usualPolicy } from '../../../support/policy.ts';
import { programPath } from '../../../support/programs.ts';
import { documentOf, fileOf, type RawRoute } from './example.ts';

const compiled = new WeakMap<RawRoute, Matcher[]>();

function matchersOf(raw: RawRoute): Matcher[] {
  const matchers = compiled.get(raw) ?? compileMatchers(raw.matchers ?? []);
  compiled.set(raw, matchers);
  return matchers;
}

/** Alertmanager's own rule, as its dispatcher has it. Null: no match. */
function inTree(raw: RawRoute, place: string, labels: Labels): string[] | null {
  if (!matchesAll(matchersOf(raw), labels)) return null;
  const all: string[] = [];
  for (const [i, child] of (raw.routes ?? []).entries()) {
    const matched = inTree(child, `${place}.routes[${i}]`, labels);
    all.push(...(matched ?? []));
    if (matched !== null && child.continue !== true) break;
  }
  return all.length > 0 ? all : [place];
}

/** A configuration with these alert groups. */
function snapshotOf(groups: { matchers: readonly string[]; continue: boolean }[]): Snapshot {
  const policy = { ...usualPolicy, groupBy: ['a'], groupWaitMs: 0, groupIntervalMs: 1, repeatIntervalMs: 1 };
  const common = {
    builtin: null,
    members: [],
    schedules: [],
    channels: [],
    robots: [],
    escalation: [],
    policy,
    version: 1,
  };
  const made = groups.map(
    (group, id): AlertGroup => ({
      ...{ ...common, id, name: String(id), continue: group.continue },
      matchers: compileMatchers(group.matchers),
    }),
  );
  const unrouted = { ...common, id: -1, name: 'unrouted', matchers: [], continue: false };
  return { groups: made, builtin: { unrouted, self: unrouted, watchdog: unrouted } } as unknown as Snapshot;
}

/** Which groups the service gives an alert to, by their numbers. */
function inList(snapshot: Snapshot, labels: Labels): number[] {
  return route({ labels, lane: 'normal', pinnedGroup: null }, snapshot).map((placement) => placement.group.id);
}

const values = ['', 'x', 'y', 'z'];
const labelSets = values.flatMap((a) =>
  values.flatMap((b) =>
    values.map((c) =>
      labelsOf([
        ['a', a],
        ['b', b],
        ['c', c],
      ]),
    ),
  ),
);

const matcher = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('=', '!='), fc.constantFrom('x', 'y', 'z', ''))
    .map(([name, op, value]) => `${name}${op}"${value}"`),
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('=~', '!~'),
      fc.constantFrom('x|y', 'y|z', 'z', '.*', '.+', '[xy]', 'x?'),
    )
    .map(([name, op, value]) => `${name}${op}"${value}"`),
);
const tree = (depth: number): fc.Arbitrary<RawRoute> =>
  fc.record({
    matchers: fc.array(matcher, { maxLength: 3 }),
    continue: fc.boolean(),
    routes: depth === 0 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 4 }),
  });
const root = fc.array(tree(2), { maxLength: 4 }).map((routes): RawRoute => ({ receiver: 'default', routes }));

/** The list of a tree, and its groups' places. */
function listOf(raw: RawRoute): { flat: Flattened; snapshot: Snapshot; places: string[] } {
  const flat = flatten(readRoutes(raw, new Set(['default']), () => {}));
  const groups = flat.groups.map((g) => ({ matchers: g.matchers.map(formatMatcher), continue: g.continue }));
  return { flat, snapshot: snapshotOf(groups), places: flat.groups.map((g) => g.route.place) };
}

describe('every alert', () => {
  it('goes to the groups of exactly its routes, each once, unless some are said to get more; then to those at least', () => {
    const seen = { exact: 0, more: 0 };
    fc.assert(
      fc.property(root, (raw) => {
        const { flat, snapshot, places } = listOf(raw);
        seen[flat.extra.length === 0 ? 'exact' : 'more']++;
        for (const labels of labelSets) {
          const wanted = inTree(raw, 'route', labels) as string[];
          const found = inList(snapshot, labels).map((id) => places[id] as string);
          const said = flat.extra
            .filter((extra) => matchesAll(extra.matchers, labels))
            .map((extra) => extra.route.place);
          expect(new Set(found).size, 'nobody twice').toBe(found.length);
          expect(found).toEqual(expect.arrayContaining(wanted));
          expect([...wanted, ...said]).toEqual(expect.arrayContaining(found));
          if (flat.extra.length === 0) expect([...found].sort()).toEqual([...wanted].sort());
        }
      }),
      { numRuns: 600 },
    );
    // Both kinds were tried, and most trees can be told exactly.
    expect(seen.more).toBeGreaterThan(0);
    expect(seen.exact).toBeGreaterThan(seen.more);
  });

  it('is told by groups with names of their own', () => {
    fc.assert(
      fc.property(root, (raw) => {
        const { flat } = listOf(raw);
        const names = groupNames(flat.groups);
        expect(new Set(names).size).toBe(flat.groups.length);
      }),
      { numRuns: 100 },
    );
  });

  it('is routed by the document as by the list', () => {
    fc.assert(
      fc.property(root, (raw) => {
        const groups = documentOf(importAlertmanager(fileOf(raw))).alert_groups ?? [];
        const { snapshot } = listOf(raw);
        const read = snapshotOf(groups);
        for (const labels of labelSets) expect(inList(read, labels)).toEqual(inList(snapshot, labels));
      }),
      { numRuns: 30 },
    );
  });
});

const realistic = `
global: { smtp_smarthost: 'mail.example.org:587', smtp_from: 'am@example.org', smtp_auth_password: hunter2 }
route:
  receiver: operations
  group_by: [alertname, cluster]
  routes:
    - matchers: [ alertname = "Watchdog" ]
      receiver: 'null'
    - matchers: [ severity = "critical" ]
      receiver: on-call
      continue: true
    - matchers: [ 'environment =~ "dev|test"', severity != "critical" ]
      receiver: developers
    - match: { team: db }
      receiver: dba
      continue: true
      routes:
        - match_re: { service: 'pg.*' }
          receiver: postgres
          continue: true
        - matchers: [ '{service="pg-main",tier="1"}' ]
          receiver: dba-lead
        - matchers: [ tier = "3" ]
          receiver: dba-later
    - matchers: [ cluster =~ "eu-.*" ]
      receiver: europe
      routes:
        - matchers: [ team =~ "web|shop" ]
          receiver: europe-web
    - match: { team: web }
      receiver: web
receivers:
  - { name: operations, email_configs: [ { to: 'ops@example.org' } ] }
  - { name: on-call, email_configs: [ { to: 'Li Wei <li.wei@example.org>, sam@example.org', send_resolved: true } ] }
  - { name: developers, email_configs: [ { to: dev@example.org } ] }
  - { name: dba, email_configs: [ { to: dba@example.org } ] }
  - { name: postgres, email_configs: [ { to: pg@example.org } ] }
  - { name: dba-lead, webhook_configs: [ { url: 'http://localhost:9/' } ] }
  - { name: dba-later }
  - { name: europe, email_configs: [ { to: eu@example.org } ] }
  - { name: europe-web, email_configs: [ { to: eu-web@example.org } ] }
  - { name: web, email_configs: [ { to: web@example.org } ] }
  - { name: 'null' }
`;

needs('amtool')('Alertmanager itself', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mm-import-'));
    file = join(folder, 'alertmanager.yml');
    writeFileSync(file, realistic);
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const amtool = (...args: string[]) =>
    execFileSync(programPath('amtool'), args, { encoding: 'utf8', stdio: 'pipe' }).trim();

  it('sends the alerts of a realistic file to the same receivers', () => {
    expect(amtool('check-config', file)).toContain('SUCCESS');
    const { text, exact, notes } = importAlertmanager(realistic);
    expect(exact).toBe(true);
    const groups = documentOf({ text, exact, notes }).alert_groups ?? [];
    const snapshot = snapshotOf(groups);
    const receiverOf = (id: number) => groups[id]?.name.replace(/-\d$/, '');
    const some = (name: string, ...of: string[]) => of.map((value) => (value === '' ? [] : [`${name}=${value}`]));
    for (const team of some('team', 'db', 'web', ''))
      for (const severity of some('severity', 'critical', 'warning'))
        for (const more of [
          [],
          ['service=pg-main', 'tier=1'],
          ['service=pg-main', 'tier=3', 'cluster=eu-1'],
          ['tier=3', 'environment=dev'],
          ['cluster=eu-2'],
          ['alertname=Watchdog'],
        ]) {
          const texts = [...team, ...severity, ...more];
          const labels = labelsOf(texts.map((one) => one.split('=') as [string, string]));
          const found = inList(snapshot, labels).map(receiverOf);
          const wanted = amtool('config', 'routes', 'test', `--config.file=${file}`, ...texts).split(',');
          expect([...found].sort(), texts.join(' ')).toEqual(wanted.sort());
        }
  });
});
