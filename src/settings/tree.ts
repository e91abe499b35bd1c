/** Plain nested objects, as YAML gives them. */

/** An object with string keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at `path`, or undefined. */
export function getAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (node, key) => (isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined),
    tree,
  );
}

/** A copy of `tree` with `value` at `path`; undefined takes the key away. What stands in the way and is no object stays. */
export function setAt(tree: Record<string, unknown>, path: readonly string[], value: unknown): Record<string, unknown> {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  if (rest.length === 0) {
    const { [key]: _old, ...others } = tree;
    return value === undefined ? others : { ...others, [key]: value };
  }
  const child = tree[key] ?? {};
  return isRecord(child) ? { ...tree, [key]: setAt(child, rest, value) } : tree;
}

type CamelKey<K extends string> = K extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : K;

/** `T` with `snake_case` keys as `camelCase`, at every depth of plain objects. */
export type CamelKeys<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T as K extends string ? CamelKey<K> : K]: CamelKeys<T[K]> }
    : T;

/** Renames the keys; lists stay as they are. */
export function camelKeys<T>(value: T): CamelKeys<T> {
  if (!isRecord(value)) return value as CamelKeys<T>;
  const entries = Object.entries(value).map(([key, inner]) => [camel(key), camelKeys(inner)] as const);
  return Object.fromEntries(entries) as CamelKeys<T>;
}

function camel(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
