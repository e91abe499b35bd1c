/** A silence that would hide everything critical: an admin says that they know, others hear who can. */
import { Alert, Checkbox, Text } from '@mantine/core';
import { useState } from 'react';
import { useMay } from '../client/me.tsx';
import { useText } from '../text/index.tsx';
import { Icon } from './icons.tsx';

/** Whether it is confirmed for these matchers: a confirmation ends when they change. @param of the matchers of the silence */
export function useConfirmation(of: unknown): [boolean, (confirmed: boolean) => void] {
  const now = JSON.stringify(of);
  const [confirmedFor, setConfirmedFor] = useState<string | null>(null);
  if (confirmedFor !== null && confirmedFor !== now) setConfirmedFor(null);
  return [confirmedFor === now, (confirmed) => setConfirmedFor(confirmed ? now : null)];
}

/** Why the button that makes it is grey; undefined: it is not. */
export function useUnconfirmed(hidesAll: boolean, confirmed: boolean): string | undefined {
  const { silence: words } = useText();
  const admin = useMay('admin');
  if (!hidesAll || confirmed) return undefined;
  return admin ? words.confirmFirst : words.askAdmin;
}

interface Props {
  /** What is said is of other matchers than those that are typed now. */
  old?: boolean;
  confirmed: boolean;
  onChange: (confirmed: boolean) => void;
}

export function HidesAll({ old = false, confirmed, onChange }: Props) {
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
          disabled={old}
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
