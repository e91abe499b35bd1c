/** Alert names by what they made of messages. */
import { Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { NoiseRow, NoiseSince } from '../../client/noise.ts';
import { addressOf } from '../../parts/address.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { span } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { Proposed } from './proposed.tsx';

export function Rows({ rows, since }: { rows: readonly NoiseRow[]; since: NoiseSince }) {
  const { noise: words, tag } = useText();
  const n = (value: number) => value.toLocaleString(tag);
  return (
    <CardsTable
      boxed
      label={words.title}
      rows={rows}
      keyOf={(row) => `${since} ${row.alert_group} ${row.alertname}`}
      columns={[
        { title: words.alert, cell: (row) => <Name row={row} /> },
        { title: words.messages, cell: (row) => n(row.messages) },
        { title: words.episodes, cell: (row) => n(row.episodes) },
        { title: words.lasted, cell: (row) => <Lasted row={row} /> },
        { title: words.acknowledged, cell: (row) => words.ofIncidents(row.acknowledged, row.incidents) },
        { title: words.proposal, wide: true, cell: (row) => <Proposals row={row} since={since} /> },
      ]}
    />
  );
}

function Name({ row: { alertname, alert_group } }: { row: NoiseRow }) {
  return (
    <>
      <div>
        <Brief max={80}>{alertname}</Brief>
      </div>
      <Link href={addressOf('/alert-groups', alert_group)}>
        <Brief max={80}>{alert_group}</Brief>
      </Link>
    </>
  );
}

function Lasted({ row: { ended, median_seconds, short } }: { row: NoiseRow }) {
  const text = useText();
  const { noise: words, tag } = text;
  if (median_seconds === null) return words.noneEnded;
  const share = new Intl.NumberFormat(tag, { style: 'percent' }).format(short / ended);
  return (
    <>
      <div>{words.median(span(median_seconds * 1_000, text))}</div>
      <div>{words.short(share)}</div>
    </>
  );
}

function Proposals({ row, since }: { row: NoiseRow; since: NoiseSince }) {
  const { noise: words } = useText();
  if (row.proposals.length === 0)
    return (
      <Text size="sm" c="var(--mm-quiet)">
        {words.noProposal}
      </Text>
    );
  return (
    <Stack gap="sm">
      {row.proposals.map((proposal) => (
        <Proposed key={proposal.kind} proposal={proposal} managed={row.managed} since={since} />
      ))}
    </Stack>
  );
}
