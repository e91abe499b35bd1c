/** Who is reminded before a silence ends, and told what still fires when it has. */
import { TextInput } from '@mantine/core';
import { durationMs } from '../../parts/duration.ts';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';
import { NamesField } from '../alert-group/names-field.tsx';
import type { SilenceFields } from './draft.ts';

interface Props {
  fields: SilenceFields;
  onChange: (part: Partial<SilenceFields>) => void;
}

export function Reminds({ fields, onChange }: Props) {
  const { silence: words, alertGroup } = useText();
  const fault = useFault('remind');
  const readable = durationMs(fields.remind.trim()) !== null;
  return (
    <>
      <NamesField
        kind="contacts"
        label={words.notify}
        hint={words.notifyHint}
        value={fields.notify}
        onChange={(notify) => onChange({ notify })}
        error={useFault('notify')}
      />
      <TextInput
        label={words.remind}
        description={words.remindHint}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        maw={320}
        value={fields.remind}
        error={readable ? fault : alertGroup.duration}
        onChange={(event) => onChange({ remind: event.currentTarget.value })}
        spellCheck={false}
      />
    </>
  );
}
