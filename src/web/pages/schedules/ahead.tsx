/** Who is on call in the next two weeks: as a strip for each week, and as a list. */
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { whileSignedIn } from '../../client/credential.ts';
import type { Shift } from '../../client/schedule-types.ts';
import { shiftsQuery } from '../../client/schedules.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { zoneName } from '../../parts/local-time.ts';
import { Notice } from '../../parts/notice.tsx';
import { Read } from '../../parts/read.tsx';
import { Section } from '../../parts/section.tsx';
import { clock, useNow } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import classes from './strip.module.css';
import { daysFrom, gapsIn, type Piece, type Week, weeksOf } from './weeks.ts';

const weeksShown = 2;
const tones = 4;

export function Ahead({ name }: { name: string }) {
  const { schedules: words } = useText();
  const now = useNow(60_000);
  const days = daysFrom(now, weeksShown);
  const [from, to] = [days[0] as number, days.at(-1) as number];
  const query = useQuery({ ...shiftsQuery(name, from, to), refetchInterval: () => whileSignedIn(60_000) });
  return (
    <Section title={words.ahead} hint={words.aheadHint(zoneName(now))}>
      <Read query={query}>{({ items }) => <Shown shifts={items} days={days} now={now} />}</Read>
    </Section>
  );
}

function Shown({ shifts, days, now }: { shifts: readonly Shift[]; days: readonly number[]; now: number }) {
  const text = useText();
  const { schedules: words } = text;
  const [gap] = gapsIn(shifts, now, days.at(-1) as number);
  const names = [...new Set(shifts.map(({ contact }) => contact))];
  const coming = shifts.filter(({ ends_at }) => Date.parse(ends_at) > now);
  return (
    <Stack gap="sm">
      {gap !== undefined && <Notice>{words.gap(clock(gap.from, text), clock(gap.until, text))}</Notice>}
      <div>
        {weeksOf(days, shifts).map((week) => (
          <WeekStrip key={week.days[0]} week={week} now={now} toneOf={(name) => names.indexOf(name) % tones} />
        ))}
      </div>
      {coming.length > 0 && (
        <CardsTable
          label={words.shifts}
          rows={coming}
          keyOf={({ starts_at }) => starts_at}
          columns={[
            { title: words.who, wide: true, cell: ({ contact }) => <Brief max={100}>{contact}</Brief> },
            { title: words.from, cell: ({ starts_at: at }) => <Edge at={at} end={days[0]} /> },
            { title: words.until, cell: ({ ends_at: at }) => <Edge at={at} end={days.at(-1)} /> },
          ]}
        />
      )}
    </Stack>
  );
}

/** When a shift begins or ends; one that reaches beyond what is shown does neither there. */
function Edge({ at, end }: { at: string; end: number | undefined }) {
  const text = useText();
  return Date.parse(at) === end ? '…' : <time dateTime={at}>{clock(at, text)}</time>;
}

interface StripProps {
  week: Week;
  now: number;
  toneOf: (name: string) => number;
}

/** The list below it says the same in words. */
function WeekStrip({ week: { days, pieces }, now, toneOf }: StripProps) {
  const { tag } = useText();
  const day = new Intl.DateTimeFormat(tag, { weekday: 'short', day: 'numeric' });
  const last = pieces.at(-1);
  const [from, until] = [days[0] as number, last?.until ?? 0];
  return (
    <div className={classes.week} aria-hidden="true">
      <div className={classes.days}>
        {days.map((at) => (
          <span key={at}>{day.format(at)}</span>
        ))}
      </div>
      <div className={classes.strip}>
        {pieces.map((piece) => (
          <Bar key={piece.from} piece={piece} tone={piece.contact === null ? undefined : toneOf(piece.contact)} />
        ))}
        {now >= from && now < until && (
          <div className={classes.now} style={{ left: `${((now - from) / (until - from)) * 100}%` }} />
        )}
      </div>
    </div>
  );
}

function Bar({ piece: { contact, from, until, left, width }, tone }: { piece: Piece; tone: number | undefined }) {
  const text = useText();
  const name = contact ?? text.schedules.nobody;
  return (
    <div
      className={classes.piece}
      data-tone={tone}
      data-nobody={contact === null}
      style={{ left: `${left}%`, width: `${width}%` }}
      title={`${name.slice(0, 200)} · ${clock(from, text)} – ${clock(until, text)}`}
    >
      <bdi>{name.slice(0, 60)}</bdi>
    </div>
  );
}
