import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { notificationsOf } from '../../client/notifications.ts';
import { MessageCard } from '../../parts/message-card.tsx';
import { Read } from '../../parts/read.tsx';
import { Section } from '../../parts/section.tsx';
import { useText } from '../../text/index.tsx';

/** Every message of an incident. */
export function Messages({ incident }: { incident: string }) {
  const { incident: words } = useText();
  const [expanded, setExpanded] = useState<string | null>(null);
  const query = useQuery(notificationsOf(incident));
  return (
    <Section title={words.messages} hint={words.messagesHint}>
      <Read query={query}>
        {({ items }) => (
          <Stack gap={6}>
            {items.length === 0 && (
              <Text size="sm" c="var(--mm-quiet)">
                {words.noMessages}
              </Text>
            )}
            {items.map((message) => (
              <MessageCard
                key={message.id}
                message={message}
                expanded={expanded === message.id}
                onExpand={() => setExpanded(expanded === message.id ? null : message.id)}
              />
            ))}
          </Stack>
        )}
      </Read>
    </Section>
  );
}
