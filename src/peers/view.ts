/** A peer as the API shows it: the verdict, and what it was found from. */
import { z } from 'zod';
import { deepStatusSchema, peerStates, verdicts } from './status.ts';

const time = z.iso.datetime();

/** What another peer said when it was asked about one that does not answer us. */
export const thirdSays = ['reaches', 'does_not', 'no_answer'] as const;
export type ThirdSays = (typeof thirdSays)[number];

/** Whether our own way out works: a look at the hosts of mail and WeCom. unknown: there is nobody to look at. */
export const waysOut = ['open', 'closed', 'unknown'] as const;
export type WayOut = (typeof waysOut)[number];

/** What we found of ourselves before we accused anybody. */
export const selfSchema = z.object({
  at: time,
  /** How late our own last round of probes was. */
  lag_ms: z.number(),
  /** Whether our database takes a write. */
  database: z.boolean(),
  way_out: z.enum(waysOut),
});

export const evidenceSchema = z.object({
  last_ok_at: time.nullable(),
  last_probe_at: time.nullable(),
  last_error: z
    .string()
    .nullable()
    .describe('Why the last probe was missed or, with no misses, its answer not understood; null: all is well'),
  misses: z.int().describe('Probes missed in a row'),
  third: z.array(z.object({ peer: z.string(), says: z.enum(thirdSays) })).describe('Whom we asked about it'),
  self: selfSchema.nullable().describe('What we found of ourselves then; null: there was nothing to accuse it of'),
});

/** What answers say of a peer beside its body. */
export const peerViewSchema = z.object({
  state: z.enum(peerStates),
  verdict: z
    .enum(verdicts)
    .nullable()
    .describe(
      'What its silence was found to mean; null: nothing yet, or it answers. A peer is only suspect while this is cut_off: nobody is accused then',
    ),
  since: time.nullable().describe('Since when it has this state'),
  told: z.array(z.string()).describe('Names of the alarms about it that are out here'),
  evidence: evidenceSchema,
  status: deepStatusSchema
    .nullable()
    .describe('What it last said of itself; null: it has said nothing yet that is understood'),
  config_match: z.boolean().nullable().describe('Whether it is configured like this site; null: not known'),
  clock_offset_ms: z.number().nullable().describe('How far its clock is ahead of ours'),
});

/** One of `GET /api/v1/peers`, without what every object of the configuration has (managed, version and so on). */
export const peerItemSchema = peerViewSchema.extend({
  name: z.string(),
  url: z.string(),
  secret: z.literal('<secret>'),
});
export type PeerItem = z.infer<typeof peerItemSchema>;
