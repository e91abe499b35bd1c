import type { EscalationStep } from '../client/alert-groups.ts';
import { useText } from '../text/index.tsx';
import { spoken } from './policy-words.tsx';
import { Value } from './value.tsx';

/** Who is told next, and after how long; nothing where nobody is. */
export function EscalationWords({ steps }: { steps: readonly EscalationStep[] }) {
  const text = useText();
  if (steps.length === 0) return null;
  const told = ({ members, schedules, robots }: EscalationStep) =>
    new Intl.ListFormat(text.tag).format([...members, ...schedules, ...robots]);
  return (
    <Value>{steps.map((step) => text.alertGroups.escalates(spoken(step.after, text), told(step))).join(' · ')}</Value>
  );
}
