import type { Incident, Labels } from '../client/types.ts';

/** What an incident is called: its alert, or else what it is grouped by, or else its alert group. Pure. */
export function titleOf({ group, group_labels }: Pick<Incident, 'group' | 'group_labels'>): string {
  const name = group_labels['alertname'];
  if (name) return name;
  const values = Object.values(group_labels).filter((value) => value !== '');
  return values.length > 0 ? values.join(' · ') : group;
}

export function nameOf(labels: Labels): string {
  return labels['alertname'] || Object.values(labels)[0] || '?';
}
