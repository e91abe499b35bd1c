/** What came from a source and could not be understood. */
import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import type { QuarantinedAlert } from '../../client/types.ts';
import { ListEnd } from '../../parts/list-end.tsx';
import { Read } from '../../parts/read.tsx';
import { Ago } from '../../parts/time.tsx';
import { useListing } from '../../parts/use-listing.ts';
import { Value } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import classes from './sources.module.css';

export function Quarantine({ source, count }: { source: string; count: number }) {
  const { sources: words } = useText();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      {words.quarantined(count)}{' '}
      <Button
        size="compact-xs"
        variant="default"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {open ? words.hideQuarantine : words.showQuarantine}
      </Button>
      <div id={id}>{open && <Alerts source={source} />}</div>
    </>
  );
}

function Alerts({ source }: { source: string }) {
  const { common } = useText();
  const listing = useListing<QuarantinedAlert>('alerts', 'api/v1/quarantine', { source, limit: 20 });
  return (
    <>
      <Read query={listing}>{() => <Listed alerts={listing.items} />}</Read>
      {listing.hasMore && (
        <Button size="compact-sm" variant="subtle" onClick={listing.more}>
          {common.more}
        </Button>
      )}
      <ListEnd listing={listing} />
    </>
  );
}

function Listed({ alerts }: { alerts: readonly QuarantinedAlert[] }) {
  const { sources: words } = useText();
  return (
    <>
      <p className={classes.quiet}>{alerts.length === 0 ? words.noQuarantine : words.quarantineHint}</p>
      <ol className={classes.quarantine} aria-label={words.quarantineTitle}>
        {alerts.map(({ id, received_at, reason, excerpt }) => (
          <li key={id}>
            <div>
              <span className={classes.quiet}>
                <Ago at={received_at} />
              </span>{' '}
              <Value max={300}>{reason}</Value>
            </div>
            <code className={classes.excerpt}>
              <Value max={400}>{excerpt}</Value>
            </code>
          </li>
        ))}
      </ol>
    </>
  );
}
