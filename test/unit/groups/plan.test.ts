import { readDocument } from '../../../src/groups/apply.ts';
import type { Body, Section } from '../../../src/groups/kinds.ts';
import { type Stored, tokenHashes } from '../../../src/groups/objects.ts';
import { planApply as plannedAt, type StoredWorld } from '../../../src/groups/plan.ts';

const now = new Date('2026-01-05T12:00:00Z');
const planApply = (before: StoredWorld, document: ReturnType<typeof readDocument>) => plannedAt(before, document, now);

let nextId = 1;
const stored = (body: Body, more: Partial<Stored> = {}): Stored => ({
  id: nextId++,
  key: String(body['name']),
  managed: true,
  unlocked: false,
  version: 1,
  updatedAt: now,
  updatedBy: null,
  builtin: null,
  position: 0,
  body,
  secrets: [],
  apiToken: null,
  ...more,
});

const world = (sections: Partial<Record<Section, Stored[]>>): StoredWorld => ({
  sources: [],
  contacts: [],
  robots: [],
  alert_groups: [],
  schedules: [],
  time_intervals: [],
  silences: [],
  inhibition_rules: [],
  heartbeats: [],
  daily_messages: [],
  peers: [],
  ...sections,
});

/** A body as a document that was read gives it. */
const group = (name: string, more: Body = {}) =>
  readDocument({ alert_groups: [{ name, ...more }] }).alert_groups?.[0] as Body;
const contact = (name: string, more: Body = {}) =>
  readDocument({ contacts: [{ name, ...more }] }).contacts?.[0] as Body;
const said = (plan: ReturnType<typeof planApply>) => plan.changes.map((c) => `${c.action} ${c.section}/${c.name}`);

describe('planApply', () => {
  it('moves no alert group when the document only adds or drops one', () => {
    const groups = ['a', 'b', 'c'].map((name, i) => stored(group(name), { position: i + 1 }));
    const document = readDocument({ alert_groups: [{ name: 'a' }, { name: 'c' }, { name: 'd' }] });
    const plan = planApply(world({ alert_groups: groups }), document);
    expect(said(plan)).toEqual(['create alert_groups/d', 'delete alert_groups/b']);
    expect(plan.changes[0]?.body?.['position']).toBe(4);
  });

  it('moves what stands elsewhere in the document, and says so', () => {
    const groups = ['a', 'b'].map((name, i) => stored(group(name), { position: i + 1 }));
    const plan = planApply(
      world({ alert_groups: groups }),
      readDocument({ alert_groups: [{ name: 'b' }, { name: 'a' }] }),
    );
    expect(plan.changes.map((c) => [c.name, c.fields])).toEqual([['a', [{ path: 'position', before: 1, after: 3 }]]]);
  });

  it('names the single keys of a policy that differ, and what a silence matches as people write it', () => {
    const [silence] = readDocument({ silences: [{ name: 's', matchers: ['a="1"'], duration: '1h', comment: 'c' }] })
      .silences as Body[];
    const before = world({
      alert_groups: [stored(group('a', { policy: { for: '1m' } }), { position: 1 })],
      silences: [stored({ ...silence, starts_at: '2026-01-05T11:00:00Z', ends_at: '2026-01-05T13:00:00Z' })],
    });
    const after = readDocument({
      alert_groups: [{ name: 'a', policy: { for: '5m' } }],
      silences: [{ ...silence, matchers: ['a=~"1|2"'], ends_at: '2026-01-05T13:00:00Z', duration: undefined }],
    });
    const fields = planApply(before, after).changes.flatMap((c) => c.fields);
    expect(fields.find(({ path }) => path === 'policy.for')).toEqual({ path: 'policy.for', before: '1m', after: '5m' });
    expect(fields.map(({ path }) => path)).not.toContain('policy');
    const matchers = fields.find(({ path }) => path === 'matchers');
    expect(matchers).toEqual({ path: 'matchers', before: ['a="1"'], after: ['a=~"1|2"'] });
  });

  it('leaves page-made and built-in alert groups of the document alone when they say the same', () => {
    const groups = [
      stored(group('a'), { position: 1 }),
      stored(group('page'), { position: 1, managed: false }),
      stored(group('self'), { position: 1_000_000, managed: false, builtin: 'self' }),
    ];
    const document = readDocument({ alert_groups: [{ name: 'page' }, { name: 'a' }, { name: 'self' }] });
    expect(planApply(world({ alert_groups: groups }), document)).toMatchObject({
      changes: [],
      unchanged: 3,
      faults: [],
    });
  });

  it('refuses to change what was made in the page, and never deletes it', () => {
    const plan = planApply(
      world({ contacts: [stored(contact('li', { email: 'a@x.org' }), { managed: false }), stored(contact('wu'))] }),
      readDocument({ contacts: [{ name: 'li', email: 'b@x.org' }] }),
    );
    expect(said(plan)).toEqual(['delete contacts/wu']);
    expect(plan.faults.map((f) => f.path)).toEqual(['contacts[0]']);
    expect(plan.faults[0]?.message).toContain('monitor-manager export -o FILE');
  });

  it('takes back what is unlocked when the document says something else, and says so', () => {
    const before = world({ contacts: [stored(contact('li', { email: 'a@x.org' }), { unlocked: true })] });
    const plan = planApply(before, readDocument({ contacts: [{ name: 'li', email: 'b@x.org' }] }));
    expect([said(plan), plan.faults]).toEqual([['update contacts/li'], []]);
    expect(plan.warnings).toEqual([expect.stringContaining('contacts/li was unlocked')]);
  });

  it('leaves what is unlocked alone when the document says the same, or nothing of it', () => {
    const before = world({ contacts: [stored(contact('li'), { unlocked: true })] });
    const warned = (document: object) => {
      const { changes, faults, warnings } = planApply(before, readDocument(document));
      return [changes, faults, warnings.length];
    };
    expect(warned({ contacts: [{ name: 'li' }] })).toEqual([[], [], 0]);
    expect(warned({ contacts: [] })).toEqual([[], [], 1]);
  });

  it('touches nothing in a section that is absent', () => {
    expect(planApply(world({ contacts: [stored(contact('li'))] }), readDocument({})).changes).toEqual([]);
  });

  it('keeps a secret that is absent or <secret>, and shows a changed one on neither side', () => {
    const secrets = tokenHashes({ token: 'the-token-of-az-a-1' }) as string[];
    const source = readDocument({ sources: [{ name: 'az-a' }] }).sources?.[0] as Body;
    const before = world({ sources: [stored(source, { secrets })] });
    const fieldsWith = (more: Body) =>
      planApply(before, readDocument({ sources: [{ name: 'az-a', ...more }] })).changes.flatMap((c) => c.fields);
    expect(fieldsWith({})).toEqual([]);
    expect(fieldsWith({ token: '<secret>' })).toEqual([]);
    expect(fieldsWith({ token: 'the-token-of-az-a-1' })).toEqual([]);
    expect(fieldsWith({ token: 'the-token-of-az-a-2' })).toEqual([{ path: 'token', before: null, after: null }]);
  });

  it('refuses a token that two sources would share, and lets it move from one to the other', () => {
    const token = 'the-token-of-az-a-1';
    const source = readDocument({ sources: [{ name: 'az-a' }] }).sources?.[0] as Body;
    const before = world({ sources: [stored(source, { secrets: tokenHashes({ token }) as string[] })] });
    const faults = (sources: Body[]) => planApply(before, readDocument({ sources })).faults;
    expect(faults([{ name: 'az-a' }, { name: 'az-b', token }])).toMatchObject([{ path: 'sources[az-b].token' }]);
    expect(faults([{ name: 'az-b', token }])).toEqual([]);
    expect(JSON.stringify(faults([{ name: 'az-a' }, { name: 'az-b', token }]))).not.toContain(token);
  });

  it('refuses names that are listed twice, a new robot without its key, and matchers on a built-in alert group', () => {
    const plan = planApply(
      world({ alert_groups: [stored(group('self'), { managed: false, builtin: 'self' })] }),
      readDocument({
        contacts: [{ name: 'li' }, { name: 'li' }],
        robots: [{ name: 'ops', key: '<secret>' }],
        alert_groups: [{ name: 'self', matchers: ['a="b"'] }],
      }),
    );
    expect(plan.faults.map((f) => f.path)).toEqual(['contacts[1]', 'robots[0].key', 'alert_groups[0].matchers']);
  });
});
