import { Group, Text } from '@mantine/core';
import type { HeartbeatState, HeartbeatStream } from '../../client/types.ts';
import { useText } from '../../text/index.tsx';

const shown: readonly HeartbeatState[] = ['lost', 'recovering', 'late', 'ok', 'pending'];

/** How many are in which state. */
export function Counts({ streams }: { streams: readonly HeartbeatStream[] }) {
  const { heartbeats: words } = useText();
  const of = (state: HeartbeatState) => streams.filter((stream) => stream.state === state).length;
  return (
    <Group gap="md">
      {shown
        .filter((state) => of(state) > 0)
        .map((state) => (
          <Text key={state} size="sm" c="var(--mm-quiet)">
            {of(state)} {words.counts[state]}
          </Text>
        ))}
    </Group>
  );
}
