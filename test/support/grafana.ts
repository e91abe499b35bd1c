/** What a shipped Grafana dashboard may hold: the classic JSON model, as Grafana documents it, as far as ours use it. */
import { z } from 'zod';

/** A panel or a variable asks the data source that the reader chose: no other one exists everywhere. */
const chosenSource = z.strictObject({ type: z.literal('prometheus'), uid: z.literal('$datasource') });

const sentence = z.string().regex(/^[A-Z].*[.:]$/s);
/** Of Grafana's units those that we use. A wrong one is shown as it is written. */
const unit = z.enum(['short', 'none', 's', 'bytes', 'percentunit', 'reqps', 'cps']);
const steps = z
  .array(z.strictObject({ color: z.enum(['green', 'orange', 'red', 'blue']), value: z.number().nullable() }))
  .min(1)
  .refine((list) => list.every(({ value }, i) => (i === 0 ? value === null : value !== null)), {
    message: 'the first step has no value, each other has one',
  });
const mapping = z.strictObject({
  type: z.literal('value'),
  options: z.record(z.string(), z.strictObject({ text: z.string(), color: z.string(), index: z.int() })),
});

const fieldConfig = z.strictObject({
  defaults: z.strictObject({
    unit,
    color: z.strictObject({ mode: z.enum(['palette-classic', 'thresholds']) }),
    thresholds: z.strictObject({ mode: z.literal('absolute'), steps }),
    mappings: z.array(mapping),
    min: z.number().optional(),
    max: z.number().optional(),
    custom: z.record(z.string(), z.unknown()).optional(),
  }),
  overrides: z.tuple([]),
});

const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: chosenSource,
  editorMode: z.literal('code'),
  expr: z.string().min(1),
  legendFormat: z.string(),
  instant: z.boolean(),
  range: z.boolean(),
});

const gridPos = z
  .strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) })
  .refine(({ x, w }) => x + w <= 24, { message: 'the grid has 24 columns' });

const row = z.strictObject({
  ...{ id: z.int().min(1), type: z.literal('row'), title: z.string().min(1), gridPos },
  collapsed: z.literal(false),
  panels: z.tuple([]),
});
const panel = z.strictObject({
  ...{ id: z.int().min(1), title: z.string().min(1), gridPos },
  type: z.enum(['stat', 'timeseries', 'bargauge', 'state-timeline']),
  description: sentence,
  datasource: chosenSource,
  targets: z.array(target).min(1),
  fieldConfig,
  options: z.record(z.string(), z.unknown()),
});
export type Panel = z.infer<typeof panel>;

const variable = z.discriminatedUnion('type', [
  z.looseObject({
    ...{ type: z.literal('datasource'), name: z.literal('datasource'), query: z.literal('prometheus') },
    ...{ label: z.string().min(1), current: z.strictObject({}), options: z.tuple([]) },
  }),
  z.looseObject({
    ...{ type: z.literal('query'), name: z.string(), label: z.string().min(1), datasource: chosenSource },
    ...{ multi: z.literal(true), includeAll: z.literal(true), definition: z.string(), options: z.tuple([]) },
    query: z.strictObject({ qryType: z.literal(1), query: z.string(), refId: z.string() }),
  }),
]);

/** A dashboard as the files have it: `id` is Grafana's to give. */
export const dashboard = z.strictObject({
  id: z.null(),
  uid: z.string().regex(/^[a-z-]{1,40}$/),
  title: z.string().min(1),
  description: sentence,
  tags: z.array(z.string()),
  /** The last one of the classic model. */
  schemaVersion: z.literal(42),
  version: z.int(),
  editable: z.boolean(),
  graphTooltip: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  timezone: z.literal('browser'),
  refresh: z.string(),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  timepicker: z.strictObject({}),
  fiscalYearStartMonth: z.literal(0),
  liveNow: z.literal(false),
  weekStart: z.literal(''),
  preload: z.literal(false),
  annotations: z.strictObject({ list: z.tuple([]) }),
  links: z.array(z.looseObject({ type: z.literal('dashboards'), tags: z.array(z.string()).min(1) })),
  templating: z.strictObject({ list: z.array(variable) }),
  panels: z.array(z.discriminatedUnion('type', [row, panel])).min(1),
});
export type Dashboard = z.infer<typeof dashboard>;

/** The panels that ask something. */
export function panelsOf({ panels }: Dashboard): Panel[] {
  return panels.filter((one) => one.type !== 'row');
}

/** A query with the variables filled in, as Grafana does it. @throws Error when one is left */
export function filledIn(query: string, variables: Readonly<Record<string, string>>): string {
  const text = query.replace(/\$(\w+)/g, (written, name: string) => variables[name] ?? written);
  if (text.includes('$')) throw new Error(`a variable is unknown: ${text}`);
  return text;
}
