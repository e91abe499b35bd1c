/** What is known of a peer, in sentences. Pure. */
import type { Peer, PeerVerdict } from '../../client/peer-types.ts';
import type { Text } from '../../text/en.ts';

/** How it is said: the words, and how times and spans are written with them. */
export interface Speech {
  text: Text;
  clock: (at: string) => string;
  span: (ms: number) => string;
}

/** What is shown of a peer: its state, and of a silence what it was found to mean. */
export type PeerKind = 'unknown' | 'up' | 'unread' | 'notReady' | 'suspect' | 'leaving' | PeerVerdict;

export function kindOf({
  state,
  verdict,
  status,
  evidence,
}: Pick<Peer, 'state' | 'verdict' | 'status' | 'evidence'>): PeerKind {
  // Nobody is accused then, so it is only suspect.
  if (verdict === 'cut_off') return verdict;
  if (state === 'down') return verdict ?? 'down';
  // What it says now is not known then: what it said before is of the past.
  if (state === 'up' && evidence.last_error !== null) return 'unread';
  return state === 'up' && status?.ready === false ? 'notReady' : state;
}

/** The worst first. */
const ranks: readonly PeerKind[] = [
  'down',
  'cut_off',
  'road',
  'notReady',
  'unread',
  'suspect',
  'unknown',
  'leaving',
  'up',
];

export function byWorst(peers: readonly Peer[]): Peer[] {
  const rank = (peer: Peer) => ranks.indexOf(kindOf(peer));
  return [...peers].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** Why it is thought to be so. */
export function evidenceLines(peer: Peer, speech: Speech): string[] {
  const { peers: words, common } = speech.text;
  const kind = kindOf(peer);
  if (kind === 'up') return oddities(peer, speech);
  const { misses, last_error: error, third, self } = peer.evidence;
  return [
    ...meaning(peer, speech),
    ...(misses === 0 ? [] : [words.missed(misses, error ?? common.unknown)]),
    ...third.map(({ peer: name, says }) => words.third[says](name)),
    ...(self === null ? [] : [words.self(self.database, words.ways[self.way_out], speech.span(self.lag_ms))]),
    ...oddities(peer, speech),
  ];
}

function meaning({ status, ...peer }: Peer, { text: { peers: words, daily }, clock }: Speech): string[] {
  const kind = kindOf({ ...peer, status });
  if (kind === 'leaving') {
    const until = status?.leaving?.back_by;
    return [until === undefined ? words.means.leaving : words.leavingUntil(clock(until))];
  }
  if (kind === 'unread') return [words.unread(peer.evidence.last_error ?? '')];
  if (kind !== 'notReady') return kind === 'up' ? [] : [words.means[kind]];
  return (status?.not_ready ?? []).map((why) => words.notReady[why] ?? daily.unwell[why]?.([]) ?? why);
}

/** Beyond this the clocks of two sites are noticeably apart. */
const offsetWorthAWordMs = 5_000;

/** What should not be, though it answers. */
function oddities(
  { config_match: match, clock_offset_ms: offset }: Peer,
  { text: { peers: words }, span }: Speech,
): string[] {
  const ahead = offset ?? 0;
  return [
    ...(match === false ? [words.otherConfig] : []),
    ...(Math.abs(ahead) > offsetWorthAWordMs ? [words.clockOff(span(Math.abs(ahead)), ahead > 0)] : []),
  ];
}
