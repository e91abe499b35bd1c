import {
  isComplete,
  type MemberFacts,
  type ReconcileFacts,
  type Reporting,
  reconcile,
} from '../../../src/polls/reconcile.ts';

const minute = 60_000;
const now = new Date('2026-01-05T12:00:00Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const rules = { graceMs: 5 * minute, polls: 3, atMost: 1_000 };

const ours = { active: true, receivers: ['monitor-manager'] };
const reporter = (more: Partial<Reporting> = {}): Reporting => ({
  ...{ fingerprint: 'a', firingAt: ago(60 * minute), lastSeen: ago(60 * minute), ended: false, polled: false },
  ...more,
});
const facts = (more: Partial<ReconcileFacts>): ReconcileFacts => ({
  ...{ held: new Map(), answered: true, complete: true, reporting: new Map(), watched: [], quiet: false },
  receivers: new Set(['monitor-manager']),
  ...more,
});
const held = (alert = ours) => new Map([['a', alert]]);
const reporting = (more?: Partial<Reporting>) => new Map([['a', reporter(more)]]);
const watched = (kind: 'missed_alert' | 'missed_resolve', since: Date, polls: number) => ({
  ...{ kind, fingerprint: 'a', since, polls },
});
const found = (more: Partial<ReconcileFacts>) =>
  reconcile(facts(more), rules, now).found.map(
    ({ kind, since }) => `${kind} since ${since.toISOString().slice(11, 16)}`,
  );

describe('an alert that is held and that nobody reports', () => {
  const lasted = [watched('missed_alert', ago(5 * minute), 10)];

  it('is watched from the first poll that shows it', () => {
    const result = reconcile(facts({ held: held() }), rules, now);
    expect(result).toEqual({ found: [], repeat: [], watched: [watched('missed_alert', now, 1)], cut: false });
  });

  it('is found when it has lasted for the grace and enough polls', () => {
    expect(found({ held: held(), watched: lasted })).toEqual(['missed_alert since 11:55']);
    expect(found({ held: held(), watched: [watched('missed_alert', ago(4 * minute), 10)] })).toEqual([]);
    expect(found({ held: held(), watched: [watched('missed_alert', ago(60 * minute), 1)] })).toEqual([]);
  });

  it('is not posted, and so not missed, while it is suppressed there or goes to others', () => {
    expect(found({ held: held({ ...ours, active: false }), watched: lasted })).toEqual([]);
    expect(found({ held: held({ ...ours, receivers: ['pager'] }), watched: lasted })).toEqual([]);
    expect(found({ held: held(), watched: lasted, receivers: new Set() })).toEqual([]);
  });

  it('is no longer watched once a post has brought it', () => {
    const result = reconcile(facts({ held: held(), reporting: reporting(), watched: lasted }), rules, now);
    expect(result).toEqual({ found: [], repeat: [], watched: [], cut: false });
  });

  it('is missed too when it was reported once and counts as no longer reported', () => {
    expect(found({ held: held(), reporting: reporting({ ended: true }), watched: lasted })).toHaveLength(1);
  });

  it('is found although another member of the cluster does not answer', () => {
    expect(found({ held: held(), watched: lasted, complete: false })).toHaveLength(1);
  });
});

describe('an alert that is reported and that nobody holds', () => {
  const lasted = [watched('missed_resolve', ago(5 * minute), 10)];

  it('has ended when that has lasted for the grace and enough polls', () => {
    expect(found({ reporting: reporting(), watched: lasted })).toEqual(['missed_resolve since 11:55']);
    expect(found({ reporting: reporting(), watched: [watched('missed_resolve', ago(5 * minute), 1)] })).toEqual([]);
    expect(found({ reporting: reporting(), watched: [watched('missed_resolve', ago(minute), 10)] })).toEqual([]);
  });

  it('is left alone by a round that is not complete, and watched from the beginning by the next', () => {
    const result = reconcile(facts({ reporting: reporting(), watched: lasted, complete: false }), rules, now);
    expect(result).toEqual({ found: [], repeat: [], watched: [], cut: false });
  });

  it('goes on when somebody has said since then that it fires', () => {
    for (const more of [{ lastSeen: ago(minute) }, { firingAt: ago(minute) }]) {
      const result = reconcile(facts({ reporting: reporting(more), watched: lasted }), rules, now);
      expect(result).toEqual({ found: [], repeat: [], watched: [watched('missed_resolve', now, 1)], cut: false });
    }
  });

  it('goes on while it is silenced there', () => {
    const suppressed = held({ ...ours, active: false });
    expect(found({ held: suppressed, reporting: reporting(), watched: lasted })).toEqual([]);
  });
});

describe('an alert that polls have found', () => {
  const repeat = (more: Partial<ReconcileFacts>) => reconcile(facts({ held: held(), ...more }), rules, now).repeat;

  it('is repeated as long as it is held, now and then', () => {
    expect(repeat({ reporting: reporting({ polled: true }) })).toEqual(['a']);
    expect(repeat({ reporting: reporting({ polled: true, lastSeen: ago(minute) }) })).toEqual([]);
    expect(repeat({ reporting: reporting({ polled: true }), answered: false, held: new Map() })).toEqual([]);
  });

  it('is repeated for a source that posts nothing any more, and left to its posts otherwise', () => {
    expect(repeat({ reporting: reporting(), quiet: true })).toEqual(['a']);
    expect(repeat({ reporting: reporting(), quiet: false })).toEqual([]);
  });
});

describe('what one round cannot take', () => {
  const few = { ...rules, atMost: 1 };
  const two = new Map(['a', 'b'].map((fingerprint) => [fingerprint, ours]));

  it('is found by the next', () => {
    const lasted = ['a', 'b'].map((fingerprint) => ({
      ...watched('missed_alert', ago(5 * minute), 10),
      fingerprint,
    }));
    const first = reconcile(facts({ held: two, watched: lasted }), few, now);
    expect(first.found.map(({ fingerprint }) => fingerprint)).toEqual(['a']);
    expect(first.cut).toBe(true);
    const rest = new Map([['b', ours]]);
    const next = reconcile(facts({ held: rest, watched: first.watched }), few, now);
    expect(next.found.map(({ fingerprint }) => fingerprint)).toEqual(['b']);
    expect(next.cut).toBe(false);
  });

  it('is repeated by the next', () => {
    const both = new Map(['a', 'b'].map((fingerprint) => [fingerprint, reporter({ fingerprint, polled: true })]));
    expect(reconcile(facts({ held: two, reporting: both }), few, now)).toMatchObject({ repeat: ['a'], cut: true });
  });
});

describe('a round is complete', () => {
  const member: MemberFacts = { answered: true, cluster: 'ready', peers: 2, startedSeenAt: ago(10 * minute) };

  it('when every member of the cluster is asked, has answered and has run for a while', () => {
    expect(isComplete([member, member], 0, now)).toBe(true);
    expect(isComplete([{ ...member, cluster: 'disabled', peers: 0 }], 0, now)).toBe(true);
  });

  it.each<[string, MemberFacts[], number]>([
    ['nobody is asked', [], 0],
    ['a member has no address', [member, member], 1],
    ['a member is away', [member, { ...member, answered: false }], 0],
    ['a member has just started', [member, { ...member, startedSeenAt: ago(minute) }], 0],
    ['the cluster settles', [member, { ...member, cluster: 'settling' }], 0],
    ['there is a member that we do not know', [member], 0],
  ])('not when %s', (_, members, unasked) => {
    expect(isComplete(members, unasked, now)).toBe(false);
  });
});
