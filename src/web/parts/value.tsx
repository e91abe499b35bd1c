/** Texts that somebody else wrote: shown as they are and nothing but text, isolated from the writing direction around. */
import { UnstyledButton } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useText } from '../text/index.tsx';
import { Icon, type IconName } from './icons.tsx';
import classes from './value.module.css';

/** Cuts a long text and offers the rest. */
export function Value({ children, max = 240 }: { children: string; max?: number }) {
  const { common } = useText();
  const [all, setAll] = useState(false);
  if (children.length <= max) return <bdi>{children}</bdi>;
  return (
    <span>
      <bdi>{all ? children : `${children.slice(0, max)}…`}</bdi>{' '}
      <UnstyledButton className={classes.more} onClick={() => setAll(!all)} aria-expanded={all}>
        {all ? common.showLess : common.showAll(children.length)}
      </UnstyledButton>
    </span>
  );
}

/** Cuts without an offer: for one line of a list, where a page shows the whole. */
export function Brief({ children, max = 120 }: { children: string; max?: number }) {
  const short = children.length <= max ? children : `${children.slice(0, max)}…`;
  return <bdi title={children.length <= max ? undefined : children.slice(0, 1_000)}>{short}</bdi>;
}

/** The address of a link that is safe to follow, null: it is none. */
export function safeUrl(text: string | null | undefined): string | null {
  if (text === null || text === undefined || text.length > 8_192) return null;
  try {
    const url = new URL(text);
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A link out of the page. What is no http or https link is shown as text. */
export function OutLink({ href, icon, children }: { href: string; icon?: IconName; children: ReactNode }) {
  const url = safeUrl(href);
  if (url === null) return <bdi>{children}</bdi>;
  return (
    <a className={classes.out} href={url} target="_blank" rel="noopener noreferrer">
      {icon !== undefined && <Icon name={icon} size={14} />}
      {children}
      <Icon name="out" size={12} />
    </a>
  );
}

/** The runbook of an alert, by the two names that are in use. */
export function runbookOf(annotations: Readonly<Record<string, string>>): string | null {
  return safeUrl(annotations['runbook_url']) ?? safeUrl(annotations['runbook']);
}
