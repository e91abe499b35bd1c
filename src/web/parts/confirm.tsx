/** Asks before something is done that cannot be taken back with one click. */
import { Button, Group, Modal, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../text/index.tsx';

interface Props {
  opened: boolean;
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** The word on the button that does it. */
  action: string;
  /** It takes something away. */
  danger?: boolean;
  busy?: boolean;
  /** Why it cannot be done yet, in words. */
  blocked?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
}

export function Confirm(props: Props) {
  const { opened, title, children, action, danger = false, busy = false, blocked, onConfirm, onClose } = props;
  const { common } = useText();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': common.close }}>
      <Stack gap="md">
        <div>{children}</div>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <Button
            onClick={onConfirm}
            loading={busy}
            disabled={blocked !== undefined}
            title={blocked}
            {...(danger ? { color: 'red' } : {})}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
