/** The shapes of Alertmanager's API v2, from its openapi.yaml (0.25). */
import { z } from 'zod';
import { parseFilters } from '../http/filters.ts';
import type { Matcher } from '../matcher/matcher.ts';

const text = z.string().max(10_000);
const time = z.iso.datetime({ offset: true });

export const apiMatcher = z.object({
  name: text,
  value: text,
  isRegex: z.boolean(),
  isEqual: z.boolean().default(true),
});

/** What a client sends to make or change a silence. Alertmanager ignores what it does not know, and so do we. */
export const postableSilence = z.object({
  id: z.string().max(200).optional().describe('To change that silence'),
  matchers: z.array(apiMatcher).min(1).max(100),
  startsAt: time,
  endsAt: time,
  createdBy: text,
  comment: text,
});

export const gettableSilence = z.object({
  id: z.string(),
  status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
  updatedAt: time,
  matchers: z.array(apiMatcher),
  startsAt: time,
  endsAt: time,
  createdBy: z.string(),
  comment: z.string(),
});
export type GettableSilence = z.infer<typeof gettableSilence>;

const labels = z.record(z.string(), z.string());
const receiver = z.object({ name: z.string().describe('An alert group') });

export const gettableAlert = z.object({
  annotations: labels,
  endsAt: time,
  fingerprint: z.string(),
  receivers: z.array(receiver),
  startsAt: time,
  status: z.object({
    inhibitedBy: z.array(z.string()),
    silencedBy: z.array(z.string()),
    state: z.enum(['active', 'suppressed', 'unprocessed']),
  }),
  updatedAt: time,
  generatorURL: z.string().optional(),
  labels,
});
export type GettableAlert = z.infer<typeof gettableAlert>;

export const alertGroup = z.object({ labels, receiver, alerts: z.array(gettableAlert) });
export type AlertGroupBody = z.infer<typeof alertGroup>;
export const receivers = z.array(receiver);

const repeatable = z.union([text, z.array(text).max(100)]).optional();

/** `filter`, once or several times. */
export const filterQuery = z.object({ filter: repeatable.describe('Matchers; all of several have to match') });

/** @throws HttpProblem 400 that says which matcher goes wrong, and where */
export function filtersOf(given: z.infer<typeof repeatable>): Matcher[] {
  return parseFilters(given === undefined ? [] : [given].flat());
}
