/** `POST /api/v1/alert-groups/preview` and `POST /api/v1/silences/preview`: what a draft would do, before it is saved. */
import { z } from 'zod';
import type { AlertGroup, Snapshot } from '../alert/config.ts';
import { parseDuration } from '../alert/duration.ts';
import type { GroupDraft, GroupPreview, SilenceDraft, SilencePreview, SilenceVerdict } from '../alert/preview.ts';
import { HttpProblem } from '../http/problem.ts';
import { type AnyRoute, route } from '../http/route.ts';
import type { EditParts } from './edit.ts';
import { matcherSets, objectName } from './fields.ts';
import { alertGroupSchema, type Body, contactSchema, robotSchema } from './kinds.ts';
import { compileMatchers } from './matchers.ts';
import { loadObjects, type Stored } from './objects.ts';
import { groupPreviewAnswer, groupPreviewBody, silencePreviewAnswer, silencePreviewBody } from './preview-answer.ts';
import { danglingReferences } from './references.ts';
import { contactOf, policyOf } from './snapshot.ts';

/** Who knows what a draft would do. */
export interface PreviewParts extends Pick<EditParts, 'db'> {
  /** The newest configuration. */
  snapshot: () => Promise<Snapshot>;
  previewGroup: (draft: GroupDraft) => Promise<GroupPreview>;
  previewSilence: (draft: SilenceDraft) => Promise<SilencePreview>;
  judgeSilence: (draft: SilenceDraft) => Promise<SilenceVerdict>;
}

/** A draft of an alert group, as it is sent. */
export const draftBody = z.strictObject({
  draft: alertGroupSchema.describe('As it would be saved'),
  key: objectName.optional().describe('Name of the alert group that it replaces'),
  position: z
    .int()
    .min(0)
    .optional()
    .describe('How many of the other alert groups come before it; default: where it stands, or the end'),
});

const silenceBody = z.strictObject({
  matchers: matcherSets,
  key: z.string().min(1).max(200).optional().describe('Id of the silence that it replaces'),
});

/** Viewers may ask: nothing is changed, and nothing is shown that they could not read. */
export function previewRoutes(parts: PreviewParts): AnyRoute[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/alert-groups/preview',
      tag: 'alert-groups',
      summary: 'What a draft would do: which alerts of now and of the last 7 days it gets, and what its members read',
      role: 'viewer',
      body: draftBody,
      responses: { 200: { description: 'What it would do; nothing is changed', schema: groupPreviewAnswer } },
      handle: async ({ body }) => {
        const draft = await draftOf(parts, body);
        return { status: 200, body: groupPreviewBody(await parts.previewGroup(draft), draft.position) };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/silences/preview',
      tag: 'silences',
      summary: 'What a silence would hide now, and whether that is everything critical',
      role: 'viewer',
      body: silenceBody,
      responses: { 200: { description: 'What it would hide; nothing is changed', schema: silencePreviewAnswer } },
      handle: async ({ body }) => {
        const matchers = body.matchers.map(compileMatchers);
        const preview = await parts.previewSilence({ matchers, replaces: body.key ?? null });
        return { status: 200, body: silencePreviewBody(preview) };
      },
    }),
  ];
}

/**
 * A draft with the contacts and rooms that it names.
 * @param times what its mute and active times are; without any it is shown as though it told everything at any time
 * @throws HttpProblem 404 when what it replaces is not there, 409 when it refers to what is not there
 */
export async function draftOf(
  { db, snapshot }: Pick<PreviewParts, 'db' | 'snapshot'>,
  { draft, key, position }: z.infer<typeof draftBody>,
  times: Snapshot['timeIntervals'] = new Map(),
): Promise<GroupDraft> {
  const { schedules } = await snapshot();
  const [groups, contacts, robots, intervals] = await Promise.all([
    loadObjects(db, 'alert_groups'),
    loadObjects(db, 'contacts'),
    loadObjects(db, 'robots'),
    loadObjects(db, 'time_intervals'),
  ]);
  const replaced = groups.find((g) => g.key === key) ?? null;
  if (key !== undefined && replaced === null) throw new HttpProblem(404, `There is no alert_groups/${key}.`);
  const bodies = (all: readonly Stored[]) => all.map((s) => s.body);
  const world = {
    contacts: bodies(contacts),
    robots: bodies(robots),
    schedules: [...schedules.keys()].map(nameOnly),
    time_intervals: bodies(intervals),
  };
  const faults = danglingReferences({ ...world, alert_groups: [draft] });
  if (faults.length > 0) throw new HttpProblem(409, 'It refers to what is not there.', { faults });
  return {
    group: groupOf(draft, { replaced, contacts, robots, schedules, times }),
    replaces: replaced?.key ?? null,
    position: positionOf(groups, replaced, position),
  };
}

const nameOnly = (name: string): Body => ({ name });

function groupOf(
  draft: z.infer<typeof alertGroupSchema>,
  {
    replaced,
    contacts,
    robots,
    schedules,
    times,
  }: { replaced: Stored | null; contacts: Stored[]; robots: Stored[] } & Pick<Snapshot, 'schedules'> & {
      times: Snapshot['timeIntervals'];
    },
): AlertGroup {
  const named = (all: readonly Stored[], names: readonly string[]) =>
    names.flatMap((name) => all.filter((s) => s.key === name));
  const told = (names: Pick<typeof draft, 'members' | 'schedules' | 'robots'>) => ({
    members: named(contacts, names.members).map((s) => contactOf({ ...contactSchema.parse(s.body), id: Number(s.id) })),
    schedules: names.schedules.flatMap((name) => schedules.get(name) ?? []),
    // A preview sends nothing, so it needs no key.
    robots: named(robots, names.robots).map((s) => ({ ...robotSchema.parse(s.body), id: Number(s.id), key: '' })),
  });
  return {
    ...{ id: Number(replaced?.id ?? 0), name: draft.name, version: 0, continue: draft.continue },
    builtin: (replaced?.builtin ?? null) as AlertGroup['builtin'],
    matchers: compileMatchers(draft.matchers),
    channels: draft.channels,
    ...told(draft),
    escalation: draft.escalation.map((step) => ({ afterMs: parseDuration(step.after), ...told(step) })),
    policy: policyOf(draft.policy, times),
  };
}

/** Among the other alert groups; those that `apply` manages come before those that are made in the page. */
function positionOf(groups: readonly Stored[], replaced: Stored | null, wanted: number | undefined): number {
  const others = groups.filter((g) => g.builtin === null && g !== replaced);
  const managed = others.filter((g) => g.managed).length;
  const stands = replaced === null ? -1 : groups.indexOf(replaced);
  const at = wanted ?? (stands < 0 ? others.length : stands);
  return replaced?.managed === true ? Math.min(at, managed) : Math.max(managed, Math.min(at, others.length));
}
