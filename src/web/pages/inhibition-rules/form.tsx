import { TagsInput, Text } from '@mantine/core';
import { useState } from 'react';
import type { InhibitionRule } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { useFault } from '../../parts/fault.ts';
import { TextField } from '../../parts/fields.tsx';
import { type MatchersDraft, MatchersField, matchersDraft, matchersOf } from '../../parts/matchers-field.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';

interface Draft {
  name: string;
  source: MatchersDraft;
  target: MatchersDraft;
  equal: string[];
}

function draftOf(stored: InhibitionRule | undefined): Draft {
  return {
    name: stored?.name ?? '',
    source: matchersDraft(stored?.source_matchers ?? []),
    target: matchersDraft(stored?.target_matchers ?? []),
    equal: stored?.equal ?? [],
  };
}

export function RuleForm({ original, ...rest }: FormProps<InhibitionRule>) {
  const [first] = useState(() => draftOf(original?.stored));
  const [draft, setDraft] = useState(first);
  const { name, source, target, equal } = draft;
  return (
    <EditForm<InhibitionRule>
      kind="inhibition-rules"
      original={original}
      draft={{
        name: name.trim(),
        source_matchers: matchersOf(source),
        target_matchers: matchersOf(target),
        equal,
      }}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} onChange={(part) => setDraft((before) => ({ ...before, ...part }))} />
    </EditForm>
  );
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const { inhibition: words } = useText();
  return (
    <>
      <TextField
        path="name"
        label={words.name}
        withAsterisk
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <Side
        title={words.source}
        path="source_matchers"
        value={draft.source}
        onChange={(source) => onChange({ source })}
      />
      <Side
        title={words.target}
        path="target_matchers"
        value={draft.target}
        onChange={(target) => onChange({ target })}
      />
      <TagsInput
        label={words.equal}
        description={words.equalHint}
        value={draft.equal}
        onChange={(equal) => onChange({ equal })}
        error={useFault('equal')}
        acceptValueOnBlur
      />
    </>
  );
}

interface SideProps {
  title: string;
  path: string;
  value: MatchersDraft;
  onChange: (value: MatchersDraft) => void;
}

function Side({ title, path, value, onChange }: SideProps) {
  const fault = useFault(path);
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0, minInlineSize: 0 }}>
      <Text component="legend" size="sm" fw={600} mb={4}>
        {title}
      </Text>
      <MatchersField path={path} value={value} onChange={onChange} />
      {matchersOf(value).length === 0 && fault !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {fault}
        </Text>
      )}
    </fieldset>
  );
}
