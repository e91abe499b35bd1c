import { useState } from 'react';
import type { Contact } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { LanguageField, ownTimezone, TextField, TimezoneField, wordsOf } from '../../parts/fields.tsx';
import type { FormProps } from '../../parts/object-frame.tsx';
import { useSpeech, useText } from '../../text/index.tsx';

interface Draft {
  name: string;
  email: string;
  wecom: string;
  locale: string;
  timezone: string;
  /** Times of day, as they are typed. */
  digest: string;
}

export function ContactForm({ original, ...rest }: FormProps<Contact>) {
  const { language } = useSpeech();
  const stored = original?.stored;
  const [first] = useState<Draft>(() => ({
    name: stored?.name ?? '',
    email: stored?.email ?? '',
    wecom: stored?.wecom ?? '',
    locale: stored?.locale ?? language,
    timezone: stored?.timezone ?? ownTimezone(),
    digest: stored?.digest_at.join(', ') ?? '',
  }));
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <EditForm<Contact>
      kind="contacts"
      original={original}
      draft={bodyOf(draft, stored?.openid ?? null)}
      dirty={JSON.stringify(draft) !== JSON.stringify(first)}
      {...rest}
    >
      <Fields draft={draft} onChange={change} />
    </EditForm>
  );
}

/** What is left empty is no address; what this page has no field for stays as it is. */
function bodyOf({ name, email, wecom, digest, ...wording }: Draft, openid: string | null) {
  return {
    ...{ name: name.trim(), email: email.trim() || null, wecom: wecom.trim() || null, openid, ...wording },
    digest_at: wordsOf(digest),
  };
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const { people: words } = useText();
  return (
    <>
      <TextField
        path="name"
        label={words.name}
        description={words.contactNameHint}
        withAsterisk
        value={draft.name}
        onChange={(name) => onChange({ name })}
      />
      <TextField
        path="email"
        label={words.email}
        inputMode="email"
        value={draft.email}
        onChange={(email) => onChange({ email })}
      />
      <TextField
        path="wecom"
        label={words.wecom}
        description={words.wecomHint}
        value={draft.wecom}
        onChange={(wecom) => onChange({ wecom })}
      />
      <LanguageField path="locale" value={draft.locale} onChange={(locale) => onChange({ locale })} />
      <TimezoneField path="timezone" value={draft.timezone} onChange={(timezone) => onChange({ timezone })} />
      <TextField
        path="digest_at"
        label={words.digest}
        description={words.digestHint}
        placeholder="09:00, 17:00"
        value={draft.digest}
        onChange={(digest) => onChange({ digest })}
      />
    </>
  );
}
