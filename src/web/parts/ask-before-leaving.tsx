/** Asks before what is typed is lost: by a closed tab, or by a link that leads to another page. */
import { Text } from '@mantine/core';
import { useLayoutEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { useText } from '../text/index.tsx';
import { Confirm } from './confirm.tsx';

/** `dirty`: there is something to lose. */
export function AskBeforeLeaving({ dirty }: { dirty: boolean }) {
  const { edit: words } = useText();
  const [, navigate] = useLocation();
  const [wanted, setWanted] = useState<string | null>(null);
  // Not after the paint: who sees that it is saved may click at once.
  useLayoutEffect(() => {
    if (!dirty) return;
    const stop = new AbortController();
    const hold = (event: MouseEvent) => {
      const to = targetOf(event);
      if (to === null) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(to);
    };
    addEventListener('beforeunload', (event) => event.preventDefault(), { signal: stop.signal });
    document.addEventListener('click', hold, { capture: true, signal: stop.signal });
    return () => stop.abort();
  }, [dirty]);
  return (
    <Confirm
      opened={wanted !== null}
      title={words.leaveTitle}
      action={words.leave}
      danger
      // The address is whole already: the path below which the service lives is in it.
      onConfirm={() => navigate(`~${wanted}`)}
      onClose={() => setWanted(null)}
    >
      <Text size="sm">{words.leaveHint}</Text>
    </Confirm>
  );
}

/** The other page that a click leads to in this tab; null: none. */
function targetOf(event: MouseEvent): string | null {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
  if (link === null || link.target !== '' || link.origin !== location.origin) return null;
  return link.pathname === location.pathname ? null : link.pathname + link.search;
}
