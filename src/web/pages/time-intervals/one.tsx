/** One time interval, or a new one. */
import { Box, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useMay } from '../../client/me.tsx';
import { objectQuery } from '../../client/objects.ts';
import type { TimeInterval } from '../../client/types.ts';
import { addressOf, useAddressName } from '../../parts/address.ts';
import { History } from '../../parts/history.tsx';
import { windowWords } from '../../parts/interval-words.ts';
import { ManagedNotice } from '../../parts/managed.tsx';
import { Notice } from '../../parts/notice.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { RemoveButton } from '../../parts/remove-button.tsx';
import { Failure, Loading } from '../../parts/states.tsx';
import { useText } from '../../text/index.tsx';
import { fieldsOf, newEntry } from './draft.ts';
import { IntervalForm } from './form.tsx';

export default function TimeIntervalPage() {
  const { intervals: words } = useText();
  const name = useAddressName();
  return (
    <>
      <Text size="sm" mb={4}>
        <Link href="/time-intervals">‹ {words.title}</Link>
      </Text>
      {name === null ? <New /> : <Stored name={name} />}
    </>
  );
}

function New() {
  const { intervals: words, common, roles } = useText();
  const may = useMay('editor');
  const [, navigate] = useLocation();
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return (
    <>
      <PageHead title={words.add} />
      {may ? (
        <IntervalForm
          stored={null}
          first={{ name: '', entries: [newEntry(0, timeZone)] }}
          onSaved={() => navigate('/time-intervals')}
          onCancel={() => navigate('/time-intervals')}
        />
      ) : (
        <Notice>{common.beyondRole(roles.editor)}</Notice>
      )}
    </>
  );
}

function Stored({ name }: { name: string }) {
  const { data, error, refetch } = useQuery(objectQuery<TimeInterval>('time-intervals', name));
  if (error !== null) return <Failure error={error} onRetry={() => refetch()} />;
  return data === undefined ? <Loading /> : <Shown interval={data} />;
}

function Shown({ interval }: { interval: TimeInterval }) {
  const text = useText();
  const { intervals: words } = text;
  const may = useMay('editor');
  const [, navigate] = useLocation();
  const leave = () => navigate('/time-intervals');
  const base = { kind: 'time-intervals', key: interval.name, version: interval.version } as const;
  const editable = may && !interval.managed;
  const said = interval.time_intervals.map((window) => windowWords(window, text)).join('; ');
  return (
    <>
      <PageHead title={interval.name} lead={said.slice(0, 400)}>
        {editable && <RemoveButton base={base} hint={words.removeHint} onRemoved={leave} />}
      </PageHead>
      <ManagedNotice base={base} object={interval} mayUnlock={may} />
      {editable && (
        <Box mb="md">
          <Edited key={interval.name} interval={interval} onLeave={leave} />
        </Box>
      )}
      <History base={base} mayRestore={editable} />
    </>
  );
}

/** As it was when it was opened: what somebody else saves meanwhile is a conflict. */
function Edited({ interval, onLeave }: { interval: TimeInterval; onLeave: () => void }) {
  const [, navigate] = useLocation();
  const [opened] = useState(interval);
  return (
    <IntervalForm
      stored={opened}
      first={fieldsOf(opened)}
      onSaved={(saved) =>
        navigate(saved.name === opened.name ? '/time-intervals' : addressOf('/time-intervals', saved.name))
      }
      onCancel={onLeave}
    />
  );
}
