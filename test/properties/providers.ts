/** Providers that do what a history tells them, and remember what arrived. */
import {
  type Channel,
  type ChannelName,
  type Content,
  DeliveryError,
  type FailureKind,
  type RateLimit,
} from '../../src/channels/channel.ts';
import type { Told } from '../../src/pipeline/deliver/rows.ts';

/**
 * What becomes of one send. `lost` and `arrived`: whether the message had arrived before things went wrong. `overtaken`: the
 * lease ends during the send, another replica delivers meanwhile, and the acceptance comes too late.
 */
export const fates = [
  'accepted',
  'transient',
  'limited',
  'config',
  'permanent',
  'in_doubt_lost',
  'in_doubt_arrived',
  'crash_lost',
  'crash_arrived',
  'overtaken',
] as const;
export type Fate = (typeof fates)[number];

/** A message that reached its reader. */
export interface Arrival {
  address: string;
  messageId: string;
  bytes: string;
  told: Told[];
}

/** What the providers of one world share. */
export interface Providers {
  channels: ReadonlyMap<string, Channel>;
  arrivals: Arrival[];
  /** Message-IDs that may arrive again: they were on their way when something was interrupted. */
  doubtful: Set<string>;
  /** Says what becomes of the next sends to an address; after those everything is accepted. */
  expect(address: string, next: readonly Fate[]): void;
  /** From now on everything that goes to this address is accepted. */
  forget(address: string): void;
}

interface Surroundings {
  /** What the message with this Message-ID tells, as its row says. */
  told: (messageId: string) => Promise<Told[]>;
  /** All leases end now, and another replica delivers to this address. */
  overtake: (address: string) => Promise<void>;
}

const roomLimit: RateLimit = { name: 'minute', shared: false, burst: 3, perMinute: 6, reserved: 1 };

/** A channel without limit, one with a low rate, and the built-in outbox, which always accepts. */
export function createProviders(outbox: Channel, around: Surroundings): Providers {
  const arrivals: Arrival[] = [];
  const doubtful = new Set<string>();
  const onTheirWay = new Set<string>();
  const queues = new Map<string, Fate[]>();

  async function meet(content: Content, { address, messageId }: { address: string; messageId: string }): Promise<void> {
    const fate = queues.get(address)?.shift() ?? 'accepted';
    onTheirWay.add(messageId);
    try {
      if (fate === 'accepted' || fate === 'overtaken' || fate.endsWith('_arrived')) {
        arrivals.push({ address, messageId, bytes: JSON.stringify(content), told: await around.told(messageId) });
      }
      if (fate === 'overtaken') {
        for (const id of onTheirWay) doubtful.add(id);
        await around.overtake(address);
      } else if (fate !== 'accepted') fail(fate, messageId);
    } finally {
      onTheirWay.delete(messageId);
    }
  }

  function fail(fate: Exclude<Fate, 'accepted' | 'overtaken'>, messageId: string): never {
    if (fate.startsWith('crash')) {
      doubtful.add(messageId);
      throw new Error('the process died');
    }
    const kind = fate.startsWith('in_doubt') ? 'in_doubt' : (fate as FailureKind);
    if (kind === 'in_doubt') doubtful.add(messageId);
    throw new DeliveryError(`refused: ${fate}`, {
      kind,
      reason: 'provider_error',
      ...(kind === 'limited' ? { retryAfterMs: 45_000 } : {}),
    });
  }

  const channel = (name: ChannelName, rateLimits: RateLimit[]): Channel => ({
    name,
    rateLimits,
    render: ({ sentAt, parts, messageId }) => ({ summary: parts.map((p) => p.kind).join(), messageId, sentAt, parts }),
    send: async (content, to) => {
      await meet(content, to);
      return { text: 'ok' };
    },
    close: async () => {},
  });
  const recorded: Channel = {
    ...outbox,
    send: async (content, to) => {
      await meet(content, to);
      return outbox.send(content, to);
    },
  };
  return {
    channels: new Map<string, Channel>([
      ['email', channel('email', [])],
      ['wecom-robot', channel('wecom-robot', [roomLimit])],
      ['outbox', recorded],
    ]),
    arrivals,
    doubtful,
    expect: (address, next) => queues.set(address, [...(queues.get(address) ?? []), ...next]),
    forget: (address) => queues.delete(address),
  };
}
