/** Who did what. */
import type { AuditEntry } from '../../client/types.ts';
import { ListEnd } from '../../parts/list-end.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { useExpanded } from '../../parts/use-expanded.ts';
import { useListing } from '../../parts/use-listing.ts';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useText } from '../../text/index.tsx';
import { Entry } from './entry.tsx';
import { Filters } from './filters.tsx';
import { useAuditFilter } from './use-audit-filter.ts';

export default function AuditPage() {
  const { audit: words } = useText();
  const [filter, setFilter] = useAuditFilter();
  const [expanded, toggle] = useExpanded();
  const listing = useListing<AuditEntry>('config', 'api/v1/audit', { ...filter }, { staleTime: 0 });
  const { items, hasMore, more } = listing;
  const filtered = Object.values(filter).some((value) => value !== '');
  const empty = items.length === 0;
  return (
    <>
      <PageHead title={words.title} lead={words.lead} />
      <Filters filter={filter} onChange={setFilter} />
      <Read query={listing}>
        {() => empty && <Empty icon="audit" title={filtered ? words.noneFilter : words.none} />}
      </Read>
      <VirtualList
        label={words.list}
        items={items}
        keyOf={(entry) => entry.id}
        rowHeight={46}
        hasMore={hasMore}
        onMore={more}
        keys={{ e: toggle }}
        row={(entry) => (
          <Entry entry={entry} expanded={expanded.has(entry.id)} onExpand={() => toggle(entry)} onFilter={setFilter} />
        )}
      />
      <ListEnd listing={listing} />
    </>
  );
}
