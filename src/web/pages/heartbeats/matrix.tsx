/** Streams of beats as a table: where each comes from, when it came last, and how long it may stay away. */
import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { useMay } from '../../client/me.tsx';
import type { HeartbeatStream } from '../../client/types.ts';
import { addressOf } from '../../parts/address.ts';
import { HeartbeatStateBadge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { Ago, span, useNow } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { declarationHref } from './declaration.ts';
import { Strip } from './strip.tsx';

interface Props {
  streams: readonly HeartbeatStream[];
  /** When they were so. */
  at: number;
  boxed?: boolean;
}

export function Matrix({ streams, at, boxed = false }: Props) {
  const text = useText();
  const { heartbeats: words, common } = text;
  const ms = (value: number | null) => (value === null ? common.unknown : span(value, text));
  return (
    <CardsTable
      label={words.title}
      boxed={boxed}
      rows={streams}
      keyOf={(s) => `${s.name} ${s.source} ${JSON.stringify(s.labels)}`}
      columns={[
        { title: words.state, cell: (s) => <HeartbeatStateBadge state={s.state} /> },
        { title: words.name, wide: true, cell: (s) => <Name stream={s} at={at} /> },
        {
          title: words.source,
          cell: ({ source, site }) => (
            <Brief max={60}>{[source, site].filter(Boolean).join(' · ') || common.none}</Brief>
          ),
        },
        { title: words.last, cell: (s) => (s.last_beat_at === null ? common.never : <Ago at={s.last_beat_at} />) },
        { title: words.left, cell: (s) => <Left stream={s} at={at} /> },
        { title: words.cadence, cell: (s) => ms(s.cadence_ms) },
        { title: words.timeout, cell: (s) => ms(s.timeout_ms) },
      ]}
    />
  );
}

function Name({ stream, at }: { stream: HeartbeatStream; at: number }) {
  const { name, declared, labels } = stream;
  const called = (
    <strong>
      <Brief max={80}>{name}</Brief>
    </strong>
  );
  return (
    <>
      {declared ? <Link href={addressOf('/heartbeats', name)}>{called}</Link> : called}
      {!declared && <Declare stream={stream} />}
      <LabelChips labels={labels} without={['severity']} max={6} />
      <Strip stream={stream} at={at} />
    </>
  );
}

/** A discovered one can be made one's own. */
function Declare({ stream }: { stream: HeartbeatStream }) {
  const { heartbeats: words } = useText();
  const editor = useMay('editor');
  return (
    <>
      {` (${words.discovered}) `}
      {editor && (
        <Button
          component={Link}
          href={declarationHref(stream)}
          size="compact-xs"
          variant="default"
          title={words.declareHint}
        >
          {words.declare}
        </Button>
      )}
    </>
  );
}

/** Counts down between two answers. */
function Left({ stream, at }: { stream: HeartbeatStream; at: number }) {
  const text = useText();
  const { heartbeats: words } = text;
  const now = useNow();
  if (stream.state === 'pending') return words.notArmed;
  if (stream.left_ms === null) return text.common.unknown;
  const left = stream.left_ms - Math.max(0, now - at);
  return left <= 0 || stream.state === 'lost' ? words.overdue : span(left, text);
}
