import type { Destination } from '../client/types.ts';
import { useText, wordFor } from '../text/index.tsx';
import { Brief } from './value.tsx';

/** Who, on which channel. What is kept in the outbox says which channel it is for. */
export function DestinationName({ destination: { name, channel, address } }: { destination: Destination }) {
  const { channels, deliveries } = useText();
  const [, meant, at] = channel === 'outbox' ? (/^([^:]+):(.*)$/s.exec(address) ?? []) : [];
  return (
    <span>
      <Brief max={60}>{name}</Brief> ·{' '}
      {meant === undefined ? wordFor(channels, channel) : deliveries.outboxFor(wordFor(channels, meant))}
      {(at ?? address) !== name && (
        <>
          {' · '}
          <Brief max={80}>{at ?? address}</Brief>
        </>
      )}
    </span>
  );
}
