import { cutToBytes, storable } from './text.ts';

const maxNodes = 100;
const maxDepth = 4;
const maxStringLength = 200;

/**
 * A bounded piece of what came, as JSON, for people. Costs the same however large or deep the value is: JSON.stringify
 * alone overflows the stack on deep nesting.
 */
export function excerptOf(value: unknown, maxBytes: number): string {
  const text = JSON.stringify(prune(value, maxDepth, { nodes: maxNodes })) ?? '';
  return cutToBytes(storable(text), maxBytes);
}

function prune(value: unknown, depth: number, left: { nodes: number }): unknown {
  left.nodes -= 1;
  if (typeof value === 'string') return value.length > maxStringLength ? `${value.slice(0, maxStringLength)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, Math.max(0, left.nodes)).map((item) => prune(item, depth - 1, left));
  const entries: [string, unknown][] = [];
  for (const name in value) {
    if (left.nodes <= 0) break;
    if (!Object.hasOwn(value, name)) continue;
    entries.push([name.slice(0, maxStringLength), prune(Reflect.get(value, name), depth - 1, left)]);
  }
  return Object.fromEntries(entries);
}
