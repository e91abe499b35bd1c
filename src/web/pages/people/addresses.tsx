/** The addresses of somebody: how each fares, and what to do about it. */
import { Button } from '@mantine/core';
import { hasFailedLast } from '../../client/health.ts';
import { useMay } from '../../client/me.tsx';
import { rearm } from '../../client/people.ts';
import type { DestinationHealth } from '../../client/types.ts';
import { Badge, type Level } from '../../parts/badge.tsx';
import { Icon } from '../../parts/icons.tsx';
import { RateGauge } from '../../parts/rate-gauge.tsx';
import { Remedy } from '../../parts/remedy.tsx';
import { Ago, clock } from '../../parts/time.tsx';
import { useAction } from '../../parts/use-action.ts';
import { Brief, Value } from '../../parts/value.tsx';
import { useSpeech, useText, wordFor } from '../../text/index.tsx';
import type { AddressHealth, AddressState } from './address-health.ts';
import classes from './people.module.css';

const levels: Readonly<Record<AddressState, Level>> = {
  unsent: 'none',
  outbox: 'none',
  ok: 'ok',
  test_failed: 'warning',
  failing: 'warning',
  given_up: 'critical',
};

export function Addresses({ of }: { of: readonly AddressHealth[] }) {
  const { people: words } = useText();
  if (of.length === 0) return <p className={classes.quiet}>{words.noAddress}</p>;
  return (
    <ul className={classes.addresses}>
      {of.map((one) => (
        <li key={one.channel}>
          <OneAddress of={one} />
        </li>
      ))}
    </ul>
  );
}

function OneAddress({ of: { channel, address, state, facts } }: { of: AddressHealth }) {
  const { people: words, channels } = useText();
  return (
    <>
      <div className={classes.line}>
        <span className={classes.channel}>{wordFor(channels, channel)}</span>
        {channel !== 'wecom-robot' && <Brief max={80}>{address}</Brief>}
        <Badge level={levels[state]} title={words.stateHints[state]}>
          {words.states[state]}
        </Badge>
        {facts !== null && <RateGauge of={facts} />}
        {facts !== null && <Rearm of={facts} />}
      </div>
      {state === 'outbox' ? <Kept at={facts?.last_accepted_at ?? null} /> : facts !== null && <History of={facts} />}
    </>
  );
}

/** The outbox takes everything: that is no success. */
function Kept({ at }: { at: string | null }) {
  const { people: words } = useText();
  return (
    <div className={classes.quiet}>
      {at === null ? (
        words.keptNone
      ) : (
        <>
          {words.lastKept} <Ago at={at} />
        </>
      )}
    </div>
  );
}

function History({ of: facts }: { of: DestinationHealth }) {
  const { text, language } = useSpeech();
  const { people: words, common } = text;
  const { last_accepted_at: accepted, last_failed_at: failed, last_failure: answer, last_reason: reason } = facts;
  const remedy = facts.last_remedies?.[language] ?? null;
  return (
    <>
      <div className={classes.quiet} hidden={accepted === null && failed === null && facts.waiting === 0}>
        {words.lastSuccess} {accepted === null ? common.never : <Ago at={accepted} />}
        {' · '}
        {words.lastFailure} {failed === null ? common.never : <Ago at={failed} />}
        {facts.waiting > 0 && ` · ${words.waiting(facts.waiting)}`}
        {facts.undeliverable > 0 && ` · ${words.givenUp(facts.undeliverable)}`}
        {facts.retry_at !== null && facts.waiting > 0 && ` · ${text.deliveries.nextTry(clock(facts.retry_at, text))}`}
      </div>
      {failed !== null && (
        <div className={classes.quiet}>
          {reason !== null && wordFor(text.reasons, reason)}
          {reason !== null && answer !== null && ' · '}
          {answer !== null && <Value max={160}>{answer}</Value>}
        </div>
      )}
      {remedy !== null && hasFailedLast(facts) && <Remedy>{remedy}</Remedy>}
    </>
  );
}

/** What was given up is told after all, if it is still true. */
function Rearm({ of: { id, undeliverable } }: { of: DestinationHealth }) {
  const { people: words } = useText();
  const editor = useMay('editor');
  const rearming = useAction(rearm, {
    kinds: ['notifications', 'incidents'],
    said: (_, { alerts }) => words.rearmed(alerts),
  });
  if (!editor || undeliverable === 0) return null;
  return (
    <Button
      size="compact-xs"
      variant="default"
      title={words.rearmHint}
      loading={rearming.isPending}
      onClick={() => rearming.mutate(id)}
      leftSection={<Icon name="retry" size={14} />}
    >
      {words.rearm}
    </Button>
  );
}
