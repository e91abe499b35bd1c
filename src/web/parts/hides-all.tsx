/** A silence that would hide everything critical: an admin says that they know, others hear who can. */
import { Alert, Checkbox, Text } from '@mantine/core';
import { useMay } from '../client/me.tsx';
import { useText } from '../text/index.tsx';
import { Icon } from './icons.tsx';

interface Props {
  confirmed: boolean;
  onChange: (confirmed: boolean) => void;
}

export function HidesAll({ confirmed, onChange }: Props) {
  const { silence: words } = useText();
  const admin = useMay('admin');
  return (
    <Alert color="red" icon={<Icon name="warning" />} role="alert">
      {words.hidesAll}
      {admin ? (
        <Checkbox
          mt="xs"
          label={words.confirmAll}
          checked={confirmed}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      ) : (
        <Text size="sm" mt={4}>
          {words.askAdmin}
        </Text>
      )}
    </Alert>
  );
}
