/** The answer of apply, as people read it. */
import { z } from 'zod';

/** What `POST /api/v1/apply` answers. Secrets never come back: a changed one has null on both sides. */
export const applyAnswer = z.object({
  dry_run: z.boolean().optional(),
  changes: z.array(
    z.object({
      action: z.enum(['create', 'update', 'delete']),
      /** Section: `contacts`, `alert_groups`. */
      kind: z.string(),
      name: z.string(),
      fields: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })).default([]),
    }),
  ),
  unchanged: z.number().default(0),
  warnings: z.array(z.string()).default([]),
});

/** @see applyAnswer */
export type ApplyAnswer = z.output<typeof applyAnswer>;

const signs = { create: '+', update: '~', delete: '-' } as const;
type Change = ApplyAnswer['changes'][number];

/** One line per object, one per changed field under it, and the counts. */
export function diffText(answer: ApplyAnswer, dryRun: boolean): string {
  const changes = answer.changes.flatMap((change) => [
    `${signs[change.action]} ${change.kind}/${change.name}`,
    ...change.fields.map((field) => `    ${fieldText(field, change.action)}`),
  ]);
  const warnings = answer.warnings.map((warning) => `! ${warning}`);
  return `${[...changes, ...warnings, countsOf(answer, dryRun)].join('\n')}\n`;
}

function fieldText(field: Change['fields'][number], action: Change['action']): string {
  if ((field.before ?? null) === null && (field.after ?? null) === null) return `${field.path}: (changed, not shown)`;
  const [before, after] = [field.before, field.after].map((value) => valueText(field.path, value ?? null));
  if (action === 'create') return `${field.path}: ${after}`;
  if (action === 'delete') return `${field.path}: ${before}`;
  return `${field.path}: ${before} -> ${after}`;
}

/** As JSON; matchers as people write them. */
function valueText(path: string, value: unknown): string {
  const isText = (one: unknown) => typeof one === 'string';
  if (!/matchers$/.test(path) || !Array.isArray(value)) return JSON.stringify(value);
  const sets = value.every(isText) ? [value] : value;
  if (!sets.every((set): set is string[] => Array.isArray(set) && set.every(isText))) return JSON.stringify(value);
  return sets.map((set) => `{${set.join(', ')}}`).join(' or ');
}

function countsOf({ changes, unchanged }: ApplyAnswer, dryRun: boolean): string {
  const count = (action: Change['action']) => changes.filter((change) => change.action === action).length;
  const counts = `${count('create')} to add, ${count('update')} to change, ${count('delete')} to delete, ${unchanged} unchanged`;
  if (dryRun) return `${counts}; nothing was done (--dry-run)`;
  return changes.length === 0
    ? `nothing to do, ${unchanged} unchanged`
    : counts.replaceAll(/ to (add|change|delete)/g, done);
}

function done(_: string, verb: string): string {
  return ` ${{ add: 'added', change: 'changed', delete: 'deleted' }[verb]}`;
}
