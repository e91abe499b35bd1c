/** A long list of which only what is in view exists. One row is current: `j` and `k` move it. */
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useKeys } from './keys.tsx';
import classes from './virtual-list.module.css';

interface Props<T> {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  /** A guess; rows are measured. */
  rowHeight: number;
  hasMore: boolean;
  onMore: () => void;
  row: (item: T, current: boolean) => ReactNode;
  /** Keys that act on the current row. */
  keys?: Readonly<Record<string, (item: T) => void>>;
}

export function VirtualList<T>({ label, items, keyOf, rowHeight, hasMore, onMore, row, keys = {} }: Props<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => keyOf(items[index] as T),
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasMore && last >= items.length - 20) onMore();
  }, [hasMore, last, items.length, onMore]);

  const at = items.findIndex((item) => keyOf(item) === current);
  const move = (by: number) => {
    const to = Math.min(items.length - 1, Math.max(0, at + by));
    const item = items[to];
    if (item === undefined) return;
    setCurrent(keyOf(item));
    virtual.scrollToIndex(to, { align: 'auto' });
    // It may have to be made first.
    requestAnimationFrame(() => {
      const made = list.current?.querySelector(`[data-index="${to}"]`);
      const target = made?.querySelector<HTMLElement>('a[href]') ?? made?.querySelector('button');
      target?.focus({ preventScroll: true });
    });
  };
  const acts = Object.entries(keys).map(([key, act]) => {
    const item = items[at];
    return [key, item === undefined ? undefined : () => act(item)] as const;
  });
  useKeys({ j: () => move(1), k: () => move(-1), ...Object.fromEntries(acts) });

  return (
    <ul ref={list} className={classes.list} aria-label={label} style={{ height: virtual.getTotalSize() }}>
      {shown.map(({ index, key, start }) => {
        const item = items[index] as T;
        const id = keyOf(item);
        return (
          <li
            key={key}
            ref={virtual.measureElement}
            data-index={index}
            className={classes.row}
            style={{ transform: `translateY(${start - top}px)` }}
            aria-setsize={hasMore ? -1 : items.length}
            aria-posinset={index + 1}
            onFocus={() => setCurrent(id)}
          >
            {row(item, id === current)}
          </li>
        );
      })}
    </ul>
  );
}
