import { Radio, Stack } from '@mantine/core';
import { roles } from '../../client/session.ts';
import type { Role } from '../../client/types.ts';
import { useText } from '../../text/index.tsx';

/** One of the roles, each with what it may do. */
export function RoleChoice({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const { users: words, roles: names } = useText();
  return (
    <Radio.Group label={words.role} value={value} onChange={(chosen) => onChange(chosen as Role)}>
      <Stack gap={6} mt={6}>
        {roles.map((role) => (
          <Radio key={role} value={role} label={names[role]} description={words.roleHints[role]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
