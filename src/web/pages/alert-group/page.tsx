/** One alert group: what it takes, whom it tells and when, and what that does. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AlertGroup } from '../../client/alert-groups.ts';
import { useMay } from '../../client/me.tsx';
import { objectQuery, pathOf } from '../../client/objects.ts';
import { ApiError } from '../../client/request.ts';
import { useSpare } from '../../client/status.ts';
import { useAddressName } from '../../parts/address.ts';
import { History } from '../../parts/history.tsx';
import { ManagedBadge, ManagedNotice } from '../../parts/managed.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Read } from '../../parts/read.tsx';
import { Section } from '../../parts/section.tsx';
import { Loading, NotFound } from '../../parts/states.tsx';
import { TestSend } from '../../parts/test-send.tsx';
import { useListing } from '../../parts/use-listing.ts';
import { useText } from '../../text/index.tsx';
import { Beside } from './beside.tsx';
import { bodyOf } from './draft.ts';
import { Editor } from './editor.tsx';
import { GroupFacts } from './group-facts.tsx';
import classes from './layout.module.css';
import { Preview } from './preview.tsx';
import { useProposal } from './proposal.ts';
import { Proposed } from './proposed.tsx';
import { useEditor } from './use-editor.ts';
import { usePreview } from './use-preview.ts';

export default function AlertGroupPage() {
  const { alertGroup: words } = useText();
  const name = useAddressName();
  return (
    <>
      <Text size="sm" mb={4}>
        <Link href="/alert-groups">‹ {words.back}</Link>
      </Text>
      {name === null ? <NewGroup key="new" /> : <KnownGroup key={`known ${name}`} name={name} />}
    </>
  );
}

function NewGroup() {
  const { alertGroup: words, common, roles } = useText();
  const editor = useEditor(null);
  const mayEdit = useMay('editor');
  return (
    <>
      <PageHead title={words.newTitle} lead={mayEdit ? words.newLead : common.beyondRole(roles.editor)} />
      {mayEdit && <Editor editor={editor} />}
    </>
  );
}

function KnownGroup({ name }: { name: string }) {
  const query = useQuery(objectQuery<AlertGroup>('alert-groups', name));
  const { data, error } = query;
  if (data === undefined && error instanceof ApiError && error.status === 404) return <GoneGroup name={name} />;
  return <Read query={query}>{(group) => <OpenedGroup stored={group} />}</Read>;
}

/** Removed: nothing is at any version now. Or never there, and then it has none. */
function GoneGroup({ name }: { name: string }) {
  const { alertGroup: words } = useText();
  const mayEdit = useMay('editor');
  const versions = useListing('config', pathOf('alert-groups', name, 'versions'), { limit: 20 });
  if (versions.isPending) return <Loading />;
  if (versions.error !== null) return <NotFound />;
  return (
    <>
      <PageHead title={name.slice(0, 160)} />
      <Notice>{words.gone}</Notice>
      <History base={{ kind: 'alert-groups', key: name, version: 0 }} mayRestore={mayEdit} />
    </>
  );
}

function OpenedGroup({ stored }: { stored: AlertGroup }) {
  const { alertGroup: words } = useText();
  const mayEdit = useMay('editor');
  const editor = useEditor(stored, useProposal());
  const base = editor.base ?? stored;
  const at = { kind: 'alert-groups', key: base.name, version: base.version } as const;
  const writable = mayEdit && !base.managed;
  const below = (
    <>
      {mayEdit && (
        <Section title={words.test} hint={words.testHint}>
          <TestSend targets={[{ me: true }, { alert_group: base.name }]} />
        </Section>
      )}
      <History base={at} mayRestore={writable} />
    </>
  );
  return (
    <>
      <PageHead title={base.name.slice(0, 160)}>
        <ManagedBadge object={base} />
      </PageHead>
      <ManagedNotice base={at} object={base} mayUnlock={mayEdit} />
      {writable && <Proposed editor={editor} />}
      {writable ? <Editor editor={editor}>{below}</Editor> : <ReadOnly group={base}>{below}</ReadOnly>}
    </>
  );
}

function ReadOnly({ group, children }: { group: AlertGroup; children: ReactNode }) {
  const previewed = usePreview({ draft: bodyOf(group), key: group.name });
  const spare = useSpare(group.builtin);
  return (
    <div className={classes.columns}>
      <GroupFacts group={group} />
      <Beside>
        <Preview previewed={previewed} spare={spare} asSaved />
      </Beside>
      <div>{children}</div>
    </div>
  );
}
