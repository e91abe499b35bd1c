/** The settings as a list: for the reference, for reading the environment and for finding secrets. */
import type { z } from 'zod';
import { type SettingFacts, settingFacts } from './fields.ts';
import { settingsSchema } from './schema.ts';

/** One setting of the schema. */
export interface SettingEntry extends SettingFacts {
  /** Keys from the top of the file: `['smtp', 'url']`. */
  path: readonly string[];
  /** As the file would say it; null = none, or computed. */
  default: unknown;
  /** What the file must hold at that path; decides how the text of an environment variable is read. */
  kind: 'list' | 'number' | 'text';
}

/** Every setting, in the order of the schema. */
export function describeSettings(): SettingEntry[] {
  return entriesOf(settingsSchema, []);
}

/** Paths of the sections: `[['log'], ['smtp'], …]`. */
export function sectionPaths(): string[][] {
  return Object.entries(settingsSchema.shape)
    .filter(([, schema]) => settingFacts.get(schema) === undefined)
    .map(([key]) => [key]);
}

function entriesOf(schema: z.core.$ZodType, path: readonly string[]): SettingEntry[] {
  const facts = settingFacts.get(schema);
  const layers = layersOf(schema);
  if (facts !== undefined) return [{ ...facts, path, default: defaultOf(layers), kind: kindOf(layers) }];
  const inner = layers.find((layer) => layer.type === 'object');
  if (inner === undefined || !('shape' in inner)) throw new Error(`${path.join('.')} is neither setting nor section`);
  const shape = inner.shape as z.core.$ZodShape;
  return Object.entries(shape).flatMap(([key, value]) => entriesOf(value, [...path, key]));
}

/** The definitions of a schema and of what it wraps, from the outside in. */
function layersOf(schema: z.core.$ZodType): z.core.$ZodTypeDef[] {
  const def = schema._zod.def;
  if ('innerType' in def) return [def, ...layersOf(def.innerType as z.core.$ZodType)];
  if (def.type === 'pipe' && 'in' in def) return [def, ...layersOf(def.in as z.core.$ZodType)];
  return [def];
}

function defaultOf(layers: readonly z.core.$ZodTypeDef[]): unknown {
  const layer = layers.find((one) => one.type === 'prefault');
  return layer !== undefined && 'defaultValue' in layer ? layer.defaultValue : null;
}

function kindOf(layers: readonly z.core.$ZodTypeDef[]): SettingEntry['kind'] {
  if (layers.some((layer) => layer.type === 'array')) return 'list';
  return layers.some((layer) => layer.type === 'number') ? 'number' : 'text';
}
