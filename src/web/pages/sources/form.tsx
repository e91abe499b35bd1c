import { useState } from 'react';
import type { Source } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { LinesField, linesOf, TextField } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import { LabelRows } from './label-rows.tsx';
import { type LabelRow, labelsOf, rowsOfLabels } from './labels.ts';

interface Draft {
  name: string;
  site: string;
  members: string;
  labels: LabelRow[];
}

/** A source as it was made: with its token, this once. */
export type MadeSource = Source & { token?: string };

export function SourceForm({ original, ...rest }: FormProps<MadeSource>) {
  const stored = original?.stored;
  const [first] = useState<Draft>(() => ({
    name: stored?.name ?? '',
    site: stored?.site ?? '',
    members: (stored?.members ?? []).join('\n'),
    labels: rowsOfLabels(stored?.labels ?? {}),
  }));
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const body = {
    name: draft.name.trim(),
    site: draft.site.trim(),
    members: linesOf(draft.members),
    labels: labelsOf(draft.labels),
  };
  return (
    <EditForm<MadeSource>
      kind="sources"
      original={original}
      draft={body}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} onChange={change} />
    </EditForm>
  );
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const { sources: words } = useText();
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
      <TextField
        path="site"
        label={words.site}
        description={words.siteHint}
        value={draft.site}
        onChange={(site) => onChange({ site })}
      />
      <LinesField
        path="members"
        label={words.members}
        description={words.membersHint}
        value={draft.members}
        onChange={(members) => onChange({ members })}
      />
      <LabelRows rows={draft.labels} onChange={(labels) => onChange({ labels })} />
    </>
  );
}
