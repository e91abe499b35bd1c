/** When an alert group tells, and how often. */
import { SimpleGrid, Switch, TagsInput, TextInput } from '@mantine/core';
import type { Policy } from '../../client/alert-groups.ts';
import { durationMs } from '../../parts/duration.ts';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';

interface Props {
  policy: Policy;
  onChange: (policy: Policy) => void;
}

type Timer = 'group_wait' | 'group_interval' | 'repeat_interval';

export function PolicyFields({ policy, onChange }: Props) {
  const { alertGroup: words } = useText();
  const timer = (name: Timer) => ({
    name,
    value: policy[name],
    onChange: (value: string) => onChange({ ...policy, [name]: value }),
  });
  return (
    <>
      <TagsInput
        label={words.groupBy}
        description={words.groupByHint}
        placeholder={policy.group_by.length === 0 ? words.groupByPlaceholder : undefined}
        value={policy.group_by}
        onChange={(labels) => onChange({ ...policy, group_by: labels })}
        error={useFault('policy.group_by')}
        acceptValueOnBlur
      />
      <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
        <DurationField {...timer('group_wait')} label={words.wait} hint={words.waitHint} />
        <DurationField {...timer('group_interval')} label={words.interval} hint={words.intervalHint} />
        <DurationField {...timer('repeat_interval')} label={words.repeat} hint={words.repeatHint} />
      </SimpleGrid>
      <Switch
        label={words.sendResolved}
        checked={policy.send_resolved}
        onChange={(event) => onChange({ ...policy, send_resolved: event.currentTarget.checked })}
      />
    </>
  );
}

function DurationField({
  name,
  label,
  hint,
  value,
  onChange,
}: {
  name: Timer;
  label: string;
  hint: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { alertGroup: words } = useText();
  const fault = useFault(`policy.${name}`);
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
