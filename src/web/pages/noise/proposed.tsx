/** One proposal: what it would change and why, what it would have done, and the way into the form. */
import { Button, Group, Text } from '@mantine/core';
import { useLocation } from 'wouter';
import { useMay } from '../../client/me.tsx';
import type { NoiseSince, Proposal } from '../../client/noise.ts';
import { addressOf } from '../../parts/address.ts';
import { spoken } from '../../parts/policy-words.tsx';
import { useBacktest } from '../../parts/use-backtest.ts';
import { Value } from '../../parts/value.tsx';
import { type Text as Texts, useText } from '../../text/index.tsx';
import { Outcome } from './outcome.tsx';

interface Props {
  proposal: Proposal;
  /** The alert group is made by a file, which has to be changed. */
  managed: boolean;
  since: NoiseSince;
}

export function Proposed({ proposal, managed, since }: Props) {
  const text = useText();
  const { noise: words } = text;
  const mayEdit = useMay('editor');
  const [, navigate] = useLocation();
  const run = useBacktest();
  const edit = () =>
    navigate(addressOf('/alert-groups', proposal.alert_group.key), { state: { proposal: proposal.policy } });
  return (
    <div>
      <Value max={600}>{sentence(proposal, text)}</Value>
      {mayEdit && (
        <Group gap="xs" mt={4}>
          <Button
            size="compact-xs"
            variant="default"
            loading={run.busy}
            onClick={() => run.start({ since, alert_group: proposal.alert_group })}
          >
            {words.backtest}
          </Button>
          {!managed && (
            <Button size="compact-xs" variant="default" onClick={edit}>
              {words.edit}
            </Button>
          )}
        </Group>
      )}
      {managed && (
        <Text size="xs" c="var(--mm-quiet)">
          {words.managed}
        </Text>
      )}
      <Outcome run={run} since={since} />
    </div>
  );
}

function sentence(proposal: Proposal, text: Texts): string {
  const { noise: words } = text;
  switch (proposal.kind) {
    case 'for': {
      const { shorter, told, criticals } = proposal;
      return words.lasts(spoken(proposal.for, text), { shorter, told, ...criticals });
    }
    case 'flapping': {
      const { changes, quick_changes, alerts, criticals } = proposal;
      const within = spoken(proposal.within, text);
      return words.flapping({ changes, within, quick: quick_changes, alerts, never: criticals.never });
    }
    case 'group_by': {
      const { group_by, drops, incidents, after } = proposal;
      return words.grouped({ by: group_by.join(', '), drops: drops.join(', '), incidents, after });
    }
  }
}
