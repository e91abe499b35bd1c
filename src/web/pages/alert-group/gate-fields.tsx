/** What an alert group keeps back: until it has lasted, while it flaps, at which times. */
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

/** What flapping is when somebody turns it on. */
const usualFlapping = { changes: 6, within: '1h' };

export function GateFields({ policy, onChange }: Props) {
  const { alertGroup: words } = useText();
  const change = (more: Partial<Policy>) => onChange({ ...policy, ...more });
  const { flapping } = policy;
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <DurationField
          path="policy.for"
          value={policy.for}
          onChange={(value) => change({ for: value })}
          label={words.lasts}
          hint={words.lastsHint}
        />
        <DurationField
          path="policy.keep_firing_for"
          value={policy.keep_firing_for}
          onChange={(value) => change({ keep_firing_for: value })}
          label={words.keep}
          hint={words.keepHint}
        />
      </SimpleGrid>
      <Switch
        label={words.flapping}
        description={words.flappingHint}
        checked={flapping !== null}
        onChange={(event) => change({ flapping: event.currentTarget.checked ? usualFlapping : null })}
      />
      {flapping !== null && <FlappingFields flapping={flapping} onChange={(to) => change({ flapping: to })} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        <IntervalsField
          name="mute_time_intervals"
          label={words.mute}
          hint={words.muteHint}
          none={words.noMute}
          value={policy.mute_time_intervals}
          onChange={(names) => change({ mute_time_intervals: names })}
        />
        <IntervalsField
          name="active_time_intervals"
          label={words.active}
          hint={words.activeHint}
          none={words.noActive}
          value={policy.active_time_intervals}
          onChange={(names) => change({ active_time_intervals: names })}
        />
      </SimpleGrid>
    </>
  );
}

type Flapping = NonNullable<Policy['flapping']>;

function FlappingFields({ flapping, onChange }: { flapping: Flapping; onChange: (to: Flapping) => void }) {
  const { alertGroup: words } = useText();
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      <NumberInput
        label={words.changes}
        min={3}
        max={50}
        allowDecimal={false}
        value={flapping.changes}
        onChange={(value) => onChange({ ...flapping, changes: Number(value) })}
        error={useFault('policy.flapping.changes')}
      />
      <DurationField
        path="policy.flapping.within"
        value={flapping.within}
        onChange={(within) => onChange({ ...flapping, within })}
        label={words.within}
      />
    </SimpleGrid>
  );
}
