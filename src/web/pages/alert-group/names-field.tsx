/** Contacts, rooms or schedules, chosen by name or address. */
import { type ComboboxItem, MultiSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Reachable } from '../../client/alert-groups.ts';
import { allQuery } from '../../client/objects.ts';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

interface Props {
  kind: 'contacts' | 'robots' | 'schedules';
  label: string;
  hint: string;
  value: string[];
  onChange: (value: string[]) => void;
  error: string | undefined;
}

/** Names that are offered at once; typing narrows them. */
const offered = 50;

export function NamesField({ kind, label, hint, value, onChange, error }: Props) {
  const { alertGroup: words } = useText();
  const { data = [] } = useQuery(allQuery<Reachable>(kind));
  const found = new Map(data.map((one) => [one.name, one]));
  const addressesOf = (name: string) => [found.get(name)?.email, found.get(name)?.wecom].filter(Boolean).join(' · ');
  const fits = (name: string, search: string) =>
    `${name} ${addressesOf(name)}`.toLowerCase().includes(search.trim().toLowerCase());
  return (
    <MultiSelect
      label={label}
      description={hint}
      placeholder={value.length === 0 ? words.search : undefined}
      data={[...new Set([...found.keys(), ...value])]}
      value={value}
      onChange={onChange}
      error={error}
      searchable
      hidePickedOptions
      limit={offered}
      filter={({ options, search }) => (options as ComboboxItem[]).filter((option) => fits(option.value, search))}
      nothingFoundMessage={words.noMatch}
      maxDropdownHeight={260}
      renderOption={({ option }) => (
        <div>
          <Brief max={60}>{option.value}</Brief>
          {addressesOf(option.value) !== '' && (
            <Text size="xs" c="var(--mm-quiet)">
              <Brief max={80}>{addressesOf(option.value)}</Brief>
            </Text>
          )}
        </div>
      )}
    />
  );
}
