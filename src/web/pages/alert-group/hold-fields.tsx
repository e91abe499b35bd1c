/** What an alert group keeps back to tell it together: in a storm, in quiet hours. */
import { NumberInput, SimpleGrid, Switch } from '@mantine/core';
import type { Policy } from '../../client/alert-groups.ts';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';
import { DurationField } from './duration-field.tsx';
import { IntervalsField } from './intervals-field.tsx';

interface Props {
  policy: Policy;
  onChange: (policy: Policy) => void;
}

type Storm = NonNullable<Policy['storm']>;

/** What a storm is when somebody turns it on. */
const usualStorm: Storm = { alerts: 100, within: '5m', interval: '10m' };

export function HoldFields({ policy, onChange }: Props) {
  const { alertGroup: words } = useText();
  const change = (more: Partial<Policy>) => onChange({ ...policy, ...more });
  const { storm } = policy;
  return (
    <>
      <Switch
        label={words.storm}
        description={words.stormHint}
        checked={storm !== null}
        onChange={(event) => change({ storm: event.currentTarget.checked ? usualStorm : null })}
      />
      {storm !== null && <StormFields storm={storm} onChange={(to) => change({ storm: to })} />}
      <IntervalsField
        name="quiet_time_intervals"
        label={words.quiet}
        hint={words.quietHint}
        none={words.noQuiet}
        value={policy.quiet_time_intervals}
        onChange={(names) => change({ quiet_time_intervals: names })}
      />
    </>
  );
}

function StormFields({ storm, onChange }: { storm: Storm; onChange: (to: Storm) => void }) {
  const { alertGroup: words } = useText();
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
      <NumberInput
        label={words.stormAlerts}
        min={2}
        max={100_000}
        allowDecimal={false}
        value={storm.alerts}
        onChange={(value) => onChange({ ...storm, alerts: Number(value) })}
        error={useFault('policy.storm.alerts')}
      />
      <DurationField
        path="policy.storm.within"
        value={storm.within}
        onChange={(within) => onChange({ ...storm, within })}
        label={words.within}
      />
      <DurationField
        path="policy.storm.interval"
        value={storm.interval}
        onChange={(interval) => onChange({ ...storm, interval })}
        label={words.stormInterval}
      />
    </SimpleGrid>
  );
}
