/** What sites ask each other, and what they answer. */
import { z } from 'zod';
import { deepStatusSchema, sightSchema } from './status.ts';
import { understoodReach, understoodStatus } from './tolerant.ts';

/** status: how do you fare? leaving: I stop now. reach: do you reach this one? */
export const questionSchema = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('status') }),
  z.object({ ask: z.literal('leaving'), back_within_ms: z.int().min(0).max(86_400_000) }),
  z.object({ ask: z.literal('reach'), peer: z.string().min(1).max(200) }),
]);
export type Question = z.infer<typeof questionSchema>;

/** Whether the one who was asked reaches the other, by a fresh probe of its own. */
export const reachSchema = z.object({
  /** Null: it has no such peer. */
  reaches: z.boolean().nullable(),
  /** How that other one sees whoever asks; null: not known. */
  sight: sightSchema.nullable(),
});
export type Reach = z.infer<typeof reachSchema>;

/** The answer to {@link questionSchema}, by what was asked. */
export const answerSchemas = {
  status: z.preprocess(understoodStatus, deepStatusSchema),
  leaving: z.object({ noted: z.literal(true) }),
  reach: z.preprocess(understoodReach, reachSchema),
} as const;
export type Answer<A extends Question['ask']> = z.infer<(typeof answerSchemas)[A]>;

/** Why a request is refused; the same word in the answer and the metric. */
export const refusals = [
  'not_signed', // the headers are missing or malformed
  'unknown_peer', // nobody of that name is configured here
  'wrong_site', // it is meant for another site
  'bad_signature', // another secret, or somebody has changed it on the way
  'stale', // its time is too far from ours: a clock is wrong
  'replayed', // its nonce has been here before
  'too_large',
  'malformed', // signed, and yet not understood
  'too_many', // more than anybody needs
  'broken_off', // it went away before its request had come whole
] as const;
export type Refusal = (typeof refusals)[number];
