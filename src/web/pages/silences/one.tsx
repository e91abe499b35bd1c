/** One silence: what it hides now, who made it and why, its versions, and its edit. */
import { Box, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { objectQuery } from '../../client/objects.ts';
import { baseOf, setsOf, stateOf } from '../../client/silences.ts';
import type { Silence } from '../../client/types.ts';
import { durationMs } from '../../parts/duration.ts';
import { History } from '../../parts/history.tsx';
import { ManagedNotice } from '../../parts/managed.tsx';
import { MatcherSetChips } from '../../parts/matcher-sets.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { spoken } from '../../parts/policy-words.tsx';
import { Read } from '../../parts/read.tsx';
import { Fact, Facts, Section } from '../../parts/section.tsx';
import { SilencePreviewView, useSilencePreview } from '../../parts/silence-preview.tsx';
import { Ago, absolute, useNow } from '../../parts/time.tsx';
import { Brief, Value } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { SilenceActions } from './actions.tsx';
import { fieldsOf } from './draft.ts';
import { SilenceForm } from './form.tsx';
import { SilenceStateBadge } from './lasts.tsx';
import { Recurring } from './recurs.tsx';

export default function SilencePage() {
  const { id = '' } = useParams<{ id: string }>();
  const { silences: words } = useText();
  const query = useQuery(objectQuery<Silence>('silences', id));
  return (
    <>
      <Text size="sm" mb={4}>
        <Link href="/silences">‹ {words.title}</Link>
      </Text>
      <Read query={query}>{(silence) => <Shown silence={silence} />}</Read>
    </>
  );
}

function Shown({ silence }: { silence: Silence }) {
  const { silences: words, edit } = useText();
  const may = useMay('responder');
  /** As it was when the edit began: what somebody else saves meanwhile is a conflict. */
  const [editing, setEditing] = useState<Silence | null>(null);
  const state = stateOf(silence, useNow(5_000));
  const close = () => setEditing(null);
  return (
    <>
      <PageHead title={silence.comment.slice(0, 160)}>
        <Group gap="xs">
          {may && editing === null && state !== 'expired' && !silence.managed && (
            <Button size="compact-sm" onClick={() => setEditing(silence)}>
              {edit.edit}
            </Button>
          )}
          {editing === null && <SilenceActions silence={silence} />}
          {may && state === 'expired' && (
            <Button component={Link} href={`/silences/new?again=${silence.id}`} size="compact-sm" variant="default">
              {words.again}
            </Button>
          )}
        </Group>
      </PageHead>
      <ManagedNotice base={baseOf(silence)} object={silence} mayUnlock={may} />
      {editing !== null ? (
        <Box mb="md">
          <SilenceForm stored={editing} first={fieldsOf(editing)} onSaved={close} onCancel={close} />
        </Box>
      ) : (
        <>
          <Overview silence={silence} />
          {state !== 'expired' && <HidesNow silence={silence} />}
        </>
      )}
      <History base={baseOf(silence)} mayRestore={may && !silence.managed && editing === null} />
    </>
  );
}

function Overview({ silence }: { silence: Silence }) {
  const text = useText();
  const { silences: words, silence: fields } = text;
  const { starts_at, ends_at, created_by, comment } = silence;
  return (
    <Section title={text.alert.overview}>
      <Facts>
        <Fact name={words.state}>
          <SilenceStateBadge silence={silence} />
        </Fact>
        <Fact name={fields.comment}>
          <Value>{comment}</Value>
        </Fact>
        <Fact name={fields.matchers}>
          <MatcherSetChips sets={setsOf(silence)} />
        </Fact>
        <Fact name={fields.starts}>
          {absolute(starts_at, text)} (<Ago at={starts_at} />)
        </Fact>
        <Fact name={words.ends}>
          {absolute(ends_at, text)} (<Ago at={ends_at} />)
        </Fact>
        {silence.time_intervals.length > 0 && (
          <Fact name={fields.recurs}>
            <Recurring silence={silence} />
          </Fact>
        )}
        <Fact name={words.who}>
          <Brief max={100}>{created_by}</Brief>
        </Fact>
        <Fact name={fields.notify}>
          <Brief max={200}>{(silence.notify ?? [created_by]).join(', ') || text.common.none}</Brief>
          {durationMs(silence.remind) !== 0 && ` · ${fields.reminds(spoken(silence.remind, text))}`}
        </Fact>
      </Facts>
    </Section>
  );
}

function HidesNow({ silence }: { silence: Silence }) {
  const { silence: words } = useText();
  const preview = useSilencePreview(setsOf(silence), silence.id);
  return (
    <Section title={words.hidesNow} hint={words.hidesNowHint}>
      <SilencePreviewView preview={preview} named={20} />
    </Section>
  );
}
