import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useText } from '../text/index.tsx';

/** A field for a secret, which can be looked at while it is typed. */
export function PasswordField(props: PasswordInputProps) {
  const { common } = useText();
  return <PasswordInput visibilityToggleButtonProps={{ 'aria-label': common.showSecret }} {...props} />;
}
