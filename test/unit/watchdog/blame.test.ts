import type { Blame } from '../../../src/alert/blame.ts';
import type { PeerView } from '../../../src/alert/peer-view.ts';
import type { PollView } from '../../../src/alert/poll-view.ts';
import { type BlameFacts, blame } from '../../../src/watchdog/blame.ts';

const now = new Date('2026-01-05T12:00:00Z');
const minute = 60_000;
const ago = (ms: number) => new Date(now.getTime() - ms);

const facts = (more: Partial<BlameFacts> = {}): BlameFacts => ({
  ...{ reason: 'heartbeat_lost', timeoutMs: 3 * minute, peers: [], added: false, polls: null, othersBeat: false },
  ...more,
});
const peer = (more: Partial<PeerView> = {}): PeerView => ({
  ...{ peer: 'site-b', answered: true, lastBeatAt: ago(minute), alarmed: false, added: false },
  ...more,
});
const holds = { member: 'am-0', answers: true, heldMs: 20_000 };
const stale = { ...holds, heldMs: 4 * minute };
const empty = { ...holds, heldMs: null };
const away = { member: 'am-1', answers: false, heldMs: null };
const polls = (members: PollView['members'], prometheusAnswers: boolean | null = null) => ({
  polls: { members, prometheusAnswers },
});

describe('the part that is gone', () => {
  it.each<[string, Partial<BlameFacts>, Blame['verdict'], string[]]>([
    ['nothing is known', {}, 'unknown', []],
    ['a peer still sees it', { peers: [peer()] }, 'road_broken', ['site-b']],
    [
      'a peer sees it, although the Alertmanagers have nothing',
      { peers: [peer()], ...polls([empty]) },
      'road_broken',
      ['site-b'],
    ],
    [
      'a peer sees it that was reported as resolved here',
      { peers: [peer()], reason: 'heartbeat_resolved' },
      'road_broken',
      ['site-b'],
    ],
    ['a peer has lost it too', { peers: [peer({ lastBeatAt: ago(4 * minute) })] }, 'monitoring_silent', []],
    ['a peer has an alarm out for it', { peers: [peer({ alarmed: true })] }, 'monitoring_silent', []],
    ['a peer never saw it', { peers: [peer({ lastBeatAt: null })] }, 'unknown', []],
    ['no peer answers', { peers: [peer({ answered: false })] }, 'unknown', []],
    ['it was reported as resolved', { reason: 'heartbeat_resolved', ...polls([holds], true) }, 'prometheus', []],
    ['other heartbeats of its source beat', { othersBeat: true }, 'prometheus', []],
    ['an Alertmanager holds it', polls([holds, away]), 'road_broken', ['am-0']],
    ['it is fed, though our way to Prometheus is closed', polls([holds], false), 'road_broken', ['am-0']],
    ['it is no longer fed, and Prometheus is away', polls([stale], false), 'prometheus', []],
    ['it is no longer fed, and nobody knows of Prometheus', polls([stale]), 'road_broken', ['am-0']],
    ['no Alertmanager holds it', polls([empty], true), 'prometheus', []],
    ['those that answer do not hold it, and Prometheus is away', polls([empty, away], false), 'prometheus', []],
    ['those that answer do not hold it, and nobody knows of Prometheus', polls([empty, away]), 'prometheus', []],
    [
      'one is away, Prometheus is there, and the others do not hold it',
      polls([empty, away], true),
      'alertmanager',
      ['am-1'],
    ],
    ['all are away and Prometheus is there', polls([away], true), 'alertmanager', ['am-1']],
    ['all are away, and Prometheus is too', polls([away], false), 'monitoring_silent', []],
    ['all are away, and nobody knows of Prometheus', polls([away]), 'monitoring_silent', []],
    ['all are away, and other heartbeats of its source beat', { ...polls([away]), othersBeat: true }, 'prometheus', []],
    ['only Prometheus is asked, and away', polls([], false), 'unknown', []],
    [
      'only Prometheus is away, and others of its source beat',
      { ...polls([], false), othersBeat: true },
      'prometheus',
      [],
    ],
    [
      'a peer sees the same labels, to which its source adds some',
      { peers: [peer({ added: true })] },
      'unknown',
      ['site-b'],
    ],
    [
      'a peer sees the same labels, to which our source adds some',
      { peers: [peer()], added: true },
      'unknown',
      ['site-b'],
    ],
    [
      'a peer sees the same labels, though they may be of another, and nobody of its source answers',
      { peers: [peer({ added: true })], ...polls([away]) },
      'unknown',
      ['site-b'],
    ],
    [
      'one peer sees the same labels, another this very one',
      { peers: [peer({ added: true }), peer({ peer: 'site-c' })] },
      'road_broken',
      ['site-c'],
    ],
    [
      'a peer sees the same labels, though they may be of another, and others of its source beat',
      { peers: [peer({ added: true })], othersBeat: true },
      'prometheus',
      [],
    ],
    ['only Prometheus is asked, and there', polls([], true), 'unknown', []],
  ])('when %s', (_, more, verdict, names) => {
    expect(blame(facts(more), now)).toEqual({ verdict, names });
  });
});
