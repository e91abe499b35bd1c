/** What is open now. */
import { Checkbox, Group, NativeSelect, Pill, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { isNew, progressQuery } from '../../client/first-run.ts';
import { incidentQuery } from '../../client/incidents.ts';
import { useMay } from '../../client/me.tsx';
import { statusQuery } from '../../client/status.ts';
import type { Incident, Labels } from '../../client/types.ts';
import { FilterBar } from '../../parts/filter-bar.tsx';
import { ListEnd } from '../../parts/list-end.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { SilenceDialog } from '../../parts/silence-dialog.tsx';
import { sharedLabels } from '../../parts/silence-labels.ts';
import { Empty } from '../../parts/states.tsx';
import { useAcknowledge } from '../../parts/use-acknowledge.ts';
import { useAction } from '../../parts/use-action.ts';
import { useExpanded } from '../../parts/use-expanded.ts';
import { useListing } from '../../parts/use-listing.ts';
import { Brief } from '../../parts/value.tsx';
import { VirtualList } from '../../parts/virtual-list.tsx';
import { useText } from '../../text/index.tsx';
import { IncidentCard } from './incident-card.tsx';
import { type NowFilter, statesOf, useNowFilter } from './use-now-filter.ts';

export default function NowPage() {
  const { now: words } = useText();
  const [filter, setFilter] = useNowFilter();
  const responder = useMay('responder');
  const [expanded, toggle] = useExpanded();
  const [silencing, setSilencing] = useState<Labels | null>(null);
  const acknowledge = useAcknowledge();
  const silence = useAction(labelsOf, { kinds: [] });
  const listing = useListing<Incident>('incidents', 'api/v1/incidents', {
    state: statesOf[filter.state],
    order: filter.state === 'closed' ? undefined : 'worst',
    critical: filter.critical ? true : undefined,
    group: filter.group ?? undefined,
    filter: filter.matchers,
  });
  const { hasMore, hasNextPage, more } = listing;
  const items = eachOnce(listing.items);
  const empty = items.length === 0 && !hasNextPage;

  const acknowledgeOne = (incident: Incident) => {
    if (responder && incident.state !== 'closed') acknowledge.mutate(incident);
  };
  const silenceOne = (incident: Incident) => {
    if (responder) silence.mutate(incident, { onSuccess: setSilencing });
  };
  const pick = (matcher: string) => {
    if (!filter.matchers.includes(matcher)) setFilter({ ...filter, matchers: [...filter.matchers, matcher] });
  };
  return (
    <>
      <PageHead title={words.title}>
        <Numbers />
      </PageHead>
      <FirstSteps />
      <Filters filter={filter} onChange={setFilter} />
      <Read query={listing}>{() => empty && <Nothing filtered={isNarrow(filter)} />}</Read>
      <VirtualList
        label={words.list}
        items={items}
        keyOf={(incident) => incident.id}
        rowHeight={92}
        hasMore={hasMore}
        onMore={more}
        keys={{ e: toggle, a: acknowledgeOne, s: silenceOne }}
        row={(incident, current) => (
          <IncidentCard
            incident={incident}
            current={current}
            expanded={expanded.has(incident.id)}
            onExpand={() => toggle(incident)}
            onAcknowledge={responder ? () => acknowledgeOne(incident) : undefined}
            onSilence={responder ? () => silenceOne(incident) : undefined}
            onPick={pick}
            onPickGroup={(group) => setFilter({ ...filter, group })}
          />
        )}
      />
      <ListEnd listing={listing} />
      <SilenceDialog labels={silencing} onClose={() => setSilencing(null)} />
    </>
  );
}

function isNarrow({ state, critical, group, matchers }: NowFilter): boolean {
  return state !== 'open' || critical || group !== null || matchers.length > 0;
}

/** By which an incident is silenced: its alerts have to be read first. */
async function labelsOf({ id }: Incident): Promise<Labels> {
  return sharedLabels(await incidentQuery(id).queryFn());
}

/** One that got less bad while the pages were read stands on two of them. */
function eachOnce(incidents: readonly Incident[]): Incident[] {
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

/** Leads on whoever may, while nothing can reach anybody. */
function FirstSteps() {
  const { firstRun: words } = useText();
  const editor = useMay('editor');
  const { data } = useQuery({ ...progressQuery, enabled: editor, staleTime: 60_000 });
  if (!editor || data === undefined || !isNew(data)) return null;
  return (
    <Notice>
      {words.offer} <Link href="/first-run">{words.begin}</Link>
    </Notice>
  );
}

function Numbers() {
  const { now: words } = useText();
  const { data } = useQuery(statusQuery);
  if (data === undefined) return null;
  return (
    <Text size="sm" c="var(--mm-quiet)">
      {words.open(data.counts.open_incidents)} · {words.firing(data.counts.firing_alerts)}
    </Text>
  );
}

function Filters({ filter, onChange }: { filter: NowFilter; onChange: (filter: NowFilter) => void }) {
  const { now: words } = useText();
  const states = [
    { value: 'open', label: words.anyOpen },
    { value: 'unacknowledged', label: words.unacknowledged },
    { value: 'acknowledged', label: words.acknowledged },
    { value: 'closed', label: words.closed },
  ];
  return (
    <Group gap="sm" mb="sm" align="flex-start">
      {filter.group !== null && (
        <Pill
          size="lg"
          withRemoveButton
          removeButtonProps={{ 'aria-label': words.ofAllGroups, 'aria-hidden': false, tabIndex: 0 }}
          onRemove={() => onChange({ ...filter, group: null })}
        >
          <Brief max={60}>{words.group(filter.group)}</Brief>
        </Pill>
      )}
      <FilterBar matchers={filter.matchers} onChange={(matchers) => onChange({ ...filter, matchers })} />
      <NativeSelect
        size="sm"
        aria-label={words.state}
        data={states}
        value={filter.state}
        onChange={(event) => onChange({ ...filter, state: event.currentTarget.value as NowFilter['state'] })}
      />
      <Checkbox
        mt={8}
        label={words.criticalOnly}
        checked={filter.critical}
        onChange={(event) => onChange({ ...filter, critical: event.currentTarget.checked })}
      />
    </Group>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { now: words } = useText();
  if (filtered)
    return (
      <Empty icon="group" title={words.emptyFilter}>
        {words.emptyFilterHint}
      </Empty>
    );
  return (
    <Empty icon="check" title={words.empty}>
      {words.emptyHint}
    </Empty>
  );
}
