/** Who is told next when nobody acknowledges: the steps that are reached, and those to come. */
import type { IncidentDetail } from '../../client/types.ts';
import { CardsTable } from '../../parts/cards-table.tsx';
import { spoken } from '../../parts/policy-words.tsx';
import { Section } from '../../parts/section.tsx';
import { Ago } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

type Step = IncidentDetail['escalation']['steps'][number];

export function Escalation({ incident: { escalation, state } }: { incident: IncidentDetail }) {
  const text = useText();
  const { incident: words, alertGroup, tag } = text;
  if (escalation.steps.length === 0) return null;
  const told = ({ members, schedules, robots }: Step) =>
    new Intl.ListFormat(tag).format([...members, ...schedules, ...robots]);
  const comes = ({ reached, at }: Step) => {
    if (reached) return words.stepReached;
    if (at !== null) return <Ago at={at} />;
    return state === 'acknowledged' ? words.stepAcknowledged : words.stepIdle;
  };
  return (
    <Section title={alertGroup.escalation} hint={words.escalationHint}>
      <CardsTable
        label={alertGroup.escalation}
        rows={escalation.steps.map((step, at) => ({ ...step, number: at + 1 }))}
        keyOf={({ number }) => String(number)}
        columns={[
          { title: alertGroup.after, cell: ({ after }) => spoken(after, text) },
          { title: words.told, wide: true, cell: (step) => <Brief max={120}>{told(step)}</Brief> },
          { title: words.stepState, cell: comes },
        ]}
      />
    </Section>
  );
}
