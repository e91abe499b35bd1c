/** The page of one object that admins edit: what it is, its form, its versions, and the way out. */
import { Button, Group, Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay } from '../client/me.tsx';
import { type Kind, objectQuery, pathOf } from '../client/objects.ts';
import { ApiError } from '../client/request.ts';
import type { Kept } from '../client/types.ts';
import { useText } from '../text/index.tsx';
import { History } from './history.tsx';
import { Icon } from './icons.tsx';
import { ManagedNotice } from './managed.tsx';
import { PageHead } from './page-head.tsx';
import { RemoveButton } from './remove-button.tsx';
import { Empty, Failure, Loading, NotFound } from './states.tsx';
import { useListing } from './use-listing.ts';

export type Named = Kept & { name: string };

/** What a form of an object is given. */
export interface FormProps<T extends Named> {
  /** Null: a new one is made. */
  original: { key: string; stored: T } | null;
  onSaved: (saved: T) => void;
  onCancel: () => void;
}

interface Props<T extends Named> {
  kind: Kind;
  name: string;
  /** The list that it is in. */
  list: { href: string; title: string };
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
  /** It may change without an edit: read again so often. */
  refetchMs?: number;
}

export function ObjectPage<T extends Named>(props: Props<T>) {
  return <One key={props.name} {...props} />;
}

function One<T extends Named>(props: Props<T>) {
  const { kind, name, list, hrefOf, form, view } = props;
  const { edit: words } = useText();
  const editor = useMay('editor');
  const [, navigate] = useLocation();
  // The version that the edit began with: what others save meanwhile must be a conflict, not be overwritten.
  const [edited, setEdited] = useState<T | null>(null);
  const { data, error, refetch } = useQuery({
    ...objectQuery<T>(kind, name),
    ...(props.refetchMs === undefined ? {} : { refetchInterval: props.refetchMs }),
  });
  if (edited === null && error instanceof ApiError && error.status === 404) return <Gone {...props} />;
  if (data === undefined) return error === null ? <Loading /> : <Failure error={error} onRetry={() => refetch()} />;
  const base = { kind, key: name, version: data.version };
  const close = () => {
    setEdited(null);
    // The button that had the focus is gone.
    document.querySelector<HTMLElement>('main h1')?.focus();
  };
  const saved = (object: T) => {
    close();
    if (object.name !== name) navigate(hrefOf(object.name), { replace: true });
  };
  const open = edited === null && editor && !data.managed;
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
            <Button onClick={() => setEdited(data)}>{words.edit}</Button>
          </Group>
        )}
      </PageHead>
      <ManagedNotice base={base} object={data} mayUnlock={editor} />
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
function Gone<T extends Named>({ kind, name, list, secret, hrefOf, onRestored }: Props<T>) {
  const { edit: words } = useText();
  const [, navigate] = useLocation();
  const editor = useMay('editor');
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
        mayRestore={editor}
        secret={secret === undefined ? undefined : { field: secret, label: words.newSecret }}
        onRestored={(restored) => {
          if (restored.name !== name) navigate(hrefOf(restored.name), { replace: true });
          onRestored?.(restored);
        }}
      />
    </>
  );
}

export function Back({ list }: { list: { href: string; title: string } }) {
  return (
    <Link href={list.href}>
      <Group gap={4} component="span">
        <Icon name="left" size={14} />
        {list.title}
      </Group>
    </Link>
  );
}

/** What a form is on. */
function Sheet({ children }: { children: ReactNode }) {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => sheet.current?.querySelector<HTMLElement>('input, textarea')?.focus(), []);
  return (
    <Paper ref={sheet} withBorder bg="var(--mm-card)" p="md" maw={720}>
      {children}
    </Paper>
  );
}

interface NewProps<T extends Named> extends Pick<Props<T>, 'list' | 'form'> {
  title: string;
  lead?: string;
  onSaved: (made: T) => void;
}

/** The page on which one is made. */
export function NewObjectPage<T extends Named>({ list, form, title, lead, onSaved }: NewProps<T>) {
  const [, navigate] = useLocation();
  const { common, roles } = useText();
  const editor = useMay('editor');
  if (!editor) return <Empty icon="people" title={common.beyondRole(roles.editor)} />;
  return (
    <>
      <Back list={list} />
      <PageHead title={title} {...(lead === undefined ? {} : { lead })} />
      <Sheet>
        {form({
          original: null,
          onSaved,
          onCancel: () => navigate(list.href),
        })}
      </Sheet>
    </>
  );
}
