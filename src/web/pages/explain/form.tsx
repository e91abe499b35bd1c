/** Who, what and when. */
import { Input, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Asked } from '../../client/alerts.ts';
import { allQuery } from '../../client/objects.ts';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { fromLocal, toLocal } from '../../parts/local-time.ts';
import { useText } from '../../text/index.tsx';

interface Props {
  asked: Asked;
  onChange: (change: Partial<Asked>) => void;
}

export function Form({ asked, onChange }: Props) {
  const { explain: words } = useText();
  return (
    <Stack gap="xs" mb="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" verticalSpacing="xs">
        <Who asked={asked} onChange={onChange} />
        <Moment name="from" hint={words.fromHint} asked={asked} onChange={onChange} />
        <Moment name="to" hint={words.toHint} asked={asked} onChange={onChange} />
      </SimpleGrid>
      <div>
        <Input.Label component="div">{words.what}</Input.Label>
        <FilterBar matchers={asked.matchers} onChange={(matchers) => onChange({ matchers })} />
      </div>
    </Stack>
  );
}

function Who({ asked, onChange }: Props) {
  const { explain: words, people } = useText();
  const contacts = useNames('contacts', asked.contact);
  const rooms = useNames('robots', asked.robot);
  const choose = (value: string | null) => {
    const [kind, ...rest] = (value ?? '').split(':');
    const name = rest.join(':');
    onChange({ contact: kind === 'contact' ? name : '', robot: kind === 'robot' ? name : '' });
  };
  const chosen = asked.contact !== '' ? `contact:${asked.contact}` : asked.robot !== '' ? `robot:${asked.robot}` : null;
  const options = (kind: string, names: readonly string[]) =>
    names.map((label) => ({ value: `${kind}:${label}`, label }));
  return (
    <Select
      label={words.who}
      placeholder={words.anybody}
      value={chosen}
      onChange={choose}
      data={[
        { group: people.contacts, items: options('contact', contacts) },
        { group: people.rooms, items: options('robot', rooms) },
      ]}
      searchable
      clearable
      limit={50}
      nothingFoundMessage={words.noSuch}
    />
  );
}

/** Also a name that is not there any more: it can be asked about all the same. */
function useNames(kind: 'contacts' | 'robots', asked: string): string[] {
  const { data } = useQuery(allQuery<{ name: string }>(kind));
  const names = (data ?? []).map(({ name }) => name);
  return (asked === '' || names.includes(asked) ? names : [...names, asked]).sort((a, b) => a.localeCompare(b));
}

function Moment({ name, hint, asked, onChange }: Props & { name: 'from' | 'to'; hint: string }) {
  const { explain: words } = useText();
  return (
    <TextInput
      type="datetime-local"
      label={words[name]}
      title={hint}
      value={asked[name] === '' ? '' : toLocal(asked[name])}
      onChange={(event) => {
        const at = fromLocal(event.currentTarget.value);
        onChange({ [name]: at === null ? '' : new Date(at).toISOString() });
      }}
    />
  );
}
