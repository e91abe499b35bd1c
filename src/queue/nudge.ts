/** What to look at: an incident to decide, or a notification to deliver. `at` is when to look. */
export interface Nudge {
  readonly kind: 'decide' | 'deliver';
  readonly id: string;
  readonly at: Date;
}

/** How the queue tells of trouble. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>) => void;
