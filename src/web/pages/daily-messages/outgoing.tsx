/** How our heartbeat to somebody outside fares. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../client/status.ts';
import type { Status } from '../../client/types.ts';
import { Section } from '../../parts/section.tsx';
import { absolute } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText, type Text as Words } from '../../text/index.tsx';

export function Outgoing() {
  const text = useText();
  const { data } = useQuery(statusQuery);
  if (data === undefined) return null;
  return (
    <Section title={text.daily.outgoing}>
      {linesOf(data.outgoing_heartbeat, text).map((line) => (
        <Text key={line} size="sm">
          <Brief max={300}>{line}</Brief>
        </Text>
      ))}
    </Section>
  );
}

function linesOf(outgoing: Status['outgoing_heartbeat'], text: Words): string[] {
  const { daily: words } = text;
  if (outgoing === null) return [words.outgoingOff];
  const { last_sent_at: sentAt, withheld, failing_channels: failing, failure } = outgoing;
  const channels = failing.map((name) => text.channels[name] ?? name);
  return [
    sentAt === null ? words.outgoingNever : words.outgoingSent(absolute(sentAt, text)),
    ...(withheld.length === 0 ? [] : [words.outgoingWithheld]),
    ...withheld.map((reason) => `• ${words.unwell[reason]?.(channels) ?? reason}`),
    ...(failure === null ? [] : [words.outgoingFailed(failure)]),
  ];
}
