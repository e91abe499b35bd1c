/** The matrix of heartbeats: every stream of beats, what is worst first. */
import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { request } from '../../client/request.ts';
import { serverNow } from '../../client/server-time.ts';
import type { HeartbeatState, HeartbeatStream } from '../../client/types.ts';
import { HeartbeatStateBadge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { useKeys } from '../../parts/keys.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Failure, Loading } from '../../parts/states.tsx';
import { Ago, span, useNow } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { Counts } from './counts.tsx';

/** Left time is that of the moment of the answer. */
interface Answer {
  streams: HeartbeatStream[];
  at: number;
}

const heartbeatsQuery = {
  queryKey: ['heartbeats'],
  queryFn: async (): Promise<Answer> => {
    const { streams } = await request<{ streams: HeartbeatStream[] }>('GET', 'api/v1/heartbeats?limit=1');
    return { streams, at: serverNow() };
  },
  refetchInterval: 30_000,
};

const order: readonly HeartbeatState[] = ['lost', 'recovering', 'late', 'ok', 'pending'];

export default function HeartbeatsPage() {
  const { heartbeats: words, deliveries } = useText();
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const { data, error, refetch } = useQuery(heartbeatsQuery);
  const streams = useMemo(() => sorted(data?.streams ?? [], wanted), [data, wanted]);
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        <Counts streams={data?.streams ?? []} />
      </PageHead>
      <TextInput
        ref={field}
        mb="sm"
        aria-label={words.filter}
        placeholder={words.filter}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {error !== null && <Failure error={error} onRetry={() => refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data?.streams.length === 0 && (
        <Empty icon="heart" title={words.none}>
          {words.noneHint}
        </Empty>
      )}
      {data !== undefined && data.streams.length > 0 && streams.length === 0 && (
        <Empty icon="heart" title={deliveries.noneFilter} />
      )}
      {streams.length > 0 && <Matrix streams={streams} at={data?.at ?? 0} />}
    </>
  );
}

function sorted(streams: readonly HeartbeatStream[], wanted: string): HeartbeatStream[] {
  const words = wanted.toLowerCase();
  const text = (s: HeartbeatStream) =>
    `${s.name} ${s.source} ${s.site} ${Object.values(s.labels).join(' ')}`.toLowerCase();
  return streams
    .filter((stream) => text(stream).includes(words))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name));
}

function Matrix({ streams, at }: { streams: readonly HeartbeatStream[]; at: number }) {
  const text = useText();
  const { heartbeats: words, common } = text;
  const ms = (value: number | null) => (value === null ? common.unknown : span(value, text));
  return (
    <CardsTable
      label={words.title}
      boxed
      rows={streams}
      keyOf={(s) => `${s.name} ${s.source} ${JSON.stringify(s.labels)}`}
      columns={[
        { title: words.state, cell: (s) => <HeartbeatStateBadge state={s.state} /> },
        { title: words.name, wide: true, cell: (s) => <Name stream={s} /> },
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

function Name({ stream: { name, declared, labels } }: { stream: HeartbeatStream }) {
  const { heartbeats: words } = useText();
  return (
    <>
      <strong>
        <Brief max={80}>{name}</Brief>
      </strong>
      {!declared && ` (${words.discovered})`}
      <LabelChips labels={labels} without={['severity']} max={6} />
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
