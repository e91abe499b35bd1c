/** A table that becomes a list of cards on a phone: each cell then carries the heading of its column. */
import type { ReactNode } from 'react';
import classes from './cards-table.module.css';

interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** Takes what room is left. */
  wide?: boolean;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** It stands alone on the page, not in a section. */
  boxed?: boolean;
}

export function CardsTable<T>({ label, columns, rows, keyOf, boxed = false }: Props<T>) {
  return (
    <table className={classes.table} data-boxed={boxed} aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ title, wide }) => (
            <th key={title} scope="col" data-wide={wide}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell }) => (
              <td key={title} data-title={title}>
                <div>{cell(row)}</div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
