/** An alert group as it is being typed. Pure. */
import { type AlertGroup, type AlertGroupBody, type EscalationStep, usualPolicy } from '../../client/alert-groups.ts';
import { type MatchersDraft, matchersDraft, matchersOf } from '../../parts/matchers-field.tsx';

export interface Draft extends Omit<AlertGroupBody, 'matchers'> {
  matchers: MatchersDraft;
  escalation: StepDraft[];
}

/** With a key that stays with it while others come and go. */
export type StepDraft = EscalationStep & { key: number };

/** With an empty row to begin with. */
export const emptyDraft: Draft = {
  name: '',
  matchers: { rows: [{ key: 0, name: '', op: '=', value: '' }], text: null },
  continue: false,
  members: [],
  schedules: [],
  channels: ['email', 'wecom-app'],
  robots: [],
  escalation: [],
  policy: usualPolicy,
};

export function draftOf(group: AlertGroup): Draft {
  const escalation = group.escalation.map((step, key) => ({ ...step, key }));
  return { ...bodyOf(group), matchers: matchersDraft(group.matchers), escalation };
}

/** What of an alert group is its body. */
export function bodyOf(group: AlertGroup): AlertGroupBody {
  const { name, matchers, members, schedules, channels, robots, escalation } = group;
  const policy = { ...usualPolicy, ...group.policy };
  return { name, matchers, continue: group.continue, members, schedules, channels, robots, escalation, policy };
}

/** As the API takes it. */
export function bodyOfDraft(draft: Draft): AlertGroupBody {
  const escalation = draft.escalation.map(({ key: _, ...step }) => step);
  return { ...draft, matchers: matchersOf(draft.matchers), escalation };
}

export function sameDraft(a: Draft, b: Draft): boolean {
  return JSON.stringify(bodyOfDraft(a)) === JSON.stringify(bodyOfDraft(b));
}
