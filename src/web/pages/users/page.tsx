/** Who may sign in, and which programs may call the API. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { User } from '../../client/types.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { useText } from '../../text/index.tsx';
import { TokenDialog } from './token-dialog.tsx';
import { TokenList } from './token-list.tsx';
import { UserDialog } from './user-dialog.tsx';
import { UserList } from './user-list.tsx';

export default function UsersPage() {
  const { users: words } = useText();
  const [editing, setEditing] = useState<User | 'new' | null>(null);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  return (
    <>
      <PageHead title={words.title} lead={words.lead}>
        <Group gap="sm">
          <Button size="sm" onClick={() => setEditing('new')}>
            {words.newUser}
          </Button>
          <Button size="sm" variant="default" onClick={() => setMaking(true)}>
            {words.newToken}
          </Button>
        </Group>
      </PageHead>
      <Section title={words.users} hint={words.usersHint}>
        <UserList onEdit={setEditing} />
      </Section>
      <Section title={words.tokens} hint={words.tokensHint}>
        <TokenList />
      </Section>
      <UserDialog user={editing} onClose={() => setEditing(null)} />
      <TokenDialog
        opened={making}
        onClose={() => setMaking(false)}
        onMade={({ token }) => {
          setMaking(false);
          setMade(token);
        }}
      />
      {made !== null && (
        <ShownOnce title={words.tokenMade} secret={made} warning={words.tokenOnce} onClose={() => setMade(null)} />
      )}
    </>
  );
}
