/** Removes something that admins edit, after a question. */
import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { type Base, removeObject } from '../client/objects.ts';
import { useText } from '../text/index.tsx';
import { Confirm } from './confirm.tsx';
import { useAction } from './use-action.ts';

interface Props {
  base: Base;
  /** What will be missing. */
  hint: string;
  onRemoved?: () => void;
  /** In a row of a list. */
  compact?: boolean;
}

export function RemoveButton({ base, hint, onRemoved, compact = false }: Props) {
  const { edit: words } = useText();
  const [asking, setAsking] = useState(false);
  const removing = useAction(() => removeObject(base), {
    kinds: ['config', 'incidents'],
    said: () => words.removed(base.key),
  });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size={compact ? 'compact-sm' : 'sm'}
        aria-label={compact ? words.removeOne(base.key) : undefined}
        onClick={() => setAsking(true)}
      >
        {words.remove}
      </Button>
      <Confirm
        opened={asking}
        title={words.removeTitle(base.key)}
        action={words.remove}
        danger
        busy={removing.isPending}
        onConfirm={() =>
          removing.mutate(undefined, { onSuccess: () => onRemoved?.(), onError: () => setAsking(false) })
        }
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{hint}</Text>
      </Confirm>
    </>
  );
}
