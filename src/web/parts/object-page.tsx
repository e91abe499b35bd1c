/** The page of one object that admins edit: what it is, its form, its versions, and the way out. */
import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { whileSignedIn } from '../client/credential.ts';
import { useMay } from '../client/me.tsx';
import { type Kind, objectQuery, pathOf } from '../client/objects.ts';
import { ApiError } from '../client/request.ts';
import type { Role } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { History } from './history.tsx';
import { ManagedNotice } from './managed.tsx';
import { Back, type FormProps, type List, type Named, Sheet } from './object-frame.tsx';
import { PageHead } from './page-head.tsx';
import { Read } from './read.tsx';
import { RemoveButton } from './remove-button.tsx';
import { Empty, Loading, NotFound } from './states.tsx';
import { useListing } from './use-listing.ts';

interface Props<T extends Named> {
  kind: Kind;
  name: string;
  /** The list that it is in. */
  list: List;
  /** The page of one of these. */
  hrefOf: (name: string) => string;
  form: (props: FormProps<T>) => ReactNode;
  /** What it is and does. */
  view: (object: T) => ReactNode;
  /** What will be missing without it. */
  removeHint: string;
  /** What names it. */
  usedBy?: readonly string[];
  /** The field of a secret that is forgotten when it is removed. */
  secret?: string;
  onRestored?: (restored: T) => void;
  /** Who may edit it; an editor, unless it says otherwise. */
  needs?: Role;
  /** It may change without an edit: read again so often. */
  refetchMs?: number;
}

export function ObjectPage<T extends Named>(props: Props<T>) {
  return <One key={props.name} {...props} />;
}

function One<T extends Named>(props: Props<T>) {
  const { kind, name, refetchMs } = props;
  // The version that the edit began with: what others save meanwhile must be a conflict, not be overwritten.
  const [edited, setEdited] = useState<T | null>(null);
  const query = useQuery({
    ...objectQuery<T>(kind, name),
    refetchInterval: () => refetchMs !== undefined && whileSignedIn(refetchMs),
  });
  const { error } = query;
  if (edited === null && error instanceof ApiError && error.status === 404) return <Gone {...props} />;
  return <Read query={query}>{(data) => <Shown {...props} data={data} edited={edited} onEdit={setEdited} />}</Read>;
}

interface ShownProps<T extends Named> extends Props<T> {
  data: T;
  edited: T | null;
  onEdit: (edited: T | null) => void;
}

function Shown<T extends Named>({ data, edited, onEdit, ...props }: ShownProps<T>) {
  const { kind, name, list, hrefOf, form, view, needs = 'editor' } = props;
  const { edit: words } = useText();
  const mayEdit = useMay(needs);
  const [, navigate] = useLocation();
  const base = { kind, key: name, version: data.version };
  const close = () => {
    onEdit(null);
    // The button that had the focus is gone.
    document.querySelector<HTMLElement>('main h1')?.focus();
  };
  const saved = (object: T) => {
    close();
    if (object.name !== name) navigate(hrefOf(object.name), { replace: true });
  };
  const open = edited === null && mayEdit && !data.managed;
  return (
    <>
      <Back list={list} />
      <PageHead title={name}>
        {open && (
          <Group gap="sm">
            <RemoveButton
              base={base}
              hint={props.removeHint}
              usedBy={props.usedBy ?? []}
              onRemoved={() => navigate(list.href)}
            />
            <Button onClick={() => onEdit(data)}>{words.edit}</Button>
          </Group>
        )}
      </PageHead>
      <ManagedNotice base={base} object={data} mayUnlock={mayEdit} />
      {edited === null ? (
        view(data)
      ) : (
        <Sheet>{form({ original: { key: name, stored: edited }, onSaved: saved, onCancel: close })}</Sheet>
      )}
      {edited === null && (
        <History<T>
          base={base}
          mayRestore={open}
          onRestored={(restored) => {
            saved(restored);
            props.onRestored?.(restored);
          }}
        />
      )}
    </>
  );
}

/** What was removed can come back. */
function Gone<T extends Named>({ kind, name, list, secret, hrefOf, onRestored, needs = 'editor' }: Props<T>) {
  const { edit: words } = useText();
  const [, navigate] = useLocation();
  const mayEdit = useMay(needs);
  const versions = useListing('config', pathOf(kind, name, 'versions'), { limit: 20 });
  if (versions.isPending) return <Loading />;
  if (versions.error !== null && versions.items.length === 0) return <NotFound />;
  return (
    <>
      <Back list={list} />
      <PageHead title={name} />
      <Empty icon="undo" title={words.gone}>
        {words.goneHint}
      </Empty>
      <History<T>
        base={{ kind, key: name, version: 0 }}
        mayRestore={mayEdit}
        secret={secret === undefined ? undefined : { field: secret, label: words.newSecret }}
        onRestored={(restored) => {
          if (restored.name !== name) navigate(hrefOf(restored.name), { replace: true });
          onRestored?.(restored);
        }}
      />
    </>
  );
}
