/** Sends a test message, and shows what each provider answered. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../client/me.tsx';
import { allQuery } from '../client/objects.ts';
import { ApiError } from '../client/request.ts';
import { sendTest, type TestTarget } from '../client/test-send.ts';
import type { TestResult } from '../client/types.ts';
import { useSpeech, useText, type Text as Words, wordFor } from '../text/index.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { DestinationName } from './destination.tsx';
import { Icon } from './icons.tsx';
import { errorWords } from './states.tsx';
import classes from './test-send.module.css';
import { useAction } from './use-action.ts';
import { Value } from './value.tsx';

interface Props {
  targets: readonly TestTarget[];
  onResults?: (results: readonly TestResult[]) => void;
}

/** A button for each target; an editor may use them. Whole alert groups are asked about first. */
export function TestSend({ targets, onResults }: Props) {
  const text = useText();
  const { testSend: words } = text;
  const [asking, setAsking] = useState<Extract<TestTarget, { alert_group: string }> | null>(null);
  const sending = useAction(sendTest, { kinds: ['notifications'], quiet: true });
  const send = (target: TestTarget) =>
    sending.mutate(target, { onSuccess: onResults, onSettled: () => setAsking(null) });
  const stranger = useStranger(targets);
  const busy = (target: TestTarget) => sending.isPending && same(sending.variables, target);
  return (
    <Stack gap="xs">
      <Group gap="sm">
        {targets.map((target) => (
          <Button
            key={JSON.stringify(target)}
            size="xs"
            variant="default"
            leftSection={<Icon name="send" size={14} />}
            loading={busy(target)}
            disabled={'me' in target && stranger !== null}
            onClick={() => ('alert_group' in target ? setAsking(target) : send(target))}
          >
            <bdi>{buttonWords(target, text)}</bdi>
          </Button>
        ))}
      </Group>
      {stranger !== null && (
        <Text size="xs" c="var(--mm-quiet)">
          {words.noContact(stranger)}
        </Text>
      )}
      {sending.error !== null && (
        <Alert color="red" role="alert" icon={<Icon name="warning" />}>
          <bdi>{refusalWords(sending.error, text)}</bdi>
        </Alert>
      )}
      {sending.data !== undefined && <Results results={sending.data} />}
      <Confirm
        opened={asking !== null}
        title={words.ask(asking?.alert_group.slice(0, 60) ?? '')}
        action={words.send}
        busy={sending.isPending}
        onConfirm={() => asking !== null && send(asking)}
        onClose={() => setAsking(null)}
      >
        <Text size="sm">{words.askHint}</Text>
      </Confirm>
    </Stack>
  );
}

const same = (a: TestTarget | undefined, b: TestTarget) => JSON.stringify(a) === JSON.stringify(b);

/** The name of whoever is signed in, when it is no contact's and a test should go there; else null. */
function useStranger(targets: readonly TestTarget[]): string | null {
  const { name } = useMe();
  const wanted = targets.some((target) => 'me' in target);
  const { data } = useQuery({ ...allQuery<{ name: string }>('contacts'), enabled: wanted });
  return !wanted || data === undefined || data.some((contact) => contact.name === name) ? null : name;
}

function buttonWords(target: TestTarget, { testSend: words }: Words): string {
  if ('me' in target) return words.toMe;
  if ('alert_group' in target) return words.toGroup(target.alert_group.slice(0, 60));
  return words.toOne(('contact' in target ? target.contact : target.robot).slice(0, 60));
}

/** The only refusal of a target that is there. */
function refusalWords(error: Error, text: Words): string {
  const nobody = error instanceof ApiError && error.faults.some(({ message }) => message.includes('no address'));
  return nobody ? text.testSend.noAddress : errorWords(error, text);
}

function Results({ results }: { results: readonly TestResult[] }) {
  const { testSend: words } = useText();
  return (
    <div role="status">
      <ul className={classes.results} aria-label={words.results}>
        {results.map((result) => (
          <li key={`${result.channel} ${result.destination}`}>
            <Result result={result} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Result({ result: { destination, channel, ok, answer, reason, remedies } }: { result: TestResult }) {
  const { text, language } = useSpeech();
  const { testSend: words } = text;
  const kept = channel === 'outbox';
  const address = kept ? destination.slice(destination.indexOf(':') + 1) : destination;
  return (
    <>
      <Group gap={8}>
        <Badge level={ok ? 'ok' : kept ? 'none' : 'critical'}>
          {ok ? words.accepted : kept ? words.kept : words.refused}
        </Badge>
        <DestinationName destination={{ id: '', name: address, channel, address: destination }} />
      </Group>
      {kept ? (
        <div className={classes.quiet}>{words.keptHint}</div>
      ) : (
        <div className={classes.quiet}>
          {!ok && reason !== null && `${wordFor(text.reasons, reason)} · `}
          <Value max={300}>{answer}</Value>
        </div>
      )}
      {remedies !== null && (
        <div>
          <b>{text.deliveries.remedy}</b> <bdi>{remedies[language]}</bdi>
        </div>
      )}
    </>
  );
}
