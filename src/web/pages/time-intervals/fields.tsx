/** The fields of one entry of a time interval. */
import { Button, Checkbox, Fieldset, Group, Stack, Text, TextInput } from '@mantine/core';
import { useFault } from '../../parts/fault.ts';
import { TimezoneField } from '../../parts/fields.tsx';
import { Icon } from '../../parts/icons.tsx';
import { dayName, weekdays } from '../../parts/interval-words.ts';
import { useText } from '../../text/index.tsx';
import type { Entry, TimeRow } from './draft.ts';

interface Props {
  /** Where it is in the body. */
  path: string;
  entry: Entry;
  /** False: whose clock counts is said elsewhere. */
  zoned?: boolean;
  onChange: (entry: Entry) => void;
}

/** A week as people here begin it. */
const fromMonday = [...weekdays.slice(1), ...weekdays.slice(0, 1)];

export function EntryFields({ path, entry, zoned = true, onChange }: Props) {
  const { intervals: words, tag } = useText();
  const change = (part: Partial<Entry>) => onChange({ ...entry, ...part });
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label={words.weekdays}
        description={words.weekdaysHint}
        value={entry.days}
        onChange={(days) => change({ days })}
        error={useFault(`${path}.weekdays`)}
      >
        <Group gap="md" mt={6}>
          {fromMonday.map((day) => (
            <Checkbox key={day} value={day} label={dayName(day, tag)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Times path={`${path}.times`} times={entry.times} onChange={(times) => change({ times })} />
      {zoned && (
        <TimezoneField
          path={`${path}.location`}
          description={words.zoneHint}
          value={entry.zone}
          onChange={(zone) => change({ zone })}
        />
      )}
      <Group align="flex-start" gap="sm">
        <TextInput
          label={words.days}
          description={words.daysHint}
          value={entry.dates}
          error={useFault(`${path}.days_of_month`)}
          onChange={(event) => change({ dates: event.currentTarget.value })}
        />
        <TextInput
          label={words.months}
          description={words.monthsHint}
          value={entry.months}
          error={useFault(`${path}.months`)}
          onChange={(event) => change({ months: event.currentTarget.value })}
        />
        <TextInput
          label={words.years}
          description={words.yearsHint}
          value={entry.years}
          error={useFault(`${path}.years`)}
          onChange={(event) => change({ years: event.currentTarget.value })}
        />
      </Group>
    </Stack>
  );
}

interface TimesProps {
  path: string;
  times: readonly TimeRow[];
  onChange: (times: TimeRow[]) => void;
}

function Times({ path, times, onChange }: TimesProps) {
  const { intervals: words } = useText();
  const add = () => onChange([...times, { key: Math.max(-1, ...times.map(({ key }) => key)) + 1, start: '', end: '' }]);
  return (
    <Fieldset variant="unstyled" legend={words.times}>
      <Text size="xs" c="var(--mm-quiet)">
        {words.timesHint}
      </Text>
      <Stack gap={6} mt={6} align="flex-start">
        {times.map((row, at) => (
          <TimeFields
            key={row.key}
            path={`${path}[${at}]`}
            number={at + 1}
            row={row}
            onChange={(changed) => onChange(times.map((one) => (one.key === row.key ? changed : one)))}
            onRemove={() => onChange(times.filter((one) => one.key !== row.key))}
          />
        ))}
        <Button size="compact-sm" variant="subtle" onClick={add}>
          {words.addTime}
        </Button>
      </Stack>
    </Fieldset>
  );
}

interface TimeProps {
  path: string;
  number: number;
  row: TimeRow;
  onChange: (row: TimeRow) => void;
  onRemove: () => void;
}

function TimeFields({ path, number, row, onChange, onRemove }: TimeProps) {
  const { intervals: words } = useText();
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <TextInput
        w={110}
        aria-label={words.from}
        placeholder="02:00"
        value={row.start}
        error={useFault(`${path}.start_time`)}
        onChange={(event) => onChange({ ...row, start: event.currentTarget.value })}
      />
      <TextInput
        w={110}
        aria-label={words.to}
        placeholder="04:00"
        value={row.end}
        error={useFault(`${path}.end_time`)}
        onChange={(event) => onChange({ ...row, end: event.currentTarget.value })}
      />
      <Button variant="subtle" px="xs" aria-label={words.removeTime(number)} onClick={onRemove}>
        <Icon name="x" />
      </Button>
    </Group>
  );
}
