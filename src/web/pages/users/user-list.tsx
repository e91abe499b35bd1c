import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMe } from '../../client/me.tsx';
import { allQuery } from '../../client/objects.ts';
import type { User } from '../../client/types.ts';
import { Badge } from '../../parts/badge.tsx';
import { CardsTable } from '../../parts/cards-table.tsx';
import { Read } from '../../parts/read.tsx';
import { RemoveButton } from '../../parts/remove-button.tsx';
import { Empty } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';

export function UserList({ onEdit }: { onEdit: (user: User) => void }) {
  const query = useQuery(allQuery<User>('users'));
  return <Read query={query}>{(users) => <Users users={users} onEdit={onEdit} />}</Read>;
}

function Users({ users, onEdit }: { users: readonly User[]; onEdit: (user: User) => void }) {
  const { users: words, roles } = useText();
  if (users.length === 0)
    return (
      <Empty icon="user" title={words.noUsers}>
        {words.noUsersHint}
      </Empty>
    );
  return (
    <CardsTable
      label={words.users}
      rows={users}
      keyOf={(user) => user.name}
      columns={[
        { title: words.name, wide: true, cell: (user) => <Who user={user} /> },
        { title: words.role, cell: (user) => roles[user.role] },
        { title: words.signIn, cell: (user) => <Ways user={user} /> },
        { title: words.changed, cell: (user) => <Changed user={user} /> },
        { title: words.actions, cell: (user) => <Actions user={user} onEdit={onEdit} /> },
      ]}
    />
  );
}

function Who({ user: { name, display_name, email, disabled } }: { user: User }) {
  const { users: words } = useText();
  const me = useMe();
  const more = [display_name, email].filter((one) => one !== null);
  return (
    <>
      <strong>
        <Brief max={100}>{name}</Brief>
      </strong>{' '}
      {me.account === 'user' && me.name === name && `(${words.you}) `}
      {disabled && <Badge level="warning">{words.isDisabled}</Badge>}
      {more.length > 0 && (
        <Text size="xs" c="var(--mm-quiet)">
          <Brief max={200}>{more.join(' · ')}</Brief>
        </Text>
      )}
    </>
  );
}

function Ways({ user: { has_password, oidc_subject } }: { user: User }) {
  const { users: words, tag } = useText();
  const ways = [...(has_password ? [words.byPassword] : []), ...(oidc_subject === null ? [] : [words.byProvider])];
  if (ways.length === 0) return <Badge level="warning">{words.byNothing}</Badge>;
  return new Intl.ListFormat(tag).format(ways);
}

function Changed({ user: { updated_at, updated_by } }: { user: User }) {
  const { users: words } = useText();
  return (
    <>
      <Ago at={updated_at} />
      {updated_by !== null && (
        <Text size="xs" c="var(--mm-quiet)">
          <Brief max={80}>{words.by(updated_by)}</Brief>
        </Text>
      )}
    </>
  );
}

function Actions({ user, onEdit }: { user: User; onEdit: (user: User) => void }) {
  const { users: words, edit } = useText();
  return (
    <Group gap={4} wrap="nowrap">
      <Button size="compact-sm" variant="default" aria-label={edit.editOne(user.name)} onClick={() => onEdit(user)}>
        {edit.edit}
      </Button>
      <RemoveButton base={{ kind: 'users', key: user.name, version: user.version }} hint={words.removeHint} compact />
    </Group>
  );
}
