/** When an alert group tells, and how often. */
import { SimpleGrid, Switch, TagsInput } from '@mantine/core';
import type { Policy } from '../../client/alert-groups.ts';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';
import { DurationField } from './duration-field.tsx';
import { GateFields } from './gate-fields.tsx';
import { HoldFields } from './hold-fields.tsx';

interface Props {
  policy: Policy;
  onChange: (policy: Policy) => void;
}

type Timer = 'group_wait' | 'group_interval' | 'repeat_interval';

export function PolicyFields({ policy, onChange }: Props) {
  const { alertGroup: words } = useText();
  const timer = (name: Timer) => ({
    path: `policy.${name}`,
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
      <GateFields policy={policy} onChange={onChange} />
      <HoldFields policy={policy} onChange={onChange} />
    </>
  );
}
