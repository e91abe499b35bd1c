/** A text to paste elsewhere, with a button that copies it. */
import { Button, Group } from '@mantine/core';
import { useRef, useState } from 'react';
import { useText } from '../text/index.tsx';
import classes from './copy-text.module.css';
import { Icon } from './icons.tsx';

/** `label` names the text for who does not see it. */
export function CopyText({ label, children }: { label: string; children: string }) {
  const { common } = useText();
  const [copied, setCopied] = useState(false);
  const text = useRef<HTMLPreElement>(null);
  const copy = async () => {
    if (text.current !== null) setCopied(await copyFrom(text.current, children));
  };
  return (
    <div className={classes.box}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is scrolled with the keyboard too */}
      <section className={classes.text} aria-label={label} tabIndex={0}>
        <pre ref={text}>{children}</pre>
      </section>
      <Group justify="flex-end">
        <Button
          size="compact-sm"
          variant="default"
          onClick={copy}
          aria-live="polite"
          {...(copied ? { leftSection: <Icon name="check" size={14} /> } : {})}
        >
          {copied ? common.copied : common.copy}
        </Button>
      </Group>
    </div>
  );
}

/** @returns whether it is in the clipboard; else it is at least selected */
async function copyFrom(element: HTMLElement, text: string): Promise<boolean> {
  getSelection()?.selectAllChildren(element);
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without HTTPS browsers have no clipboard, and only the old way is left.
    return document.execCommand('copy');
  }
}
