import { calendarOf } from '../../../src/groups/calendar.ts';
import * as fc from '../../support/fast-check.ts';

const now = new Date('2026-01-05T08:00:00Z');
const shift = (contact: string, startsAt = '2026-01-05T09:00:00Z', endsAt = '2026-01-12T09:00:00Z') => ({
  ...{ contact, startsAt: new Date(startsAt), endsAt: new Date(endsAt) },
});
/** As a calendar program reads it: RFC 5545, 3.1. */
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n');

describe('the calendar of a schedule', () => {
  it('has an event for each shift, in UTC', () => {
    expect(unfolded(calendarOf({ name: 'dba', shifts: [shift('li.wei')], now }))).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Monitor Manager//On call//EN',
      'CALSCALE:GREGORIAN',
      'X-WR-CALNAME:dba',
      'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
      'X-PUBLISHED-TTL:PT1H',
      'BEGIN:VEVENT',
      expect.stringMatching(/^UID:[0-9a-f]{32}@monitor-manager$/),
      'DTSTAMP:20260105T080000Z',
      'DTSTART:20260105T090000Z',
      'DTEND:20260112T090000Z',
      'SUMMARY:li.wei (dba)',
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('keeps the UID of a shift when its end or its contact changes, and gives each its own', () => {
    const uids = (name: string, ...shifts: ReturnType<typeof shift>[]) =>
      calendarOf({ name, shifts, now }).match(/UID:\S+/g) ?? [];
    const [first] = uids('dba', shift('li.wei'));
    expect(uids('dba', shift('zhang.san', '2026-01-05T09:00:00Z', '2026-01-06T00:00:00Z'))).toEqual([first]);
    const later = shift('li.wei', '2026-01-12T09:00:00Z');
    expect(new Set([...uids('dba', shift('li.wei'), later), ...uids('ops', shift('li.wei'))]).size).toBe(3);
  });

  it('escapes what has a meaning in it', () => {
    expect(calendarOf({ name: 'a', shifts: [shift('x;y,z\\n')], now })).toContain('SUMMARY:x\\;y\\,z\\\\n (a)\r\n');
  });

  it('has no line of more than 75 octets, cuts no character, and reads back as it was', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 100 })
      .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
    fc.assert(
      fc.property(name, name, (schedule, contact) => {
        const text = calendarOf({ name: schedule, shifts: [shift(contact)], now });
        const lines = text.split('\r\n');
        expect(lines.at(-1)).toBe('');
        for (const line of lines) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/\p{Cs}/u);
          expect(line).not.toMatch(/[\r\n]/);
        }
        const summary = unfolded(text).find((line) => line.startsWith('SUMMARY:')) ?? '';
        const read = summary.slice('SUMMARY:'.length).replace(/\\([\\;,])/g, '$1');
        expect(read).toBe(`${contact} (${schedule})`);
      }),
    );
  });
});
