import { applyDocument, bumpVersion, readDocument } from '../../../src/groups/apply.ts';
import { ensureBuiltins } from '../../../src/groups/builtins.ts';
import { createSnapshots } from '../../../src/groups/snapshot.ts';
import type { Db } from '../../../src/store/db.ts';
import { freshDb } from '../../support/fresh-db.ts';

const now = new Date('2026-01-05T08:00:00Z');
const errors: object[] = [];
const log = { error: (facts: object) => void errors.push(facts) };
let db: Db;
beforeEach(async () => {
  errors.length = 0;
  db = await freshDb();
  await ensureBuiltins(db, now);
});
afterEach(() => db.close());

const apply = (document: object) =>
  applyDocument(db, readDocument(document), { now, dryRun: false, by: { name: 'test' } });

describe('the snapshot', () => {
  it('is loaded again only when the configuration has a new version', async () => {
    const snapshots = createSnapshots({ db, emergencyContacts: [], log });
    expect(() => snapshots.current()).toThrow();
    const first = await snapshots.fresh();
    expect(await snapshots.fresh()).toBe(first);
    await apply({ contacts: [{ name: 'li' }] });
    expect(snapshots.current()).toBe(first);
    expect((await snapshots.fresh()).version).toBe(first.version + 1);
  });

  it('gives whoever has committed an edit that edit, even while an older load is under way', async () => {
    const snapshots = createSnapshots({ db, emergencyContacts: [], log });
    const early = snapshots.fresh();
    await apply({ sources: [{ name: 'az-a', token: 'the-token-of-az-a-1' }] });
    const mine = await snapshots.fresh();
    expect([...mine.sources.values()].map((s) => s.name)).toContain('az-a');
    await early;
  });

  it('puts managed alert groups before page-made ones, each in order, and keeps built-in ones apart', async () => {
    await db.query(
      `insert into alert_group (name, position, managed, updated_at)
       values ('p2', 2, false, $1), ('m2', 2, true, $1), ('p1', 1, false, $1), ('m1', 1, true, $1)`,
      [now],
    );
    await bumpVersion(db, ['alert_groups'], now);
    const { groups, groupsById, builtin } = await createSnapshots({ db, emergencyContacts: [], log }).fresh();
    expect(groups.map((g) => g.name)).toEqual(['m1', 'm2', 'p1', 'p2']);
    expect(groupsById.get(builtin.unrouted.id)?.name).toBe('unrouted');
  });

  it('survives stored matchers that no longer compile: those match nothing, and the log says which', async () => {
    await db.query(
      `insert into alert_group (name, position, matchers, updated_at) values ('bad', 1, '{"a=~\\"(\\""}', $1)`,
      [now],
    );
    await db.query(
      `insert into silence (id, matchers, starts_at, ends_at, created_by, comment, updated_at)
       values ('s1', '[[{"name":"a","op":"=~","value":"("}]]', $1, $2, 'x', 'x', $1)`,
      [now, new Date(now.getTime() + 1000)],
    );
    const { groups, silences } = await createSnapshots({ db, emergencyContacts: [], log }).fresh();
    expect(groups[0]?.matchers.every((m) => m.matches(''))).toBe(false);
    expect(silences[0]?.matchers[0]?.every((m) => m.matches('('))).toBe(false);
    expect(errors).toMatchObject([{ of: 'alert group bad' }, { of: 'silence s1' }]);
  });

  it('lets the emergency contacts stand in for self and watchdog until they have members of their own', async () => {
    const emergencyContacts = [
      { channel: 'email', address: 'boss@example.org' },
      { channel: 'wecom-app', address: 'Boss' },
      { channel: 'wecom-robot', address: 'key-of-the-war-room' },
    ] as const;
    const snapshots = createSnapshots({ db, emergencyContacts, log });
    const { self, watchdog, unrouted } = (await snapshots.fresh()).builtin;
    expect(self.members.map((m) => m.email ?? m.wecom)).toEqual(['boss@example.org', 'Boss']);
    expect(watchdog.robots.map((r) => snapshots.robotKey(r.name))).toEqual(['key-of-the-war-room']);
    expect(watchdog.robots[0]?.name).not.toContain('war');
    expect(unrouted.members).toEqual([]);
    await apply({
      contacts: [{ name: 'li', email: 'li@example.org' }],
      alert_groups: [{ name: 'self', members: ['li'] }],
    });
    const after = (await snapshots.fresh()).builtin;
    expect([after.self.members.map((m) => m.name), after.self.robots]).toEqual([['li'], []]);
    expect(after.watchdog.members).toHaveLength(2);
  });

  it('names the room of an emergency robot the same whatever else the settings list', async () => {
    const robot = { channel: 'wecom-robot', address: 'key-of-the-war-room' } as const;
    const other = { channel: 'wecom-robot', address: 'key-of-another-room' } as const;
    const names = async (emergencyContacts: (typeof robot | typeof other)[]) =>
      (await createSnapshots({ db, emergencyContacts, log }).fresh()).builtin.self.robots.map((r) => r.name);
    expect(await names([other, robot])).toContain((await names([robot]))[0]);
  });

  it('leaves out silences that ended long before the last edit', async () => {
    const silence = (id: string, endsAt: Date) =>
      db.query(
        `insert into silence (id, matchers, starts_at, ends_at, created_by, comment, updated_at)
         values ($1, '[[{"name":"a","op":"=","value":"b"}]]', $2, $3, 'x', 'x', $2)`,
        [id, new Date(0), endsAt],
      );
    await silence('old', new Date(now.getTime() - 3 * 86_400_000));
    await silence('active', new Date(now.getTime() + 1000));
    await bumpVersion(db, ['silences'], now);
    const { silences } = await createSnapshots({ db, emergencyContacts: [], log }).fresh();
    expect(silences.map((s) => s.id)).toEqual(['active']);
  });
});
