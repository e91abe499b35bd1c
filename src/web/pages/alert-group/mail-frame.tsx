/** The HTML of a mail as its reader sees it. Nothing in it can run, load or reach the page. */
import { useMantineStyleNonce } from '@mantine/core';
import { useMemo } from 'react';
import { withoutInlineStyles } from './mail-source.ts';
import classes from './preview.module.css';

export function MailFrame({ html, title }: { html: string; title: string }) {
  const nonce = useMantineStyleNonce()?.() ?? '';
  const source = useMemo(() => withoutInlineStyles(html, nonce), [html, nonce]);
  return <iframe className={classes.mail} title={title} sandbox="" srcDoc={source} />;
}
