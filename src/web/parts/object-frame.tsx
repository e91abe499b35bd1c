/** What is around the page of one object. */
import { Group, Paper } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { Kept } from '../client/types.ts';
import { Icon } from './icons.tsx';

export type Named = Kept & { name: string };

/** What a form of an object is given. */
export interface FormProps<T extends Named> {
  /** Null: a new one is made. */
  original: { key: string; stored: T } | null;
  onSaved: (saved: T) => void;
  onCancel: () => void;
}

/** The list that objects are in. */
export interface List {
  href: string;
  title: string;
}

/** The way back to the list. */
export function Back({ list }: { list: List }) {
  return (
    <Link href={list.href}>
      <Group gap={4} component="span">
        <Icon name="left" size={14} />
        {list.title}
      </Group>
    </Link>
  );
}

/** What a form is on. */
export function Sheet({ children }: { children: ReactNode }) {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => sheet.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  return (
    <Paper ref={sheet} withBorder bg="var(--mm-card)" p="md" maw={720}>
      {children}
    </Paper>
  );
}
