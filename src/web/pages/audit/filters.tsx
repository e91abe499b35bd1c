import { Button, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useKeys } from '../../parts/keys.tsx';
import { fromLocal, toLocal } from '../../parts/local-time.ts';
import { useText } from '../../text/index.tsx';
import { type AuditFilter, noFilter } from './use-audit-filter.ts';

interface Props {
  filter: AuditFilter;
  onChange: (change: Partial<AuditFilter>) => void;
}

export function Filters({ filter, onChange }: Props) {
  const { audit: words } = useText();
  const filtered = Object.values(filter).some((value) => value !== '');
  return (
    <Stack gap="xs" mb="sm" align="flex-start">
      <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="xs" verticalSpacing="xs" w="100%">
        <Exact name="who" hint={words.whoHint} filter={filter} onChange={onChange} slash />
        <OneOf name="action" words={words.actions} filter={filter} onChange={onChange} />
        <OneOf name="kind" words={words.kinds} filter={filter} onChange={onChange} />
        <Exact name="key" hint={words.keyHint} filter={filter} onChange={onChange} />
        <Moment name="since" filter={filter} onChange={onChange} />
        <Moment name="until" filter={filter} onChange={onChange} />
      </SimpleGrid>
      {filtered && (
        <Button size="compact-sm" variant="subtle" onClick={() => onChange(noFilter)}>
          {words.clear}
        </Button>
      )}
    </Stack>
  );
}

/** What the API compares as a whole: it counts once it has been typed to the end. */
function Exact({
  name,
  hint,
  filter,
  onChange,
  slash = false,
}: Props & { name: 'who' | 'key'; hint: string; slash?: boolean }) {
  const { audit: words } = useText();
  const [typed, setTyped] = useState(filter[name]);
  const field = useRef<HTMLInputElement>(null);
  useKeys(slash ? { '/': () => field.current?.focus() } : {});
  useEffect(() => setTyped(filter[name]), [filter, name]);
  const settle = () => typed.trim() !== filter[name] && onChange({ [name]: typed.trim() });
  return (
    <TextInput
      ref={field}
      label={words[name]}
      title={hint}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={settle}
      onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && settle()}
      maxLength={200}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      enterKeyHint="done"
    />
  );
}

function OneOf({
  name,
  words: choices,
  filter,
  onChange,
}: Props & { name: 'kind' | 'action'; words: Readonly<Record<string, string>> }) {
  const { audit: words, common } = useText();
  return (
    <NativeSelect
      label={words[name]}
      value={filter[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      data={[{ value: '', label: common.all }, ...Object.entries(choices).map(([value, label]) => ({ value, label }))]}
    />
  );
}

function Moment({ name, filter, onChange }: Props & { name: 'since' | 'until' }) {
  const { audit: words } = useText();
  return (
    <TextInput
      type="datetime-local"
      label={words[name]}
      value={toLocal(filter[name])}
      onChange={(event) => onChange({ [name]: utcOf(event.currentTarget.value) })}
    />
  );
}

/** The address has UTC. */
function utcOf(local: string): string {
  const at = fromLocal(local);
  return at === null ? '' : new Date(at).toISOString();
}
