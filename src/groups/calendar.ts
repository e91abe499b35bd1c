/** The iCalendar form of a schedule (RFC 5545), for calendar programs that follow an address. Pure. */
import { hash } from 'node:crypto';
import type { Shift } from '../alert/on-call.ts';

/** What a calendar is made of. */
export interface CalendarFacts {
  /** Name of the schedule. */
  name: string;
  shifts: readonly Shift[];
  /** When it is made. */
  now: Date;
}

/** A calendar with one event for each shift. The same shift has the same UID whenever it is asked for. */
export function calendarOf({ name, shifts, now }: CalendarFacts): string {
  const lines = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Monitor Manager//On call//EN', 'CALSCALE:GREGORIAN'],
    `X-WR-CALNAME:${escaped(name)}`,
    // Programs differ in which of the two they heed (RFC 7986, and before it by custom).
    ...['REFRESH-INTERVAL;VALUE=DURATION:PT1H', 'X-PUBLISHED-TTL:PT1H'],
    ...shifts.flatMap((shift) => eventOf(name, shift, now)),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function eventOf(name: string, { contact, startsAt, endsAt }: Shift, now: Date): string[] {
  return [
    'BEGIN:VEVENT',
    `UID:${hash('sha256', JSON.stringify([name, startsAt.getTime()]), 'hex').slice(0, 32)}@monitor-manager`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(startsAt)}`,
    `DTEND:${utc(endsAt)}`,
    `SUMMARY:${escaped(`${contact} (${name})`)}`,
    // Whoever is on call may have other things to do meanwhile.
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
}

/** `20260105T090000Z`. Hand-overs are at whole minutes; what an override says in milliseconds is cut off. */
function utc(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** RFC 5545, 3.3.11. */
function escaped(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n?|\n/g, '\\n');
}

const lineOctets = 75;

/** RFC 5545, 3.1: no line is longer than 75 octets, and what goes on begins with a blank. No character is cut. */
function folded(line: string): string {
  const parts: string[] = [];
  let part = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > lineOctets) {
      parts.push(part);
      [part, octets] = ['', 1];
    }
    part += character;
    octets += size;
  }
  return [...parts, part].join('\r\n ');
}
