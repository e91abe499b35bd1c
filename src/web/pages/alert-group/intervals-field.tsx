import { MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { allQuery } from '../../client/objects.ts';
import { useFault } from '../../parts/fault.ts';
import { useText } from '../../text/index.tsx';

/** Time intervals that a policy names. */
export function IntervalsField({
  name,
  label,
  hint,
  none,
  value,
  onChange,
}: {
  name: 'quiet_time_intervals' | 'mute_time_intervals' | 'active_time_intervals';
  label: string;
  hint: string;
  /** What choosing nothing means. */
  none: string;
  value: string[];
  onChange: (names: string[]) => void;
}) {
  const { alertGroup: words } = useText();
  const { data = [] } = useQuery(allQuery<{ name: string }>('time-intervals'));
  return (
    <MultiSelect
      label={label}
      description={hint}
      placeholder={value.length === 0 ? none : undefined}
      data={[...new Set([...data.map((interval) => interval.name), ...value])]}
      value={value}
      onChange={onChange}
      error={useFault(`policy.${name}`)}
      searchable
      hidePickedOptions
      nothingFoundMessage={words.noMatch}
    />
  );
}
