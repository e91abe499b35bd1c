/** A time interval under edit: its name, and one or more entries, of which one must fit. */
import { Button, Fieldset, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { TimeInterval } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { TextField } from '../../parts/fields.tsx';
import { windowWords } from '../../parts/interval-words.ts';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import { bodyOf, type Entry, type IntervalFields, newEntry } from './draft.ts';
import { EntryFields } from './fields.tsx';

interface Props extends FormProps<TimeInterval> {
  /** What it begins with. */
  first: IntervalFields;
}

export function IntervalForm({ first, ...rest }: Props) {
  const { intervals: words } = useText();
  const [fields, setFields] = useState(first);
  const setEntries = (entries: Entry[]) => setFields({ ...fields, entries });
  const add = () => {
    const key = Math.max(...fields.entries.map((entry) => entry.key)) + 1;
    setEntries([...fields.entries, newEntry(key, fields.entries.at(-1)?.zone ?? 'UTC')]);
  };
  return (
    <EditForm
      kind="time-intervals"
      draft={bodyOf(fields)}
      dirty={JSON.stringify(fields) !== JSON.stringify(first)}
      {...rest}
    >
      <TextField
        path="name"
        maw={420}
        label={words.name}
        value={fields.name}
        onChange={(name) => setFields({ ...fields, name })}
      />
      {fields.entries.map((entry, at) => (
        <EntrySection
          key={entry.key}
          at={at}
          entry={entry}
          onChange={(changed) => setEntries(fields.entries.map((one) => (one.key === entry.key ? changed : one)))}
          onRemove={
            fields.entries.length > 1
              ? () => setEntries(fields.entries.filter((one) => one.key !== entry.key))
              : undefined
          }
        />
      ))}
      <Stack align="flex-start">
        <Button size="compact-sm" variant="default" onClick={add}>
          {words.addEntry}
        </Button>
      </Stack>
    </EditForm>
  );
}

interface EntryProps {
  at: number;
  entry: Entry;
  onChange: (entry: Entry) => void;
  /** Undefined: it is the last one. */
  onRemove: (() => void) | undefined;
}

function EntrySection({ at, entry, onChange, onRemove }: EntryProps) {
  const text = useText();
  const { intervals: words } = text;
  const [said] = bodyOf({ name: '', entries: [entry] }).time_intervals.map((window) => windowWords(window, text));
  return (
    <Fieldset legend={words.entry(at + 1)}>
      <EntryFields path={`time_intervals[${at}]`} entry={entry} onChange={onChange} />
      <Text size="sm" mt="sm" role="status">
        <bdi>{said}</bdi>
      </Text>
      {onRemove !== undefined && (
        <Button size="compact-sm" variant="subtle" color="red" onClick={onRemove}>
          {words.removeEntry(at + 1)}
        </Button>
      )}
    </Fieldset>
  );
}
