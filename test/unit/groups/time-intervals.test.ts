/** Time intervals as documents have them: what is refused, and with which words; Alertmanager's own tool is asked too. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readDocument } from '../../../src/groups/apply.ts';
import { HttpProblem } from '../../../src/http/problem.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { needs } from '../../support/needs.ts';
import { programPath } from '../../support/programs.ts';

const document = (entry: unknown) => ({ time_intervals: [{ name: 'i', time_intervals: [entry] }] });

/** What is wrong with an entry, as `path: message`. */
function wrong(entry: unknown): string[] {
  try {
    readDocument(document(entry));
    return [];
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    return error.faults.map((f) => `${f.path.replace('time_intervals[0].time_intervals[0].', '')}: ${f.message}`);
  }
}
const times = (start_time: unknown, end_time: unknown) => ({ times: [{ start_time, end_time }] });

const bad: readonly [unknown, string][] = [
  [times('9:00', '17:00'), 'times[0].start_time: not a time of day such as 09:30'],
  [times('09:60', '17:00'), 'times[0].start_time: not a time of day'],
  [times('09:00', '24:01'), 'times[0].end_time: not a time of day'],
  [times('09:00', '25:00'), 'times[0].end_time: not a time of day'],
  [times('17:00', '09:00'), 'times[0].end_time: must lie after start_time; what goes on past midnight is two times'],
  [times('09:00', '09:00'), 'times[0].end_time: must lie after start_time'],
  [times('24:00', '24:00'), 'times[0].end_time: must lie after start_time'],
  [{ times: [{ start_time: '09:00' }] }, 'times[0].end_time: '],
  [{ weekdays: ['mon'] }, 'weekdays[0]: not a weekday such as monday'],
  [{ weekdays: ['1'] }, 'weekdays[0]: not a weekday'],
  [{ weekdays: ['friday:monday'] }, 'weekdays[0]: a week begins on sunday here'],
  [{ weekdays: ['monday', 'tuesday:'] }, 'weekdays[1]: not a weekday'],
  [{ weekdays: ['monday: friday'] }, 'weekdays[0]: not a weekday'],
  [{ weekdays: ['monday:tuesday:friday'] }, 'weekdays[0]: a range has one colon'],
  [{ days_of_month: ['0'] }, 'days_of_month[0]: not a day from 1 to 31'],
  [{ days_of_month: ['32'] }, 'days_of_month[0]: not a day from 1 to 31'],
  [{ days_of_month: ['-32'] }, 'days_of_month[0]: not a day'],
  [{ days_of_month: ['first'] }, 'days_of_month[0]: not a day'],
  [{ days_of_month: ['-3:5'] }, 'days_of_month[0]: a range that begins at the end of the month ends there too'],
  [{ days_of_month: ['5:1'] }, 'days_of_month[0]: the last day lies before the first one'],
  [{ days_of_month: ['-1:-3'] }, 'days_of_month[0]: the last day lies before the first one'],
  [{ days_of_month: ['28:-20'] }, 'days_of_month[0]: the last day lies before the first one'],
  [{ months: ['mai'] }, 'months[0]: not a month such as may or 5'],
  [{ months: ['december:january'] }, 'months[0]: a range of months does not go past the end of the year'],
  [{ months: ['10:2'] }, 'months[0]: a range of months does not go past the end of the year'],
  [{ years: ['now'] }, 'years[0]: not a year such as 2026'],
  [{ years: ['2028:2026'] }, 'years[0]: the last year lies before the first one'],
  [{ location: 'Mars/Olympus' }, 'location: not an IANA time zone such as Asia/Shanghai, UTC, or Local'],
  [{ location: '+08:00' }, 'location: not an IANA time zone'],
  [{ weekday: ['monday'] }, 'weekday: '],
];

/** What Alertmanager takes and we do not: it could never be active, which nobody means. */
const stricter: readonly [unknown, string][] = [
  [{ times: [] }, 'times: an empty list would fit at no time: leave it out for any time'],
  [{ weekdays: [] }, 'weekdays: an empty list'],
  [{ days_of_month: [] }, 'days_of_month: an empty list'],
  [{ months: [] }, 'months: an empty list'],
  [{ years: [] }, 'years: an empty list'],
  [{ months: ['13'] }, 'months[0]: not a month'],
  // More of one kind say nothing new, and each is looked at for every day of ten years.
  [{ weekdays: Array(8).fill('monday') }, 'weekdays: '],
  [{ days_of_month: Array(32).fill('1') }, 'days_of_month: '],
  [{ times: Array(13).fill({ start_time: '01:00', end_time: '02:00' }) }, 'times: '],
];

const good: readonly [entry: object, kept: object][] = [
  [{}, {}],
  [times('00:00', '24:00'), times('00:00', '24:00')],
  [{ weekdays: ['Monday:FRIDAY', 'sunday:sunday'] }, { weekdays: ['monday:friday', 'sunday'] }],
  [{ days_of_month: ['1:5', -1, '-3:-1', '25:-1'] }, { days_of_month: ['1:5', '-1', '-3:-1', '25:-1'] }],
  [{ days_of_month: ['01:+5'] }, { days_of_month: ['1:5'] }],
  [{ months: ['May:august', 12, '1:2'] }, { months: ['may:august', 'december', 'january:february'] }],
  [{ years: [2026, '2027:2030', '2031:2031'] }, { years: ['2026', '2027:2030', '2031'] }],
  [{ location: 'Asia/Shanghai' }, { location: 'Asia/Shanghai' }],
  [{ location: 'Local' }, { location: 'Local' }],
];

describe('a time interval in a document', () => {
  it.each([...bad, ...stricter])('%j is refused', (entry, message) => {
    expect(wrong(entry)).toEqual([expect.stringContaining(message)]);
  });

  it.each(good)('%j is kept as %j', (entry, kept) => {
    expect(readDocument(document(entry)).time_intervals).toEqual([{ name: 'i', time_intervals: [kept] }]);
    expect(readDocument(document(kept)).time_intervals).toEqual([{ name: 'i', time_intervals: [kept] }]);
  });

  it('has a name, and entries', () => {
    const refused = (body: object) => () => readDocument({ time_intervals: [body] });
    expect(refused({ time_intervals: [{}] })).toThrow(HttpProblem);
    expect(refused({ name: 'i' })).toThrow(HttpProblem);
    expect(refused({ name: 'i', time_intervals: [] })).toThrow(HttpProblem);
  });

  it('may leave a key without a value, as YAML does', () => {
    expect(wrong({ times: null, weekdays: null, location: null })).toEqual([]);
  });
});

needs('amtool')("Alertmanager's own tool", () => {
  const file = join(temporaryFolder('time-intervals'), 'alertmanager.yml');
  const takes = (entry: unknown) => {
    writeFileSync(file, stringify({ route: { receiver: 'x' }, receivers: [{ name: 'x' }], ...document(entry) }));
    return spawnSync(programPath('amtool'), ['check-config', file]).status === 0;
  };

  it('refuses the same, and takes the same', () => {
    expect(bad.filter(([entry]) => takes(entry)).map(([entry]) => entry)).toEqual([]);
    expect(good.filter(([entry, kept]) => !takes(entry) || !takes(kept)).map(([entry]) => entry)).toEqual([]);
    expect(stricter.filter(([entry]) => !takes(entry)).map(([entry]) => entry)).toEqual([]);
  });
});
