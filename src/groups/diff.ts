/** What differs between two bodies, field by field. Pure. */
import type { FieldChange } from '../store/audit.ts';
import type { Body } from './kinds.ts';

/** Objects are compared key by key (`policy.group_wait`, `labels.dc`), lists as a whole; what is absent is null. */
export function fieldChanges(before: Body, after: Body, prefix = ''): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name): FieldChange[] => {
    const [old, now] = [own(before, name), own(after, name)];
    if (same(old, now)) return [];
    if (isObject(old ?? {}) && isObject(now ?? {}) && (isObject(old) || isObject(now))) {
      return fieldChanges((old ?? {}) as Body, (now ?? {}) as Body, `${prefix}${name}.`);
    }
    return [{ path: prefix + name, before: old, after: now }];
  });
}

/** A label may be called `constructor`. */
function own(body: Body, name: string): unknown {
  return (Object.hasOwn(body, name) ? body[name] : null) ?? null;
}

/** Whether two values say the same, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a ?? null)) === JSON.stringify(sorted(b ?? null));
}

/** Whether it is one that is compared key by key. */
export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
