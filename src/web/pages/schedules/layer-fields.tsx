/** The fields of one layer of a schedule. */
import { Button, Fieldset, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useFault } from '../../parts/fault.ts';
import { TextField } from '../../parts/fields.tsx';
import { dayName, weekdays } from '../../parts/interval-words.ts';
import { useText } from '../../text/index.tsx';
import { NamesField } from '../alert-group/names-field.tsx';
import { newEntry } from '../time-intervals/draft.ts';
import { EntryFields } from '../time-intervals/fields.tsx';
import { type LayerDraft, nextKey } from './draft.ts';

interface Props {
  /** Where it is in the body. */
  path: string;
  layer: LayerDraft;
  onChange: (layer: LayerDraft) => void;
}

export function LayerFields({ path, layer, onChange }: Props) {
  const { schedules: words } = useText();
  const change = (part: Partial<LayerDraft>) => onChange({ ...layer, ...part });
  return (
    <Stack gap="sm">
      <NamesField
        kind="contacts"
        label={words.contacts}
        hint={words.contactsHint}
        value={layer.contacts}
        onChange={(contacts) => change({ contacts })}
        error={useFault(`${path}.contacts`)}
      />
      <Turn path={path} layer={layer} change={change} />
      <Only path={`${path}.only`} only={layer.only} onChange={(only) => change({ only })} />
    </Stack>
  );
}

interface TurnProps {
  path: string;
  layer: LayerDraft;
  change: (part: Partial<LayerDraft>) => void;
}

/** How long a turn is, and when it is handed over. */
function Turn({ path, layer: { every, unit, hand_over, weekday, starts }, change }: TurnProps) {
  const { schedules: words, tag } = useText();
  const weekdayFault = useFault(`${path}.weekday`);
  return (
    <Group gap="sm" align="flex-start">
      <TextField
        path={`${path}.every`}
        label={words.every}
        inputMode="numeric"
        w={80}
        value={every}
        onChange={(text) => change({ every: text })}
      />
      <NativeSelect
        label={words.unit}
        value={unit}
        data={(['day', 'week'] as const).map((value) => ({ value, label: words.units[value] ?? value }))}
        onChange={(event) => change({ unit: event.currentTarget.value as LayerDraft['unit'] })}
      />
      {unit === 'week' && (
        <NativeSelect
          label={words.weekday}
          value={weekday}
          data={weekdays.map((value) => ({ value, label: dayName(value, tag) }))}
          error={weekdayFault}
          onChange={(event) => change({ weekday: event.currentTarget.value })}
        />
      )}
      <TextField
        path={`${path}.hand_over`}
        label={words.handOver}
        placeholder="09:00"
        w={110}
        value={hand_over}
        onChange={(text) => change({ hand_over: text })}
      />
      <TextField
        path={`${path}.starts`}
        type="date"
        label={words.starts}
        value={starts}
        onChange={(text) => change({ starts: text })}
      />
    </Group>
  );
}

interface OnlyProps {
  path: string;
  only: LayerDraft['only'];
  onChange: (only: LayerDraft['only']) => void;
}

function Only({ path, only, onChange }: OnlyProps) {
  const { schedules: words } = useText();
  return (
    <Fieldset variant="unstyled" legend={words.restrict}>
      {only.length === 0 && (
        <Text size="xs" c="var(--mm-quiet)">
          {words.restrictHint}
        </Text>
      )}
      <Stack gap="sm" mt={6} align="stretch">
        {only.map((entry, at) => (
          <Fieldset key={entry.key} legend={words.time(at + 1)}>
            <EntryFields
              path={`${path}[${at}]`}
              entry={entry}
              zoned={false}
              onChange={(changed) => onChange(only.map((one) => (one.key === entry.key ? changed : one)))}
            />
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              onClick={() => onChange(only.filter((one) => one.key !== entry.key))}
            >
              {words.removeTime(at + 1)}
            </Button>
          </Fieldset>
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={() => onChange([...only, newEntry(nextKey(only), 'UTC')])}
          >
            {words.addTime}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
