/** A silence under edit: what it hides, from when, until when, why; and what it would hide now. */
import { Stack } from '@mantine/core';
import { useState } from 'react';
import { serverNow } from '../../client/server-time.ts';
import { confirmQuery } from '../../client/silences.ts';
import type { Silence } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { HidesAll, useConfirmation, useUnconfirmed } from '../../parts/hides-all.tsx';
import { Section } from '../../parts/section.tsx';
import { SilencePreviewView, useSilencePreview } from '../../parts/silence-preview.tsx';
import { useText } from '../../text/index.tsx';
import { draftOf, type SilenceFields, setTexts } from './draft.ts';
import { MatcherSets, When, Why } from './fields.tsx';
import { Recurs } from './recurs.tsx';
import { Reminds } from './reminds.tsx';

interface Props {
  stored: Silence | null;
  first: SilenceFields;
  onSaved: (saved: Silence) => void;
  onCancel: () => void;
}

export function SilenceForm({ stored, first, onSaved, onCancel }: Props) {
  const { silence: words } = useText();
  const [begun] = useState(first);
  const [fields, setFields] = useState(begun);
  const change = (part: Partial<SilenceFields>) => setFields((before) => ({ ...before, ...part }));
  const sets = setTexts(fields);
  const preview = useSilencePreview(sets, stored?.id);
  const [confirmed, setConfirmed] = useConfirmation(sets);
  const hidesAll = preview.data?.hides_all_critical === true;
  return (
    <EditForm
      kind="silences"
      original={stored === null ? null : { key: stored.id, stored }}
      draft={draftOf(fields, stored, serverNow())}
      dirty={JSON.stringify(fields) !== JSON.stringify(begun)}
      query={confirmQuery(hidesAll && confirmed)}
      blocked={useUnconfirmed(hidesAll, confirmed)}
      asksWhy={false}
      onSaved={onSaved}
      onCancel={onCancel}
    >
      <Section title={words.matchers} hint={words.lead}>
        <MatcherSets sets={fields.sets} onChange={(sets) => change({ sets })} />
      </Section>
      <Section title={words.hidesNow} hint={words.hidesNowHint}>
        <Stack gap="sm">
          <SilencePreviewView preview={preview} named={5} />
          {hidesAll && <HidesAll old={preview.old} confirmed={confirmed} onChange={setConfirmed} />}
        </Stack>
      </Section>
      <Section title={words.when}>
        <Stack gap="sm">
          <When fields={fields} onChange={change} />
          <Recurs chosen={fields.intervals} onChange={(intervals) => change({ intervals })} />
          <Reminds fields={fields} onChange={change} />
          <Why comment={fields.comment} onChange={(comment) => change({ comment })} />
        </Stack>
      </Section>
    </EditForm>
  );
}
