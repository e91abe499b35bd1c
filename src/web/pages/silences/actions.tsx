/** What can be done to a silence that has not ended: end it now, or let it last longer. */
import { Button, Group, Menu, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMay } from '../../client/me.tsx';
import { serverNow } from '../../client/server-time.ts';
import { endSilence, endSilenceAt, needsConfirmation, stateOf } from '../../client/silences.ts';
import type { Silence } from '../../client/types.ts';
import { Confirm } from '../../parts/confirm.tsx';
import { HidesAll, useConfirmation, useUnconfirmed } from '../../parts/hides-all.tsx';
import { fromLocal, toLocal, zoneName } from '../../parts/local-time.ts';
import { clock } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { useText } from '../../text/index.tsx';

const kinds = ['config', 'incidents'];
const hours = [1, 4] as const;

export function SilenceActions({ silence }: { silence: Silence }) {
  const may = useMay('responder');
  if (!may || stateOf(silence, serverNow()) === 'expired') return null;
  return (
    <Group gap="xs" wrap="nowrap">
      {!silence.managed && <Extend silence={silence} />}
      <End silence={silence} />
    </Group>
  );
}

function End({ silence }: { silence: Silence }) {
  const { silences: words } = useText();
  const [asking, setAsking] = useState(false);
  const ending = useAction(() => endSilence(silence), { kinds, said: () => words.ended });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setAsking(true)}>
        {words.end}
      </Button>
      <Confirm
        opened={asking}
        title={words.endTitle}
        action={words.end}
        busy={ending.isPending}
        onConfirm={() => ending.mutate(undefined, { onSettled: () => setAsking(false) })}
        onClose={() => setAsking(false)}
      >
        <Text size="sm">{silence.managed ? words.endHintManaged : words.endHint}</Text>
      </Confirm>
    </>
  );
}

/** Asks for a time, or for the confirmation that hiding everything critical needs. */
type Question = { ask: 'time' } | { ask: 'confirmation'; until: number } | null;

function Extend({ silence }: { silence: Silence }) {
  const text = useText();
  const { silences: words } = text;
  const [question, setQuestion] = useState<Question>(null);
  const extending = useAction(
    ({ until, confirmed }: { until: number; confirmed: boolean }) => endSilenceAt(silence, until, confirmed),
    { kinds, said: (_, { ends_at }) => words.extended(clock(ends_at, text)), quiet: needsConfirmation },
  );
  const close = () => setQuestion(null);
  const extend = (until: number, confirmed: boolean) => {
    const onError = (error: Error) => setQuestion(needsConfirmation(error) ? { ask: 'confirmation', until } : null);
    extending.mutate({ until, confirmed }, { onSuccess: close, onError });
  };
  return (
    <>
      <Menu position="bottom-end" width={180}>
        <Menu.Target>
          <Button size="compact-sm" variant="default" loading={extending.isPending}>
            {words.extend}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {hours.map((n) => (
            <Menu.Item key={n} onClick={() => extend(Date.parse(silence.ends_at) + n * 3_600_000, false)}>
              {words.byHours(n)}
            </Menu.Item>
          ))}
          <Menu.Item onClick={() => setQuestion({ ask: 'time' })}>{words.untilTime}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {question?.ask === 'time' && (
        <UntilDialog silence={silence} onChosen={(until) => extend(until, false)} onClose={close} />
      )}
      {question?.ask === 'confirmation' && (
        <ConfirmDialog
          silence={silence}
          busy={extending.isPending}
          onConfirm={() => extend(question.until, true)}
          onClose={close}
        />
      )}
    </>
  );
}

interface UntilProps {
  silence: Silence;
  onChosen: (until: number) => void;
  onClose: () => void;
}

function UntilDialog({ silence, onChosen, onClose }: UntilProps) {
  const { silence: words, silences, common } = useText();
  const [typed, setTyped] = useState(() => toLocal(silence.ends_at));
  const [tried, setTried] = useState(false);
  const until = fromLocal(typed);
  const late = until !== null && until > serverNow();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (late) onChosen(until);
  };
  return (
    <Modal opened onClose={onClose} title={silences.extend} closeButtonProps={{ 'aria-label': common.close }}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <TextInput
            type="datetime-local"
            label={words.endTime}
            description={words.zone(zoneName(serverNow()))}
            value={typed}
            error={tried && !late ? silences.notPast : undefined}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit">{silences.extend}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ConfirmProps {
  silence: Silence;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

function ConfirmDialog({ silence, busy, onConfirm, onClose }: ConfirmProps) {
  const { silences: words, common } = useText();
  const [confirmed, setConfirmed] = useConfirmation(silence.matchers);
  const blocked = useUnconfirmed(true, confirmed);
  return (
    <Modal opened onClose={onClose} title={words.extend} closeButtonProps={{ 'aria-label': common.close }}>
      <Stack gap="sm">
        <HidesAll confirmed={confirmed} onChange={setConfirmed} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button onClick={onConfirm} loading={busy} disabled={blocked !== undefined} title={blocked}>
            {words.extend}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
