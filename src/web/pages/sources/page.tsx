/** Every source: whether it posts, how much, and what went wrong. */
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link } from 'wouter';
import { whileSignedIn } from '../../client/credential.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { Source } from '../../client/types.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { useKeys } from '../../parts/keys.tsx';
import { LabelChips } from '../../parts/labels.tsx';
import { ManagedBadge } from '../../parts/managed.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { hrefOfSource, sourceRefetchMs } from './href.ts';
import { linesOfMembers } from './members.ts';
import { LastError, LastPost, Rate, SourceState } from './state.tsx';

export default function SourcesPage() {
  const { sources: words } = useText();
  const editor = useMay('editor');
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const query = useQuery({ ...allQuery<Source>('sources'), refetchInterval: () => whileSignedIn(sourceRefetchMs) });
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {editor && (
          <Button component={Link} href="/sources/new">
            {words.add}
          </Button>
        )}
      </PageHead>
      <TextInput
        ref={field}
        mb="sm"
        aria-label={words.filter}
        placeholder={words.filter}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <Read query={query}>{(sources) => <Listed sources={sources} wanted={wanted} />}</Read>
    </>
  );
}

function Listed({ sources, wanted }: { sources: readonly Source[]; wanted: string }) {
  const { sources: words } = useText();
  const shown = inOrder(sources, wanted);
  if (sources.length === 0)
    return (
      <Empty icon="source" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  if (shown.length === 0) return <Empty icon="source" title={words.noneFilter} />;
  return <Table sources={shown} />;
}

/** What is quiet first, then by name; only what has all that was typed in it. Pure. */
function inOrder(sources: readonly Source[], wanted: string): Source[] {
  const words = wanted.trim().toLowerCase();
  const weight = ({ activity }: Source) => (activity?.state === 'quiet' ? 0 : 1);
  return sources
    .filter(({ name, site, members }) => [name, site, linesOfMembers(members)].join('\n').toLowerCase().includes(words))
    .sort((a, b) => weight(a) - weight(b) || a.name.localeCompare(b.name));
}

function Table({ sources }: { sources: readonly Source[] }) {
  const { sources: words } = useText();
  return (
    <CardsTable
      label={words.title}
      boxed
      rows={sources}
      keyOf={(source) => source.name}
      columns={[
        { title: words.state, cell: (source) => <SourceState source={source} /> },
        { title: words.name, wide: true, cell: (source) => <Name source={source} /> },
        { title: words.lastPost, cell: (source) => <LastPost source={source} /> },
        { title: words.rate, cell: (source) => <Rate source={source} /> },
        { title: words.lastError, cell: (source) => <LastError source={source} /> },
        { title: words.quarantine, cell: ({ activity }) => words.quarantined(activity?.quarantined_24h ?? 0) },
      ]}
    />
  );
}

function Name({ source }: { source: Source }) {
  return (
    <>
      <Link href={hrefOfSource(source.name)}>
        <strong>
          <Brief max={60}>{source.name}</Brief>
        </strong>
      </Link>{' '}
      <ManagedBadge object={source} />
      {source.site !== '' && (
        <div>
          <Brief max={80}>{source.site}</Brief>
        </div>
      )}
      <LabelChips labels={source.labels} max={6} />
    </>
  );
}
