/** What made most messages, and what would make it quieter. */
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import { type NoiseReport, type NoiseSince, noiseQuery } from '../../client/noise.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Empty } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { Rows } from './rows.tsx';

const spans: readonly NoiseSince[] = ['1d', '7d', '14d'];

export default function NoisePage() {
  const { noise: words } = useText();
  const [search, setSearch] = useSearchParams();
  const since = spans.find((one) => one === search.get('since')) ?? '7d';
  const query = useQuery(noiseQuery(since));
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        <SegmentedControl
          aria-label={words.since}
          value={since}
          onChange={(chosen) => setSearch(chosen === '7d' ? {} : { since: chosen }, { replace: true })}
          data={spans.map((one) => ({ value: one, label: words.spans[one] }))}
        />
      </PageHead>
      <Read query={query}>{(report) => <Report report={report} since={since} />}</Read>
    </>
  );
}

function Report({ report: { rows }, since }: { report: NoiseReport; since: NoiseSince }) {
  const { noise: words } = useText();
  if (rows.length > 0) return <Rows rows={rows} since={since} />;
  return (
    <Empty icon="mute" title={words.none}>
      {words.noneHint}
    </Empty>
  );
}
