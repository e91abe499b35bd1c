import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { notificationsOf } from '../../client/notifications.ts';
import { MessageCard } from '../../parts/message-card.tsx';
import { Section } from '../../parts/section.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';

/** Every message of an incident. */
export function Messages({ incident }: { incident: string }) {
  const { incident: words } = useText();
  const [expanded, setExpanded] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(notificationsOf(incident));
  return (
    <Section title={words.messages} hint={words.messagesHint}>
      {error !== null && <Failure error={error} onRetry={() => refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data?.items.length === 0 && (
        <Text size="sm" c="var(--mm-quiet)">
          {words.noMessages}
        </Text>
      )}
      <Stack gap={6}>
        {data?.items.map((message) => (
          <MessageCard
            key={message.id}
            message={message}
            expanded={expanded === message.id}
            onExpand={() => setExpanded(expanded === message.id ? null : message.id)}
          />
        ))}
      </Stack>
    </Section>
  );
}
