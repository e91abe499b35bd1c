import type { Contact, KeptSilence } from '../../../src/alert/config.ts';
import { dueNotices, stillHolds } from '../../../src/pipeline/notice/due.ts';

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 0, 5, 8, 0, 0);
const at = (ms: number) => new Date(start + ms);
const li = { name: 'li.wei' } as Contact;

/** From eight to ten. */
const silence = (more: Partial<KeptSilence> = {}): KeptSilence => ({
  ...{ id: 's', name: null, matchers: [], startsAt: at(0), endsAt: at(2 * hour), recurs: null },
  ...{ createdBy: 'li.wei', comment: 'c', notify: [li], remindMs: 15 * minute, updatedAt: at(0) },
  ...more,
});
const kinds = (more: Partial<KeptSilence>, ms: number) =>
  dueNotices({ silences: [silence(more)] }, at(ms)).map((due) => due.kind);

describe('the notices of a silence', () => {
  it.each<[string, Partial<KeptSilence>, number, string[]]>([
    ['earlier', {}, 105 * minute - 1, []],
    ['15 minutes before its end', {}, 105 * minute, ['silence_ends']],
    ['until the end', {}, 2 * hour - 1, ['silence_ends']],
    ['at its end', {}, 2 * hour, ['silence_ended']],
    ['a day later', {}, 26 * hour, []],
    ['where it lasts an hour', { endsAt: at(hour) }, 50 * minute, []],
    ['where it shall not be reminded of', { remindMs: 0 }, 110 * minute, []],
    ['where nobody is to be told', { notify: [] }, 110 * minute, []],
    ['where it was edited a moment ago', { updatedAt: at(106 * minute) }, 110 * minute, []],
    ['where it was made within that time', { remindMs: 3 * hour }, minute, []],
    ['where somebody ended it', { updatedAt: at(2 * hour) }, 2 * hour, []],
  ])('are due %s', (_, more, ms, expected) => {
    expect(kinds(more, ms)).toEqual(expected);
  });

  it('have another key for another end', () => {
    const keys = [at(2 * hour), at(2 * hour + minute)].flatMap((endsAt) =>
      dueNotices({ silences: [silence({ endsAt })] }, at(110 * minute)).map((due) => due.key),
    );
    expect(keys).toEqual([
      'silence/s/2026-01-05T10:00:00.000Z/silence_ends',
      'silence/s/2026-01-05T10:01:00.000Z/silence_ends',
    ]);
  });

  it('do not hold any more when the silence has another end, or is over', () => {
    const about = { id: 's', comment: 'c', matchers: [], endsAt: at(2 * hour).toISOString() };
    const notice = { kind: 'silence_ends' as const, silence: about, firing: { total: 0, critical: 0, listed: [] } };
    expect(stillHolds(notice, [silence()], at(110 * minute))).toBe(true);
    expect(stillHolds(notice, [silence({ endsAt: at(3 * hour) })], at(110 * minute))).toBe(false);
    expect(stillHolds(notice, [silence()], at(2 * hour))).toBe(false);
    expect(stillHolds(notice, [], at(110 * minute))).toBe(false);
    expect(stillHolds({ ...notice, kind: 'silence_ended' }, [], at(3 * hour))).toBe(true);
  });
});
