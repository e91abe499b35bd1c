/** Labels while they are edited. */
import type { Labels } from '../../client/types.ts';

export interface LabelRow {
  key: number;
  name: string;
  value: string;
}

export function rowsOfLabels(labels: Labels): LabelRow[] {
  return Object.entries(labels).map(([name, value], key) => ({ key, name, value }));
}

/** A row in which nothing is typed is no label. */
export function labelsOf(rows: readonly LabelRow[]): Labels {
  return Object.fromEntries(
    rows.filter((row) => row.name !== '' || row.value !== '').map((row) => [row.name, row.value]),
  );
}
