/** A user under edit, or a new one. */
import { Checkbox, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../../client/me.tsx';
import { waysQuery } from '../../client/session.ts';
import type { Role, User } from '../../client/types.ts';
import { EditForm } from '../../parts/edit-form.tsx';
import { useFault } from '../../parts/fault.ts';
import { Notice } from '../../parts/notice.tsx';
import { PasswordField } from '../../parts/password-field.tsx';
import { useText } from '../../text/index.tsx';
import { RoleChoice } from './role-choice.tsx';

/** `user` null: closed. */
export function UserDialog({ user, onClose }: { user: User | 'new' | null; onClose: () => void }) {
  const { users: words, edit, common } = useText();
  return (
    <Modal
      opened={user !== null}
      onClose={onClose}
      title={user === 'new' || user === null ? words.newUser : edit.editOne(user.name)}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {user !== null && <UserForm stored={user === 'new' ? null : user} onClose={onClose} />}
    </Modal>
  );
}

/** The fields as they are typed: what is empty is null for the API. */
interface Draft {
  name: string;
  display_name: string;
  email: string;
  role: Role;
  password: string;
  oidc_subject: string;
  disabled: boolean;
}

function draftOf(user: User | null): Draft {
  return {
    name: user?.name ?? '',
    display_name: user?.display_name ?? '',
    email: user?.email ?? '',
    role: user?.role ?? 'viewer',
    password: '',
    oidc_subject: user?.oidc_subject ?? '',
    disabled: user?.disabled ?? false,
  };
}

/** What the API takes. */
function bodyOf({ password, ...rest }: Draft) {
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    ...rest,
    name: rest.name.trim(),
    display_name: orNull(rest.display_name),
    email: orNull(rest.email),
    oidc_subject: orNull(rest.oidc_subject),
    ...(password === '' ? {} : { password }),
  };
}

function UserForm({ stored, onClose }: { stored: User | null; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(stored));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  return (
    <EditForm<User>
      kind="users"
      original={stored === null ? null : { key: stored.name, stored }}
      draft={bodyOf(draft)}
      dirty={JSON.stringify(draft) !== JSON.stringify(draftOf(stored))}
      asksWhy={false}
      onSaved={onClose}
      onCancel={onClose}
    >
      <Names draft={draft} isNew={stored === null} onChange={change} />
      <RoleChoice value={draft.role} onChange={(role) => change({ role })} />
      <Ways draft={draft} isNew={stored === null} onChange={change} />
      {stored !== null && <Ends draft={draft} stored={stored} />}
    </EditForm>
  );
}

interface FieldsProps {
  draft: Draft;
  isNew: boolean;
  onChange: (part: Partial<Draft>) => void;
}

const goodName = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,99}$/u;

function Names({ draft, isNew, onChange }: FieldsProps) {
  const { users: words } = useText();
  const faults = { name: useFault('name'), email: useFault('email'), display: useFault('display_name') };
  return (
    <>
      <TextInput
        label={words.name}
        description={isNew ? words.nameHint : undefined}
        value={draft.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        error={faults.name && (goodName.test(draft.name.trim()) ? words.nameTaken : words.nameBad)}
        readOnly={!isNew}
        withAsterisk={isNew}
        data-autofocus={isNew || undefined}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
      />
      <TextInput
        label={words.displayName}
        value={draft.display_name}
        onChange={(event) => onChange({ display_name: event.currentTarget.value })}
        error={faults.display}
        maxLength={200}
        data-autofocus={!isNew || undefined}
        autoComplete="off"
      />
      <TextInput
        label={words.email}
        type="email"
        value={draft.email}
        onChange={(event) => onChange({ email: event.currentTarget.value })}
        error={faults.email && words.emailBad}
        autoComplete="off"
      />
    </>
  );
}

function Ways({ draft, isNew, onChange }: FieldsProps) {
  const { users: words } = useText();
  const ways = useQuery(waysQuery);
  const faults = { password: useFault('password'), subject: useFault('oidc_subject') };
  return (
    <>
      <PasswordField
        label={isNew ? words.password : words.newPassword}
        description={isNew ? words.passwordNone : words.passwordKept}
        value={draft.password}
        onChange={(event) => onChange({ password: event.currentTarget.value })}
        error={faults.password && words.passwordBad}
        autoComplete="new-password"
      />
      {(ways.data?.oidc != null || draft.oidc_subject !== '') && (
        <TextInput
          label={words.subject}
          description={words.subjectHint}
          value={draft.oidc_subject}
          onChange={(event) => onChange({ oidc_subject: event.currentTarget.value })}
          error={faults.subject && words.subjectTaken}
          maxLength={255}
          autoComplete="off"
          spellCheck={false}
        />
      )}
      {!isNew && (
        <Checkbox
          label={words.disabled}
          checked={draft.disabled}
          onChange={(event) => onChange({ disabled: event.currentTarget.checked })}
        />
      )}
    </>
  );
}

/** Says whom an edit signs out. */
function Ends({ draft, stored }: { draft: Draft; stored: User }) {
  const { users: words } = useText();
  const me = useMe();
  const ends = draft.role !== stored.role || draft.password !== '' || (draft.disabled && !stored.disabled);
  if (!ends) return null;
  return <Notice>{me.account === 'user' && me.name === stored.name ? words.endsYours : words.endsSessions}</Notice>;
}
