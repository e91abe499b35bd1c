/** What the probes of a peer come to, and what its silence means. */
import { decidePeer, type PeerRules } from '../../../src/peers/decide.ts';
import { judge, type SelfFacts, type Third } from '../../../src/peers/judge.ts';
import { isOwnClock, mayTell, type Teller } from '../../../src/peers/rank.ts';
import type { PeerAlert, PeerState } from '../../../src/peers/status.ts';
import { afterAbsence, isAbsence, type Probed, unwatched, type Watch, watched } from '../../../src/peers/watch.ts';

const second = 1_000;
const rules: PeerRules = {
  ...{ intervalMs: 5 * second, timeoutMs: 2 * second, downAfterMs: 15 * second },
  ...{ upAfter: 5, leavingGraceMs: 600 * second },
};
const calm = { understood: true, leaving: false, notReady: false, clockOff: false };

interface Course {
  state: PeerState;
  watch: Watch;
  accused: boolean;
}

/** Plays rounds of one letter each, five seconds apart: `+` answered, `-` missed, `.` we were away, `l` missed on an announced stop. */
function play(rounds: string, from: PeerState = 'up'): Course {
  let course: Course = { state: from, watch: unwatched, accused: false };
  for (const [index, letter] of [...rounds].entries()) {
    const probed: Probed = letter === '.' ? 'void' : letter === '+' ? 'answered' : 'missed';
    const leaving = letter === 'l';
    const gapMs = index === 0 ? 0 : 5 * second;
    const watch = watched(course.watch, { ...calm, probed, gapMs, leaving });
    const answered = probed === 'void' ? null : probed === 'answered';
    course = { watch, ...decidePeer({ state: course.state, watch, answered, leaving }, rules) };
  }
  return course;
}

describe('a peer', () => {
  it.each([
    ['+', 'up', false],
    ['+-', 'suspect', false],
    ['+--', 'suspect', false],
    ['+---', 'suspect', true],
    ['+--+--', 'suspect', false],
    ['+-+-+-+-+', 'suspect', false],
    ['+---+++++', 'up', false],
    ['---', 'suspect', false],
    ['----', 'suspect', true],
    ['+-.-.-', 'suspect', true],
    ['+...', 'up', false],
    ['+lll', 'leaving', false],
  ] as const)('that answers %s is %s', (rounds, state, accused) => {
    expect(play(rounds)).toMatchObject({ state, accused });
  });

  it('that has never answered is not accused, however long it is silent', () => {
    expect(play('-'.repeat(100), 'unknown')).toMatchObject({ state: 'unknown', accused: false });
    expect(play('-'.repeat(100).concat('+'), 'unknown').state).toBe('up');
  });

  it('that was down is back after five good probes in a row, and not before', () => {
    expect(play('++++', 'down').state).toBe('down');
    expect(play('++++-++++', 'down').state).toBe('down');
    expect(play('+++++', 'down').state).toBe('up');
  });

  it('is accused after an announced stop only when the grace is over', () => {
    expect(play(`+${'l'.repeat(119)}`)).toMatchObject({ state: 'leaving', accused: false });
    expect(play(`+${'l'.repeat(120)}`)).toMatchObject({ state: 'leaving', accused: true });
  });

  it('is silent for no time in which we were away', () => {
    const { watch } = play('+--');
    expect(watch).toMatchObject({ silentMs: 10 * second, misses: 2 });
    expect(afterAbsence(watch)).toMatchObject({ silentMs: 0, misses: 0 });
    expect([5, 11, 12].map((seconds) => isAbsence(seconds * second, rules))).toEqual([false, false, true]);
  });
});

describe('its silence', () => {
  const well: SelfFacts = { lagMs: 0, database: true, wayOut: 'open' };
  const third = (facts: Partial<Third>): Third => ({
    ...{ peer: 'site-c', says: 'no_answer', sight: null, silent: false, down: false, ...facts },
  });
  const silent = third({ silent: true });
  it.each([
    ['down', 'another does not reach it either', [third({ says: 'does_not' })], {}],
    ['road', 'another reaches it', [third({ says: 'does_not' }), third({ says: 'reaches' })], {}],
    ['road', 'another reaches it, and our way out is broken', [third({ says: 'reaches' })], { wayOut: 'closed' }],
    ['down', 'another answers us, but not what we ask', [third({})], {}],
    ['cut_off', 'another fell silent with it', [silent], {}],
    ['cut_off', 'nobody answers and our way out is broken', [silent], { wayOut: 'closed' }],
    ['cut_off', 'there is nobody else and our way out is broken', [], { wayOut: 'closed' }],
    ['down', 'there is nobody else and our way out is well', [], {}],
    ['down', 'there is nobody else and no way out to look at', [], { wayOut: 'unknown' }],
    ['down', 'the only other has been down before', [third({ silent: true, down: true })], {}],
    ['not_now', 'our database is away', [third({ says: 'does_not' })], { database: false }],
    ['not_now', 'we are late ourselves', [third({ says: 'does_not' })], { lagMs: 6 * second }],
  ] as const)('means %s when %s', (verdict, _, thirds, self) => {
    expect(judge(thirds, { ...well, ...self }, rules)).toBe(verdict);
  });
});

describe('of several sites that see the same', () => {
  const teller = (name: string, state: PeerState, told: PeerAlert[] = [], able = true): Teller => ({
    ...{ name, able, sight: { name: 'site-x', state, verdict: null, told } },
  });
  const claim = { alertname: 'PeerDown', own: 'site-b', ageMs: 0, waitMs: 15 * second } as const;
  it.each([
    ['tell', 'nobody else watches it', []],
    ['tell', 'the other comes after us', [teller('site-c', 'down', ['PeerDown'])]],
    ['quiet', 'one before us has told', [teller('site-a', 'down', ['PeerDown'])]],
    ['wait', 'one before us is about to', [teller('site-a', 'suspect')]],
    ['tell', 'one before us sees it well', [teller('site-a', 'up')]],
    ['tell', 'one before us can tell nobody', [teller('site-a', 'down', ['PeerDown'], false)]],
    ['tell', 'one before us does not say', [{ name: 'site-a', able: true, sight: null }]],
    ['tell', 'one before us has told something else', [teller('site-a', 'up', ['PeerNotReady'])]],
  ] as const)('%s when %s', (may, _, tellers) => {
    expect(mayTell(claim, tellers)).toBe(may);
  });

  it('the next one tells when the one before it has not for long', () => {
    expect(mayTell({ ...claim, ageMs: 15 * second }, [teller('site-a', 'down')])).toBe('tell');
  });

  it('none blames the others for its own clock', () => {
    const limit = 10 * second;
    const hour = 3_600 * second;
    expect(isOwnClock([hour, hour + 40], limit)).toBe(true);
    expect(isOwnClock([-hour, -hour], limit)).toBe(true);
    expect(isOwnClock([hour], limit)).toBe(false);
    expect(isOwnClock([hour, 3], limit)).toBe(false);
    expect(isOwnClock([0, 12], limit)).toBe(false);
  });
});
