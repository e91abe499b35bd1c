/** Removes something that admins edit, after a question. */
import { Button, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { type Base, removeObject } from '../client/objects.ts';
import { useText } from '../text/index.tsx';
import { Confirm } from './confirm.tsx';
import { useAction } from './use-action.ts';
import { Brief } from './value.tsx';

interface Props {
  base: Base;
  /** What will be missing. */
  hint: string;
  /** What names it: as long as there is any, it cannot be removed. */
  usedBy?: readonly string[];
  onRemoved?: () => void;
  /** In a row of a list. */
  compact?: boolean;
}

export function RemoveButton({ base, hint, usedBy = [], onRemoved, compact = false }: Props) {
  const { edit: words } = useText();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    await removeObject(base);
    // Before everything is read again: the page of what is gone would take this button away.
    onRemoved?.();
  };
  const removing = useAction(remove, { kinds: ['config', 'incidents'], said: () => words.removed(base.key) });
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
      <Used opened={asking && usedBy.length > 0} name={base.key} by={usedBy} onClose={() => setAsking(false)} />
      <Confirm
        opened={asking && usedBy.length === 0}
        title={words.removeTitle(base.key)}
        action={words.remove}
        danger
        busy={removing.isPending}
        onConfirm={() => removing.mutate(undefined, { onError: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{hint}</Text>
      </Confirm>
    </>
  );
}

function Used({
  opened,
  name,
  by,
  onClose,
}: {
  opened: boolean;
  name: string;
  by: readonly string[];
  onClose: () => void;
}) {
  const { edit: words, common } = useText();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.cannotRemove(name)}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Text size="sm">{words.usedHint}</Text>
      <ul>
        {by.map((user) => (
          <li key={user}>
            <Brief>{user}</Brief>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
