import type { GroupPreview, Tally } from '../../client/alert-groups.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

type Row = GroupPreview['groups'][number];

/** How many alerts each alert group gets, today and after. */
export function WhoGets({ groups }: { groups: readonly Row[] }) {
  const { preview: words } = useText().alertGroup;
  return (
    <CardsTable
      label={words.groups}
      rows={groups}
      keyOf={({ name }) => name}
      columns={[
        { title: words.group, wide: true, cell: ({ name }) => <Brief max={60}>{name}</Brief> },
        { title: words.openNow, cell: (row) => <Difference row={row} of="open" /> },
        { title: words.inWeek, cell: (row) => <Difference row={row} of="ended" /> },
      ]}
    />
  );
}

function Difference({ row: { today, after }, of }: { row: Row; of: keyof Tally }) {
  const { tag } = useText();
  const [before, then] = [today[of], after[of]].map((n) => n.toLocaleString(tag));
  return before === then ? (
    before
  ) : (
    <>
      {before} → <b>{then}</b>
    </>
  );
}
