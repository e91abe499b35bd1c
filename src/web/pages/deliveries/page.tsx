/** Every message to every address, and what became of it. */
import { Group, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Notification, NotificationState } from '../../client/types.ts';
import { useKeys } from '../../parts/keys.tsx';
import { ListEnd } from '../../parts/list-end.tsx';
import { MessageCard } from '../../parts/message-card.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { useExpanded } from '../../parts/use-expanded.ts';
import { useListing } from '../../parts/use-listing.ts';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useText } from '../../text/index.tsx';
import { NearLimits } from './near-limits.tsx';

export default function DeliveriesPage() {
  const { deliveries: words } = useText();
  const [search] = useSearchParams();
  const [expanded, toggle] = useExpanded();
  const listing = useListing<Notification>('notifications', 'api/v1/notifications', {
    q: search.get('q'),
    state: search.get('state'),
    channel: search.get('channel'),
  });
  const { items, hasMore, hasNextPage, more } = listing;
  const empty = items.length === 0 && !hasNextPage;
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <Filters />
      <NearLimits />
      <Read query={listing}>
        {() => empty && <Empty icon="send" title={search.size > 0 ? words.noneFilter : words.none} />}
      </Read>
      <VirtualList
        label={words.list}
        items={items}
        keyOf={(message) => message.id}
        rowHeight={84}
        hasMore={hasMore}
        onMore={more}
        keys={{ e: toggle }}
        row={(message) => (
          <MessageCard message={message} expanded={expanded.has(message.id)} onExpand={() => toggle(message)} linked />
        )}
      />
      <ListEnd listing={listing} />
    </>
  );
}

const states: readonly NotificationState[] = ['undeliverable', 'pending', 'sending', 'accepted', 'cancelled'];
const channels = ['email', 'wecom-app', 'wecom-robot', 'outbox'];

function Filters() {
  const text = useText();
  const { deliveries: words, common } = text;
  const [search, setSearch] = useSearchParams();
  const [q, setQ] = useState(search.get('q') ?? '');
  const [typed] = useDebouncedValue(q.trim(), 300);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => field.current?.focus() });
  const set = useCallback(
    (name: string, value: string) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (value === '') next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed changes the address
  useEffect(() => {
    if (typed !== (search.get('q') ?? '')) set('q', typed);
  }, [typed]);
  return (
    <Group gap="sm" mb="sm">
      <TextInput
        ref={field}
        flex="1 1 16rem"
        aria-label={words.search}
        placeholder={words.search}
        value={q}
        onChange={(event) => setQ(event.currentTarget.value)}
      />
      <NativeSelect
        aria-label={words.state}
        value={search.get('state') ?? ''}
        onChange={(event) => set('state', event.currentTarget.value)}
        data={[
          { value: '', label: `${words.state}: ${common.all}` },
          ...states.map((state) => ({ value: state, label: text.notificationState[state] })),
        ]}
      />
      <NativeSelect
        aria-label={words.channel}
        value={search.get('channel') ?? ''}
        onChange={(event) => set('channel', event.currentTarget.value)}
        data={[
          { value: '', label: `${words.channel}: ${common.all}` },
          ...channels.map((channel) => ({ value: channel, label: text.channels[channel] ?? channel })),
        ]}
      />
    </Group>
  );
}
