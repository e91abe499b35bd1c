import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allQuery } from '../../client/objects.ts';
import type { Heartbeat } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { useFault } from '../../parts/fault.ts';
import { ChoiceField, TextField } from '../../parts/fields.tsx';
import { type MatchersDraft, MatchersField, matchersDraft, matchersOf } from '../../parts/matchers-field.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import type { Declaration } from './declaration.ts';

interface Draft {
  name: string;
  /** Empty: any. */
  source: string;
  matchers: MatchersDraft;
  timeout: string;
  /** Empty: the emergency contacts. */
  group: string;
}

interface Props extends FormProps<Heartbeat> {
  /** What a new one begins with. */
  begin?: Declaration;
}

function draftOf(stored: Heartbeat | undefined, begin: Declaration | undefined): Draft {
  return {
    name: stored?.name ?? begin?.name ?? '',
    source: stored?.source ?? begin?.source ?? '',
    matchers: matchersDraft(stored?.matchers ?? begin?.matchers ?? []),
    timeout: stored?.timeout ?? begin?.timeout ?? '3m',
    group: stored?.alert_group ?? '',
  };
}

export function HeartbeatForm({ original, begin, ...rest }: Props) {
  const [first] = useState(() => draftOf(original?.stored, begin));
  const [draft, setDraft] = useState(first);
  const { name, source, matchers, timeout, group } = draft;
  return (
    <EditForm<Heartbeat>
      kind="heartbeats"
      original={original}
      draft={{
        name: name.trim(),
        source: source || null,
        matchers: matchersOf(matchers),
        timeout: timeout.trim(),
        alert_group: group || null,
      }}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} onChange={(part) => setDraft((before) => ({ ...before, ...part }))} />
    </EditForm>
  );
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const { heartbeats: words } = useText();
  const sources = useNames('sources', draft.source);
  const groups = useNames('alert-groups', draft.group);
  const fault = useFault('matchers');
  return (
    <>
      <TextField
        path="name"
        label={words.name}
        description={words.nameHint}
        withAsterisk
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <ChoiceField
        path="source"
        label={words.source}
        description={words.sourceHint}
        data={[{ value: '', label: words.anySource }, ...sources]}
        searchable
        value={draft.source}
        onChange={(source) => onChange({ source })}
      />
      <MatchersField value={draft.matchers} onChange={(matchers) => onChange({ matchers })} />
      <Text size="xs" c="var(--mm-quiet)">
        {words.matchersHint}
      </Text>
      {matchersOf(draft.matchers).length === 0 && fault !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {fault}
        </Text>
      )}
      <TextField
        path="timeout"
        label={words.timeout}
        description={words.timeoutHint}
        value={draft.timeout}
        onChange={(timeout) => onChange({ timeout })}
      />
      <ChoiceField
        path="alert_group"
        label={words.group}
        description={words.groupHint}
        data={[{ value: '', label: words.noGroup }, ...groups]}
        searchable
        value={draft.group}
        onChange={(group) => onChange({ group })}
      />
    </>
  );
}

/** What can be chosen; what is chosen is there before the list is. */
function useNames(kind: 'sources' | 'alert-groups', chosen: string): { value: string; label: string }[] {
  const { data = [] } = useQuery(allQuery<{ name: string }>(kind));
  const names = new Set([...(chosen === '' ? [] : [chosen]), ...data.map(({ name }) => name)]);
  return [...names].map((name) => ({ value: name, label: name }));
}
