/** A secret that the service has just made, and never shows again. */
import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useRef } from 'react';
import { useText } from '../text/index.tsx';
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
        <Secret title={title} secret={secret} />
        <Group justify="flex-end">
          <Button onClick={onClose}>{common.close}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** Without https browsers have no clipboard for pages: then it is selected, to be copied by hand. */
function Secret({ title, secret }: Pick<Props, 'title' | 'secret'>) {
  const { common } = useText();
  const { copy, copied, error } = useClipboard({ timeout: 5_000 });
  const field = useRef<HTMLInputElement>(null);
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <TextInput
        ref={field}
        flex={1}
        readOnly
        aria-label={title}
        value={secret}
        ff="monospace"
        description={error === null ? undefined : common.copyByHand}
        inputWrapperOrder={['input', 'description']}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        data-autofocus
        onClick={() => {
          copy(secret);
          field.current?.select();
        }}
      >
        {copied ? common.copied : common.copy}
      </Button>
    </Group>
  );
}
