/** An alert group for whoever may read it only. */

import type { AlertGroup } from '../../client/alert-groups.ts';
import { EscalationWords } from '../../parts/escalation-words.tsx';
import { MatcherChips } from '../../parts/matcher-chips.tsx';
import { PolicyWords } from '../../parts/policy-words.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { Value } from '../../parts/value.tsx';
import { useText, wordFor } from '../../text/index.tsx';

export function GroupFacts({ group }: { group: AlertGroup }) {
  const { alertGroup: words, alertGroups: list, channels, common, tag } = useText();
  const listed = (names: readonly string[]) =>
    names.length === 0 ? common.none : new Intl.ListFormat(tag).format(names);
  return (
    <Section title={words.fields}>
      <Facts>
        <Fact name={words.what}>
          {group.builtin !== null && list.builtins[group.builtin]}
          {group.builtin === null && group.matchers.length === 0 && list.matchesAll}
          <MatcherChips matchers={group.matchers} />
          {group.continue && list.continuesHint}
        </Fact>
        <Fact name={words.members}>
          <Value>{listed(group.members)}</Value>
        </Fact>
        <Fact name={words.schedules}>
          <Value>{listed(group.schedules)}</Value>
        </Fact>
        <Fact name={words.channels}>{listed(group.channels.map((channel) => wordFor(channels, channel)))}</Fact>
        <Fact name={words.rooms}>
          <Value>{listed(group.robots)}</Value>
        </Fact>
        {group.escalation.length > 0 && (
          <Fact name={words.escalation}>
            <EscalationWords steps={group.escalation} />
          </Fact>
        )}
        <Fact name={words.when}>
          <PolicyWords policy={group.policy} />
        </Fact>
      </Facts>
    </Section>
  );
}
