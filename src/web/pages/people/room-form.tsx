import { useState } from 'react';
import type { Robot } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { LanguageField, ownTimezone, TextField, TimezoneField, wordsOf } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useSpeech, useText } from '../../text/index.tsx';

interface Draft {
  name: string;
  /** Empty: the stored one stays. */
  key: string;
  locale: string;
  timezone: string;
  /** Whom to mention, as it is typed. */
  critical: string;
  firing: string;
}

export function RoomForm({ original, ...rest }: FormProps<Robot>) {
  const { language } = useSpeech();
  const stored = original?.stored;
  const [first] = useState<Draft>(() => ({
    name: stored?.name ?? '',
    key: '',
    locale: stored?.locale ?? language,
    timezone: stored?.timezone ?? ownTimezone(),
    critical: stored?.mention.critical.join(', ') ?? '',
    firing: stored?.mention.firing.join(', ') ?? '',
  }));
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { key, name, critical, firing, ...wording } = draft;
  const mention = { critical: wordsOf(critical), firing: wordsOf(firing) };
  return (
    <EditForm<Robot>
      kind="robots"
      original={original}
      draft={{ name: name.trim(), ...(key.trim() === '' ? {} : { key: key.trim() }), ...wording, mention }}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} isNew={original === null} onChange={change} />
    </EditForm>
  );
}

interface FieldsProps {
  draft: Draft;
  isNew: boolean;
  onChange: (part: Partial<Draft>) => void;
}

function Fields({ draft, isNew, onChange }: FieldsProps) {
  const { people: words } = useText();
  return (
    <>
      <TextField
        path="name"
        label={words.name}
        description={words.roomNameHint}
        withAsterisk
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        path="key"
        label={words.key}
        description={isNew ? words.keyHint : words.keyKeep}
        type="password"
        withAsterisk={isNew}
        value={draft.key}
        onChange={(key) => onChange({ key })}
      />
      <LanguageField path="locale" value={draft.locale} onChange={(locale) => onChange({ locale })} />
      <TimezoneField path="timezone" value={draft.timezone} onChange={(timezone) => onChange({ timezone })} />
      <TextField
        path="mention.critical"
        label={words.mentionCritical}
        description={words.mentionHint}
        value={draft.critical}
        onChange={(critical) => onChange({ critical })}
      />
      <TextField
        path="mention.firing"
        label={words.mentionFiring}
        value={draft.firing}
        onChange={(firing) => onChange({ firing })}
      />
    </>
  );
}
