import type { TimeInterval, TimeWindow } from '../../../src/web/client/types.ts';
import { bodyOf, fieldsOf } from '../../../src/web/pages/time-intervals/draft.ts';
import { windowWords } from '../../../src/web/parts/interval-words.ts';
import { en } from '../../../src/web/text/en.ts';
import { zhCN } from '../../../src/web/text/zh-cn.ts';

const tuesday: TimeWindow = {
  weekdays: ['tuesday'],
  times: [{ start_time: '02:00', end_time: '04:00' }],
  location: 'Asia/Shanghai',
};

const everything: TimeWindow = {
  times: [
    { start_time: '00:00', end_time: '06:00' },
    { start_time: '22:00', end_time: '24:00' },
  ],
  weekdays: ['sunday', 'tuesday:friday'],
  days_of_month: ['1:5', '-3:-1'],
  months: ['may:august', 'december'],
  years: ['2026:2028'],
  location: 'Europe/Berlin',
};

describe('a time interval in words', () => {
  it('says the days, the times and whose clock counts', () => {
    expect(windowWords(tuesday, en)).toBe('every Tuesday, 02:00–04:00 (Asia/Shanghai)');
    expect(windowWords(tuesday, zhCN)).toBe('每星期二，02:00–04:00（Asia/Shanghai）');
    const twice = { weekdays: ['tuesday', 'friday'] };
    expect(windowWords(twice, en)).toBe('every Tuesday and Friday, all day (UTC)');
    expect(windowWords(twice, zhCN)).toBe('每星期二和星期五，全天（UTC）');
  });

  it('says every day, all day and UTC for what is left out', () => {
    expect(windowWords({}, en)).toBe('every day, all day (UTC)');
    expect(windowWords({ days_of_month: ['1'] }, en)).toBe('on day 1 of the month, all day (UTC)');
  });

  it('leaves nothing out', () => {
    const words = windowWords(everything, en);
    for (const part of [
      'Sunday',
      'Tuesday–Friday',
      '1–5',
      '-3–-1',
      'May–August',
      'December',
      '2026–2028',
      '22:00–24:00',
    ])
      expect(words).toContain(part);
  });
});

describe('the form of a time interval', () => {
  const interval = (time_intervals: TimeWindow[]) => ({ name: 'night', time_intervals }) as TimeInterval;

  it('gives back what it was given', () => {
    for (const windows of [[tuesday], [everything, tuesday]])
      expect(bodyOf(fieldsOf(interval(windows)))).toEqual({ name: 'night', time_intervals: windows });
  });

  it('leaves out what is empty, since an empty list would never fit', () => {
    expect(bodyOf(fieldsOf(interval([{}])))).toEqual({ name: 'night', time_intervals: [{ location: 'UTC' }] });
  });
});
