import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './section.module.css';

/** A part of a page under its own heading. */
export function Section({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  return (
    <Paper component="section" withBorder className={classes.section} aria-label={title}>
      <Title order={2}>{title}</Title>
      {hint !== undefined && (
        <Text size="xs" c="var(--mm-quiet)">
          {hint}
        </Text>
      )}
      <div className={classes.body}>{children}</div>
    </Paper>
  );
}

/** Names and values, side by side where there is room. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
