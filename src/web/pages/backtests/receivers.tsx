/** Who would get more, less, or nothing any more. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { BeforeAfter, Receiver } from '../../client/backtest-types.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Section } from '../../parts/section.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';
import classes from './backtest.module.css';
import { Change } from './change.tsx';
import { silencedOf, whoOf } from './figures.ts';

/** So many before somebody asks for the rest: those that change most come first. */
const fewShown = 30;

export function Receivers({ receivers }: { receivers: readonly Receiver[] }) {
  const text = useText();
  const { backtest: words, tag } = text;
  const [all, setAll] = useState(false);
  const shown = all ? receivers : receivers.slice(0, fewShown);
  const silenced = silencedOf(receivers);
  const hint = silenced.size === 0 ? words.receiversHint : `${words.stopped(silenced.size)} ${words.receiversHint}`;
  return (
    <Section title={words.receivers} hint={hint}>
      <CardsTable
        label={words.receivers}
        rows={shown}
        keyOf={({ name, channel }) => `${channel} ${name}`}
        columns={[
          { title: words.who, wide: true, cell: (one) => <Who receiver={one} silenced={silenced.has(whoOf(one))} /> },
          { title: words.channel, cell: ({ channel }) => <Brief>{wordFor(text.channels, channel)}</Brief> },
          { title: words.before, cell: ({ messages }) => <Count n={messages.before} tag={tag} /> },
          { title: words.after, cell: ({ messages }) => <Count n={messages.after} tag={tag} /> },
          { title: words.change, cell: ({ messages }) => <Change of={messages} /> },
          ...(['reminders', 'limited'] as const)
            .filter((figure) => receivers.some((one) => one[figure].before + one[figure].after > 0))
            .map((figure) => ({
              title: words[figure],
              cell: (one: Receiver) => <Pair of={one[figure]} tag={tag} />,
            })),
        ]}
      />
      {shown.length < receivers.length && (
        <Button size="compact-sm" variant="subtle" onClick={() => setAll(true)}>
          {words.showAll(receivers.length - shown.length)}
        </Button>
      )}
    </Section>
  );
}

function Who({ receiver, silenced }: { receiver: Receiver; silenced: boolean }) {
  const { backtest: words } = useText();
  const { name, kind, messages, stops } = receiver;
  return (
    <>
      <Brief max={80}>{name}</Brief> {kind === 'room' && <span className={classes.quiet}>{words.room} </span>}
      {silenced && <Badge level="critical">{words.stops}</Badge>}
      {stops && !silenced && <Badge level="warning">{words.stopsHere}</Badge>}
      {messages.before === 0 && <Badge level="info">{words.starts}</Badge>}
    </>
  );
}

function Count({ n, tag }: { n: number; tag: string }) {
  return <span className={classes.number}>{n.toLocaleString(tag)}</span>;
}

/** One figure where both are the same. */
function Pair({ of: { before, after }, tag }: { of: BeforeAfter; tag: string }) {
  if (before === after) return <Count n={before} tag={tag} />;
  return (
    <span className={classes.number}>
      {before.toLocaleString(tag)} → {after.toLocaleString(tag)}
    </span>
  );
}
