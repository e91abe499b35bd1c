/** The matrix of heartbeats: every stream of beats, what is worst first. */
import { Button, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import { streamsQuery } from '../../client/heartbeats.ts';
import { useMay } from '../../client/me.tsx';
import type { HeartbeatState, HeartbeatStream } from '../../client/types.ts';
import { useKeys } from '../../parts/keys.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { Counts } from './counts.tsx';
import { Matrix } from './matrix.tsx';

const order: readonly HeartbeatState[] = ['lost', 'recovering', 'late', 'ok', 'pending'];

export default function HeartbeatsPage() {
  const { heartbeats: words, deliveries, daily } = useText();
  const editor = useMay('editor');
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const query = useQuery(streamsQuery);
  const { data } = query;
  const streams = useMemo(() => sorted(data?.streams ?? [], wanted), [data, wanted]);
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        <Group gap="md">
          <Link href="/daily-messages">{daily.title}</Link>
          <Counts streams={data?.streams ?? []} />
          {editor && (
            <Button component={Link} href="/heartbeats/new" size="sm">
              {words.add}
            </Button>
          )}
        </Group>
      </PageHead>
      <TextInput
        ref={field}
        mb="sm"
        aria-label={words.filter}
        placeholder={words.filter}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Read query={query}>
        {(all) => {
          if (streams.length > 0) return <Matrix boxed streams={streams} at={all.at} />;
          if (all.streams.length > 0) return <Empty icon="heart" title={deliveries.noneFilter} />;
          return (
            <Empty icon="heart" title={words.none}>
              {words.noneHint}
            </Empty>
          );
        }}
      </Read>
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
