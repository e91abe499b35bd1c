/** A secret that the service has just made, and never shows again. */
import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useText } from '../text/index.tsx';
import { CopyText } from './copy-text.tsx';
import { Icon } from './icons.tsx';

interface Props {
  title: string;
  secret: string;
  /** What whoever has it may do. */
  warning: string;
  onClose: () => void;
}

export function ShownOnce({ title, secret, warning, onClose }: Props) {
  const { common } = useText();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      // One click beside it would lose what cannot be shown again.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Stack gap="md">
        <Alert color="orange" icon={<Icon name="warning" />}>
          {warning}
        </Alert>
        <CopyText label={title}>{secret}</CopyText>
        <Group justify="flex-end">
          <Button onClick={onClose}>{common.close}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
