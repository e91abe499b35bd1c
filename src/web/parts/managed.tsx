/** Says that a file made this, which is why it is read-only here, and offers the way out. */
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { type Base, unlockObject } from '../client/objects.ts';
import type { Kept } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { Notice } from './notice.tsx';
import { useAction } from './use-action.ts';

/** The source of the first start counts as made by a file, so that one may replace it; but nobody wrote that file yet. */
const ofFirstStart = ({ managed, updated_by }: Kept) => managed && updated_by === null;

/** The mark in lists. */
export function ManagedBadge({ object }: { object: Kept }) {
  const { edit: words } = useText();
  const { managed, unlocked } = object;
  if (ofFirstStart(object))
    return (
      <Badge level="none" title={words.firstStartHint}>
        {words.firstStart}
      </Badge>
    );
  if (managed)
    return (
      <Badge level="info" title={words.managedHint}>
        {words.managed}
      </Badge>
    );
  if (unlocked)
    return (
      <Badge level="warning" title={words.unlockedHint}>
        {words.unlocked}
      </Badge>
    );
  return null;
}

/** The notice above a form. `mayUnlock`: whoever reads may edit this kind. */
export function ManagedNotice({ base, object, mayUnlock }: { base: Base; object: Kept; mayUnlock: boolean }) {
  const { edit: words } = useText();
  const [asking, setAsking] = useState(false);
  const unlocking = useAction(() => unlockObject(base), { kinds: ['config'], said: () => words.didUnlock });
  if (object.unlocked) return <Notice>{words.unlockedHint}</Notice>;
  if (!object.managed) return null;
  return (
    <Notice>
      {ofFirstStart(object) ? words.firstStartHint : words.managedHint}{' '}
      {mayUnlock && (
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)}>
          {words.unlock}
        </Button>
      )}
      <Confirm
        opened={asking}
        title={words.unlock}
        action={words.unlock}
        busy={unlocking.isPending}
        onConfirm={() => unlocking.mutate(undefined, { onSuccess: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{words.unlockHint}</Text>
      </Confirm>
    </Notice>
  );
}
