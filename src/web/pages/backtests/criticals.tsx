/** Critical alerts of which nobody would be told, or later than they were. */
import { Text } from '@mantine/core';
import type { Comparison, CriticalChange } from '../../client/backtest-types.ts';
import { alertUrl } from '../../parts/alert-url.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { Section } from '../../parts/section.tsx';
import { absolute, span } from '../../parts/time.tsx';
import { nameOf } from '../../parts/title.ts';
import { Brief, OutLink } from '../../parts/value.tsx';
import { useText, type Text as Words } from '../../text/index.tsx';

export function Criticals({ criticals }: { criticals: Comparison['criticals'] }) {
  const text = useText();
  const { backtest: words } = text;
  const { never, later, sooner, examples } = criticals;
  return (
    <Section title={words.criticals} hint={words.criticalsHint}>
      <Text size="sm" mb={examples.length > 0 ? 'xs' : 0}>
        {never + later + sooner === 0 ? words.criticalsSame : words.criticalCounts(never, later, sooner)}{' '}
        {examples.length < never + later && words.firstOf(examples.length, never + later)}
      </Text>
      {examples.length > 0 && (
        <CardsTable
          label={words.criticals}
          rows={examples}
          keyOf={({ fingerprint, starts_at }) => `${fingerprint} ${starts_at}`}
          columns={[
            { title: words.alert, wide: true, cell: (one) => <Alert change={one} /> },
            { title: words.began, cell: (one) => <Moment at={one.starts_at} text={text} /> },
            { title: words.toldAt, cell: (one) => <Moment at={one.told_at} text={text} /> },
            { title: words.would, cell: (one) => <Would change={one} text={text} /> },
          ]}
        />
      )}
    </Section>
  );
}

/** In a window of its own: what is being typed here stays. */
function Alert({ change: { fingerprint, labels } }: { change: CriticalChange }) {
  return (
    <>
      <OutLink href={alertUrl(fingerprint)}>
        <Brief max={80}>{nameOf(labels)}</Brief>
      </OutLink>
      <LabelChips labels={labels} without={['alertname']} max={6} />
    </>
  );
}

function Moment({ at, text }: { at: string; text: Words }) {
  return <time dateTime={at}>{absolute(at, text)}</time>;
}

function Would({ change: { told_at: told, would_be_told_at: would }, text }: { change: CriticalChange; text: Words }) {
  const { backtest: words } = text;
  if (would === null) return <Badge level="critical">{words.never}</Badge>;
  return (
    <Badge level="warning" title={absolute(would, text)}>
      {words.later(span(Date.parse(would) - Date.parse(told), text))}
    </Badge>
  );
}
