/** Who is told once a day that all is well; and our heartbeat to somebody outside, which serves the same end. */
import { Button, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { whileSignedIn } from '../../client/credential.ts';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { DailyMessage } from '../../client/types.ts';
import { addressOf } from '../../parts/address.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { NameCell } from '../../parts/name-cell.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { clock } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { Outgoing } from './outgoing.tsx';

export default function DailyMessagesPage() {
  const { daily: words } = useText();
  const may = useMay('editor');
  const query = useQuery({
    ...allQuery<DailyMessage>('daily-messages'),
    // The next one is another one by tomorrow.
    refetchInterval: () => whileSignedIn(60_000),
  });
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {may && (
          <Button component={Link} href="/daily-messages/new" size="xs">
            {words.add}
          </Button>
        )}
      </PageHead>
      <Stack gap="md">
        <Read query={query}>{(messages) => <Listed messages={messages} />}</Read>
        <Outgoing />
      </Stack>
    </>
  );
}

function Listed({ messages }: { messages: readonly DailyMessage[] }) {
  const text = useText();
  const { daily: words } = text;
  if (messages.length === 0)
    return (
      <Empty icon="heart" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.list}
      boxed
      rows={messages}
      keyOf={({ name }) => name}
      columns={[
        { title: words.name, cell: (one) => <NameCell object={one} href={addressOf('/daily-messages', one.name)} /> },
        { title: words.to, wide: true, cell: ({ contacts, robots }) => <Names names={[...contacts, ...robots]} /> },
        { title: words.when, cell: ({ time, timezone }) => words.at(time, timezone) },
        { title: words.next, cell: ({ next_at: next }) => (next === null ? null : clock(next, text)) },
      ]}
    />
  );
}

function Names({ names }: { names: readonly string[] }) {
  return <Brief max={200}>{names.join(', ')}</Brief>;
}
