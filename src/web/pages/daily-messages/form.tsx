/** A daily message under edit. */
import { Checkbox, Group } from '@mantine/core';
import { useState } from 'react';
import type { DailyMessage } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { useFault } from '../../parts/fault.ts';
import { ownTimezone, TextField, TimezoneField } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import { NamesField } from '../alert-group/names-field.tsx';

type Draft = Pick<DailyMessage, 'name' | 'contacts' | 'channels' | 'robots' | 'time' | 'timezone'>;

const both = ['email', 'wecom-app'];

export function DailyForm({ original, ...rest }: FormProps<DailyMessage>) {
  const stored = original?.stored;
  const [first] = useState<Draft>(() => ({
    name: stored?.name ?? '',
    contacts: stored?.contacts ?? [],
    channels: stored?.channels ?? both,
    robots: stored?.robots ?? [],
    time: stored?.time ?? '09:00',
    timezone: stored?.timezone ?? ownTimezone(),
  }));
  const [draft, setDraft] = useState(first);
  return (
    <EditForm<DailyMessage>
      kind="daily-messages"
      original={original}
      draft={{ ...draft, name: draft.name.trim() }}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} onChange={(part) => setDraft((before) => ({ ...before, ...part }))} />
    </EditForm>
  );
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const { daily: words } = useText();
  return (
    <>
      <TextField
        path="name"
        label={words.name}
        withAsterisk
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <NamesField
        kind="contacts"
        label={words.contacts}
        hint={words.contactsHint}
        value={draft.contacts}
        onChange={(contacts) => onChange({ contacts })}
        error={useFault('contacts')}
      />
      <Channels value={draft.channels} onChange={(channels) => onChange({ channels })} />
      <NamesField
        kind="robots"
        label={words.rooms}
        hint={words.roomsHint}
        value={draft.robots}
        onChange={(robots) => onChange({ robots })}
        error={useFault('robots')}
      />
      <TextField
        path="time"
        type="time"
        maw={200}
        label={words.time}
        description={words.timeHint}
        withAsterisk
        value={draft.time}
        onChange={(time) => onChange({ time })}
      />
      <TimezoneField
        path="timezone"
        description={words.zoneHint}
        value={draft.timezone}
        onChange={(timezone) => onChange({ timezone })}
      />
    </>
  );
}

function Channels({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const { daily: words, channels } = useText();
  return (
    <Checkbox.Group
      label={words.channels}
      value={value}
      onChange={onChange}
      error={useFault('channels') ?? (value.length === 0 ? words.noChannels : undefined)}
    >
      <Group gap="md" mt={6}>
        {both.map((channel) => (
          <Checkbox key={channel} value={channel} label={channels[channel]} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
