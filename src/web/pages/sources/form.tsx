import { useState } from 'react';
import type { Source, SourceKind } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { ChoiceField, LinesField, linesOf, TextField } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import { LabelRows } from './label-rows.tsx';
import { type LabelRow, labelsOf, rowsOfLabels } from './labels.ts';

interface Draft {
  name: string;
  kind: SourceKind;
  site: string;
  members: string;
  labels: LabelRow[];
}

const kinds: readonly SourceKind[] = ['alertmanager', 'prometheus'];

/** A source as it was made: with its token, this once. */
export type MadeSource = Source & { token?: string };

export function SourceForm({ original, ...rest }: FormProps<MadeSource>) {
  const stored = original?.stored;
  const [first] = useState<Draft>(() => ({
    name: stored?.name ?? '',
    kind: stored?.kind ?? 'alertmanager',
    site: stored?.site ?? '',
    members: (stored?.members ?? []).join('\n'),
    labels: rowsOfLabels(stored?.labels ?? {}),
  }));
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const body = {
    name: draft.name.trim(),
    kind: draft.kind,
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
      <ChoiceField
        path="kind"
        label={words.kind}
        description={words.kindHint}
        data={kinds.map((value) => ({ value, label: words.kinds[value] }))}
        value={draft.kind}
        onChange={(kind) => onChange({ kind: kind as SourceKind })}
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
