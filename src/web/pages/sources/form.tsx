import { useState } from 'react';
import type { Source, SourceKind } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { ChoiceField, LinesField, TextField } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useText } from '../../text/index.tsx';
import { LabelRows } from './label-rows.tsx';
import { type LabelRow, labelsOf, rowsOfLabels } from './labels.ts';
import { linesOfMembers, membersOfLines } from './members.ts';

interface Draft {
  name: string;
  kind: SourceKind;
  site: string;
  members: string;
  prometheusUrl: string;
  apiUser: string;
  apiToken: string;
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
    members: linesOfMembers(stored?.members ?? []),
    prometheusUrl: stored?.prometheus_url ?? '',
    apiUser: stored?.api_user ?? '',
    apiToken: '',
    labels: rowsOfLabels(stored?.labels ?? {}),
  }));
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const body = {
    name: draft.name.trim(),
    kind: draft.kind,
    site: draft.site.trim(),
    members: membersOfLines(draft.members),
    prometheus_url: draft.prometheusUrl.trim() || null,
    api_user: draft.apiUser.trim() || null,
    ...(draft.apiToken === '' ? {} : { api_token: draft.apiToken }),
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
      <Fields draft={draft} hasToken={stored?.api_token !== undefined} onChange={change} />
    </EditForm>
  );
}

interface FieldsProps {
  draft: Draft;
  /** One is stored, which nobody can read. */
  hasToken: boolean;
  onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, hasToken, onChange }: FieldsProps) {
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
      <AskedFields draft={draft} hasToken={hasToken} onChange={onChange} />
      <LabelRows rows={draft.labels} onChange={(labels) => onChange({ labels })} />
    </>
  );
}

/** What is needed to ask its members, and not only to wait for their posts. */
function AskedFields({ draft, hasToken, onChange }: FieldsProps) {
  const { sources: words } = useText();
  return (
    <>
      <TextField
        path="prometheus_url"
        label={words.prometheusUrl}
        description={words.prometheusUrlHint}
        value={draft.prometheusUrl}
        onChange={(prometheusUrl) => onChange({ prometheusUrl })}
      />
      <TextField
        path="api_user"
        label={words.apiUser}
        description={words.apiUserHint}
        value={draft.apiUser}
        onChange={(apiUser) => onChange({ apiUser })}
      />
      <TextField
        path="api_token"
        label={words.apiToken}
        description={hasToken ? words.apiTokenKept : words.apiTokenHint}
        type="password"
        autoComplete="new-password"
        value={draft.apiToken}
        onChange={(apiToken) => onChange({ apiToken })}
      />
    </>
  );
}
