/** A peer's state at a glance, and why it is so in a sentence. */
import { Text } from '@mantine/core';
import type { Peer } from '../../client/peer-types.ts';
import { Badge, type Level } from '../../parts/badge.tsx';
import { clock, span } from '../../parts/time.tsx';
import { Brief } from '../../parts/value.tsx';
import { useText } from '../../text/index.tsx';
import { evidenceLines, kindOf, type PeerKind } from './evidence.ts';

const levels: Readonly<Record<PeerKind, Level>> = {
  ...{ unknown: 'none', up: 'ok', unread: 'warning', notReady: 'warning', suspect: 'warning', leaving: 'info' },
  ...{ down: 'critical', road: 'warning', cut_off: 'error' },
};

export function PeerBadge({ peer }: { peer: Peer }) {
  const kind = kindOf(peer);
  return <Badge level={levels[kind]}>{useText().peers.states[kind]}</Badge>;
}

/** What was found, a line each. */
export function Evidence({ peer }: { peer: Peer }) {
  const text = useText();
  const speech = { text, clock: (at: string) => clock(at, text), span: (ms: number) => span(ms, text) };
  return evidenceLines(peer, speech).map((line) => (
    <Text key={line} size="sm">
      <Brief max={300}>{line}</Brief>
    </Text>
  ));
}
