/** A peer under edit. */
import { useState } from 'react';
import type { Peer } from '../../client/peer-types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { useFault } from '../../parts/fault.ts';
import { TextField } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { useText } from '../../text/index.tsx';

interface Draft {
  name: string;
  url: string;
  /** Empty: the one that is kept. */
  secret: string;
}

export function PeerForm({ original, ...rest }: FormProps<Peer>) {
  const stored = original?.stored;
  const [first] = useState<Draft>(() => ({ name: stored?.name ?? '', url: stored?.url ?? '', secret: '' }));
  const [draft, setDraft] = useState(first);
  return (
    <EditForm<Peer>
      kind="peers"
      original={original}
      draft={{
        ...{ name: draft.name.trim(), url: draft.url.trim() },
        ...(draft.secret === '' ? {} : { secret: draft.secret }),
      }}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} isNew={original === null} onChange={(part) => setDraft((now) => ({ ...now, ...part }))} />
    </EditForm>
  );
}

interface FieldsProps {
  draft: Draft;
  isNew: boolean;
  onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, isNew, onChange }: FieldsProps) {
  const { peers: words } = useText();
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
        path="url"
        type="url"
        label={words.url}
        description={words.urlHint}
        withAsterisk
        value={draft.url}
        onChange={(url) => onChange({ url })}
      />
      <PasswordField
        label={words.secret}
        description={isNew ? words.secretHint : words.secretKept}
        withAsterisk={isNew}
        autoComplete="new-password"
        error={useFault('secret')}
        value={draft.secret}
        onChange={(event) => onChange({ secret: event.currentTarget.value })}
      />
    </>
  );
}
