/** By which time intervals a silence recurs. */
import { Checkbox, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { allQuery } from '../../client/objects.ts';
import { serverNow } from '../../client/server-time.ts';
import { stateOf } from '../../client/silences.ts';
import type { Silence, TimeInterval } from '../../client/types.ts';
import { useFault } from '../../parts/fault.ts';
import { windowWords } from '../../parts/interval-words.ts';
import { clock } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

/** The choice of a form. */
export function Recurs({ chosen, onChange }: { chosen: string[]; onChange: (names: string[]) => void }) {
  const text = useText();
  const { silence: words, intervals } = text;
  const { data } = useQuery(allQuery<TimeInterval>('time-intervals'));
  const fault = useFault('time_intervals');
  return (
    <Checkbox.Group
      label={words.recurs}
      description={words.recursHint}
      value={chosen}
      onChange={onChange}
      error={fault}
    >
      <Stack gap={6} mt={6}>
        {(data ?? []).map(({ name, time_intervals }) => (
          <Checkbox
            key={name}
            value={name}
            label={<Brief max={100}>{name}</Brief>}
            description={<Brief max={300}>{time_intervals.map((one) => windowWords(one, text)).join('; ')}</Brief>}
          />
        ))}
        {/* What is typed here stays here. */}
        <Text size="sm">
          <Link href="/time-intervals" target="_blank">
            {intervals.title}
          </Link>
        </Text>
      </Stack>
    </Checkbox.Group>
  );
}

/** The same in words, and when it hides next. */
export function Recurring({ silence }: { silence: Silence }) {
  const text = useText();
  const { silences: words } = text;
  const { time_intervals: names, next_change_at: next, active_now: active } = silence;
  const { data } = useQuery({ ...allQuery<TimeInterval>('time-intervals'), enabled: names.length > 0 });
  if (names.length === 0) return null;
  const wordsOf = (name: string) => {
    const found = data?.find((one) => one.name === name);
    return found === undefined ? name : found.time_intervals.map((one) => windowWords(one, text)).join('; ');
  };
  const changes = next !== null && stateOf(silence, serverNow()) === 'active';
  return (
    <Text size="sm" component="div">
      <Brief max={300}>{names.map(wordsOf).join('; ')}</Brief>
      {changes && ` · ${words.changes(active, clock(next, text))}`}
    </Text>
  );
}
