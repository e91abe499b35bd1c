/** A schedule under edit: its layers and overrides. */
import { Button, Fieldset, Group, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allQuery } from '../../client/objects.ts';
import type { Schedule } from '../../client/schedule-types.ts';
import { serverNow } from '../../client/server-time.ts';
import type { Contact } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { useFault } from '../../parts/fault.ts';
import { ownTimezone, TextField, TimezoneField } from '../../parts/fields.tsx';
import { toLocal, zoneName } from '../../parts/local-time.ts';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import { bodyOf, type Draft, draftOf, newLayer, newOverride, nextKey, type OverrideDraft } from './draft.ts';
import { LayerFields } from './layer-fields.tsx';

const today = () => toLocal(serverNow()).slice(0, 10);

export function ScheduleForm({ original, ...rest }: FormProps<Schedule>) {
  const { schedules: words } = useText();
  const [first] = useState(
    (): Draft =>
      original === null
        ? { name: '', timezone: ownTimezone(), hand_over_card: true, layers: [newLayer(0, today())], overrides: [] }
        : draftOf(original.stored),
  );
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <EditForm<Schedule>
      kind="schedules"
      original={original}
      draft={bodyOf(draft, original?.stored.overrides ?? [])}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <TextField path="name" label={words.name} withAsterisk value={draft.name} onChange={(name) => change({ name })} />
      <TimezoneField
        path="timezone"
        description={words.zoneHint}
        value={draft.timezone}
        onChange={(timezone) => change({ timezone })}
      />
      <Switch
        label={words.card}
        description={words.cardHint}
        checked={draft.hand_over_card}
        onChange={(event) => change({ hand_over_card: event.currentTarget.checked })}
      />
      <Layers draft={draft} onChange={change} />
      <Overrides draft={draft} onChange={change} />
    </EditForm>
  );
}

interface PartProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

function Layers({ draft: { layers }, onChange }: PartProps) {
  const { schedules: words } = useText();
  const set = (changed: Draft['layers']) => onChange({ layers: changed });
  return (
    <Stack gap="xs" align="stretch">
      <Text size="xs" c="var(--mm-quiet)">
        {words.layersHint}
      </Text>
      {layers.map((layer, at) => (
        <Fieldset key={layer.key} legend={words.layer(at + 1)}>
          <LayerFields
            path={`layers[${at}]`}
            layer={layer}
            onChange={(changed) => set(layers.map((one) => (one.key === layer.key ? changed : one)))}
          />
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            mt="xs"
            onClick={() => set(layers.filter((one) => one.key !== layer.key))}
          >
            {words.removeLayer(at + 1)}
          </Button>
        </Fieldset>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => set([...layers, newLayer(nextKey(layers), today())])}
        >
          {words.addLayer}
        </Button>
      </Group>
      <Fault path="layers" />
    </Stack>
  );
}

/** What is wrong with no single field. */
function Fault({ path }: { path: string }) {
  const fault = useFault(path);
  if (fault === undefined) return null;
  return (
    <Text size="xs" c="var(--mantine-color-error)">
      {fault}
    </Text>
  );
}

function Overrides({ draft: { overrides }, onChange }: PartProps) {
  const { schedules: words } = useText();
  const set = (changed: Draft['overrides']) => onChange({ overrides: changed });
  return (
    <Fieldset legend={words.overrides}>
      <Text size="xs" c="var(--mm-quiet)">
        {words.overridesHint} {words.own(zoneName(serverNow()))}
      </Text>
      <Stack gap="sm" mt="xs" align="stretch">
        {overrides.map((override, at) => (
          <OverrideFields
            key={override.key}
            at={at}
            override={override}
            onChange={(changed) => set(overrides.map((one) => (one.key === override.key ? changed : one)))}
            onRemove={() => set(overrides.filter((one) => one.key !== override.key))}
          />
        ))}
        <Group>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => set([...overrides, newOverride(nextKey(overrides), serverNow())])}
          >
            {words.addOverride}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

interface OverrideProps {
  at: number;
  override: OverrideDraft;
  onChange: (override: OverrideDraft) => void;
  onRemove: () => void;
}

function OverrideFields({ at, override, onChange, onRemove }: OverrideProps) {
  const { schedules: words } = useText();
  const { data = [] } = useQuery(allQuery<Contact>('contacts'));
  const path = `overrides[${at}]`;
  const names = [...new Set([...data.map(({ name }) => name), override.contact])].filter((name) => name !== '');
  return (
    <Group component="fieldset" gap="sm" align="flex-end" bd={0} p={0} m={0} aria-label={words.override(at + 1)}>
      <NativeSelect
        maw={220}
        label={words.contact}
        value={override.contact}
        error={useFault(`${path}.contact`)}
        data={[{ value: '', label: words.noContact }, ...names.map((name) => ({ value: name, label: name }))]}
        onChange={(event) => onChange({ ...override, contact: event.currentTarget.value })}
      />
      <TextField
        path={`${path}.starts_at`}
        type="datetime-local"
        label={words.starting}
        value={override.starts}
        onChange={(starts) => onChange({ ...override, starts })}
      />
      <TextField
        path={`${path}.ends_at`}
        type="datetime-local"
        label={words.ending}
        value={override.ends}
        onChange={(ends) => onChange({ ...override, ends })}
      />
      <Button size="compact-sm" variant="subtle" color="red" onClick={onRemove}>
        {words.removeOverride(at + 1)}
      </Button>
    </Group>
  );
}
