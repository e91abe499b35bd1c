/** What keeps what from being told while it fires. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { InhibitionRule } from '../../client/types.ts';
import { addressOf } from '../../parts/address.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { NameCell } from '../../parts/name-cell.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

export default function InhibitionRulesPage() {
  const { inhibition: words } = useText();
  const may = useMay('editor');
  const query = useQuery(allQuery<InhibitionRule>('inhibition-rules'));
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        {may && (
          <Button component={Link} href="/inhibition-rules/new" size="xs">
            {words.add}
          </Button>
        )}
      </PageHead>
      <Read query={query}>{(rules) => <Listed rules={rules} />}</Read>
    </>
  );
}

function Listed({ rules }: { rules: readonly InhibitionRule[] }) {
  const { inhibition: words } = useText();
  if (rules.length === 0)
    return (
      <Empty icon="mute" title={words.none}>
        {words.noneHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.title}
      boxed
      rows={rules}
      keyOf={({ name }) => name}
      columns={[
        {
          title: words.name,
          cell: (rule) => <NameCell object={rule} href={addressOf('/inhibition-rules', rule.name)} />,
        },
        { title: words.source, wide: true, cell: (rule) => <Brief max={300}>{rule.source_matchers.join(', ')}</Brief> },
        { title: words.target, wide: true, cell: (rule) => <Brief max={300}>{rule.target_matchers.join(', ')}</Brief> },
        { title: words.equal, cell: (rule) => <Brief max={200}>{rule.equal.join(', ') || words.anything}</Brief> },
      ]}
    />
  );
}
