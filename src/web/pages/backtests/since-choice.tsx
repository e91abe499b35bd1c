import { Group, SegmentedControl, Text } from '@mantine/core';
import { useId } from 'react';
import { useText } from '../../text/index.tsx';

const days = [1, 7, 14];

/** How far back, until somebody chooses. */
export const usualSince = '7d';

interface Props {
  since: string;
  onChange: (since: string) => void;
  disabled: boolean;
}

/** How far back the replay begins. The service cuts it to what is kept. */
export function SinceChoice({ since, onChange, disabled }: Props) {
  const { backtest: words } = useText();
  const id = useId();
  return (
    <Group gap="xs">
      <Text size="sm" fw={500} id={id}>
        {words.since}
      </Text>
      <SegmentedControl
        aria-labelledby={id}
        value={since}
        onChange={onChange}
        disabled={disabled}
        data={days.map((n) => ({ value: `${n}d`, label: words.days(n) }))}
      />
    </Group>
  );
}
