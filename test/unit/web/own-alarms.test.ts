/** What the service says of itself is there in Chinese too. */
import { type Blame, verdicts } from '../../../src/alert/blame.ts';
import { labelsOf } from '../../../src/alert/labels.ts';
import { awayAlarm, backAlarm } from '../../../src/last-road/outage.ts';
import { cutOffAlarm, peerAlarm, recoveryWords, unknownWords, withdrawnWords } from '../../../src/peers/alarms.ts';
import { noEvidence, type PeerRow } from '../../../src/peers/rows.ts';
import { notReadyReasons, peerAlerts } from '../../../src/peers/status.ts';
import { checkBacklog, checkPolls, checkRateLimits, checkSharedLabels, undecided } from '../../../src/self/checks.ts';
import { postTroubles, refusedBody } from '../../../src/self/posts.ts';
import { troubleNames } from '../../../src/self/troubles.ts';
import type { Db } from '../../../src/store/db.ts';
import { type AlarmFacts, lostAlarm, recoveredAlarm, withdrawnAlarm } from '../../../src/watchdog/alarms.ts';
import { ownAlarm } from '../../../src/web/text/zh-cn/own-alarms.ts';

const now = new Date('2026-01-05T08:00:00Z');
const facts = (site: string, resolvedAt: Date | null = null, blame: Blame | null = null): AlarmFacts => ({
  stream: { labels: labelsOf([['alertname', 'Watchdog']]), lastBeatAt: now, resolvedAt, blame },
  ...{ heartbeat: null, source: { name: 'az-a', site, labels: labelsOf([]) }, timeoutMs: 180_000 },
});
const lost = lostAlarm(facts('hq'), now);
/** A database that finds this row, whatever it is asked. */
const finding = (row: object) => ({ query: async () => ({ rows: [row] }) }) as unknown as Db;
const troubles = [
  refusedBody('az-a', 'body is empty'),
  ...postTroubles('az-a', { quarantined: [{ reason: 'no labels' }], truncatedAlerts: 3 }),
  ...(await checkBacklog(finding({ channel: 'email', count: 7 }), now)),
  ...(await checkRateLimits(finding({ channel: 'wecom-robot', limit: 'minute', address: 'ops', count: 7 }), now)),
  ...(await checkRateLimits(finding({ channel: 'email', limit: 'smtp_relay', address: null, count: 7 }), now)),
  ...(await checkSharedLabels(finding({ a: 'az-a', b: 'az-b' }))),
  ...(await checkPolls(finding({ source: 'az-a', kind: 'alertmanager', member: 'am-0', error: 'HTTP 401' }), 3)),
  ...(await checkPolls(finding({ source: 'az-a', kind: 'prometheus', member: '', error: null }), 3)),
  undecided(),
];
const said = troubles.flatMap(({ summary, description }) => [summary, description]);
const beats = [
  lost,
  lostAlarm(facts('', now), now),
  lostAlarm({ ...facts(''), source: null, stream: { ...facts('').stream, lastBeatAt: null } }, now),
  ...verdicts.flatMap((verdict) => [
    lostAlarm(facts('hq', null, { verdict, names: ['am-0'] }), now),
    lostAlarm(facts('', now, { verdict, names: ['am-0', 'am-1'] }), now),
  ]),
  recoveredAlarm(facts(''), now),
  withdrawnAlarm(lost, now),
].flatMap(({ annotations }) => [annotations['summary'] ?? '', annotations['description'] ?? '']);
const closed = { since: new Date(now.getTime() - 60_000), trouble: 'the disk of the database is full' };
const away = awayAlarm(closed, 'hq', now) ?? lost;
const storage = [away, backAlarm(away, 'hq', now)].flatMap(({ annotations }) => Object.values(annotations));

const row = (more: Partial<PeerRow> = {}): PeerRow => ({
  ...{ peerId: 1, name: 'site-b', state: 'down', since: now, verdict: 'down', status: null, told: [] },
  ...{ clockOffsetMs: 3_600_000, leavingSince: null, ...more },
  evidence: {
    ...{
      last_ok_at: now.toISOString(),
      last_probe_at: null,
      last_error: 'no connection (ECONNRESET)',
      misses: 3,
      self: null,
    },
    third: [{ peer: 'site-c', says: more.verdict === 'road' ? 'reaches' : 'does_not' }],
    ...more.evidence,
  },
});
const own = 'site-a';
const siteAlarms = [
  peerAlarm('PeerDown', { own, row: row() }),
  peerAlarm('PeerDown', {
    own,
    row: row({ evidence: { ...noEvidence, last_ok_at: now.toISOString(), last_error: 'HTTP 502' } }),
  }),
  peerAlarm('PeerDown', { own, row: row({ leavingSince: now }) }),
  peerAlarm('PeerRoadBroken', { own, row: row({ verdict: 'road' }) }),
  peerAlarm('PeerNotReady', { own, row: row() }),
  peerAlarm('PeerNotReady', {
    own,
    row: row({ status: { not_ready: notReadyReasons } as unknown as NonNullable<PeerRow['status']> }),
  }),
  peerAlarm('PeerClockOff', { own, row: row({ clockOffsetMs: -60_000 }) }),
  peerAlarm('PeerClockOff', { own, row: row() }),
  cutOffAlarm(own, ['site-b', 'site-c'], 'closed'),
  cutOffAlarm(own, ['site-b', 'site-c'], 'open'),
].map(({ annotations }) => annotations);
const siteEnds = peerAlerts.map((alertname) => recoveryWords(alertname, { peer: 'site-b', own }));
const ofSites = [...siteAlarms, ...siteEnds, withdrawnWords('site-b'), unknownWords('site-b')].flatMap((annotations) =>
  Object.values(annotations),
);

it('no kind of trouble is forgotten here', () => {
  expect(new Set(troubles.map(({ name }) => name))).toEqual(new Set(troubleNames));
});

it.each([...said, ...beats, ...storage, ...ofSites])('the Chinese page does not say: %s', (english) => {
  const chinese = ownAlarm(english);
  expect(chinese).toMatch(/[\u4e00-\u9fff]/);
  expect(chinese).not.toMatch(/undefined|\{\w+\}| {2}|\b(the|of|is)\b(?! not| empty)/);
});

it('names what the alarm is about', () => {
  expect(ownAlarm('A post of source az-a was refused: body is empty')).toBe('来源 az-a 的上报被拒绝：body is empty');
  expect(ownAlarm(lost.annotations['summary'] ?? '')).toBe('来源 az-a（站点 hq）的心跳 Watchdog 已失联');
});

it('what others say stays as they said it', () => {
  expect(ownAlarm('Replication on db-1 has stopped')).toBe('Replication on db-1 has stopped');
});
