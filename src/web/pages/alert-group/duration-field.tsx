/** A time, as it is written in a file. */
import { TextInput } from '@mantine/core';
import { durationMs } from '../../parts/duration.ts';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';

interface Props {
  /** Where it stands in the body. */
  path: string;
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}

export function DurationField({ path, label, hint, value, onChange }: Props) {
  const { alertGroup: words } = useText();
  const fault = useFault(path);
  return (
    <TextInput
      label={label}
      description={hint}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={durationMs(value.trim()) === null ? words.duration : fault}
      spellCheck={false}
    />
  );
}
