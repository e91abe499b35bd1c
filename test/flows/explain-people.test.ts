/** What did somebody get, and not get, at a time, and why? And: had it arrived at all? */
import { retain } from '../../src/pipeline/sweep.ts';
import { eachDeployment } from '../support/deployments.ts';
import { type Flow, group, hour, minute, second, startFlow } from './flow.ts';

interface Finding {
  finding: string;
  group: string | null;
  group_version: number | null;
  source: string | null;
  fingerprint: string | null;
  from: string | null;
  to: string | null;
  text: string;
  text_zh: string;
}
interface Step {
  at: string;
  reason: string;
  text: string;
  text_zh: string;
}
interface Answer {
  from: string;
  to: string;
  person: {
    destinations: { channel: string; address: string }[];
    memberships: Finding[];
    alerts: { labels: Record<string, string>; told: string; steps: Step[] }[];
    messages: { state: string; answer: string | null; summary: string }[];
    steps: Step[];
  };
  arrival: Finding[] | null;
  truncated: boolean;
}

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const day = 24 * hour;
const rota = {
  name: 'dba',
  timezone: 'UTC',
  layers: [{ contacts: ['li.wei', 'zhang.san'], unit: 'day', hand_over: '09:00', starts: '2026-01-05' }],
};

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const explain = (query: Record<string, string | string[]>) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) search.append(name, one);
    return flow.s.api<Answer>('GET', `/api/v1/explain?${search}`);
  };
  const iso = (afterMs = 0) => new Date(flow.s.clock.now().getTime() + afterMs).toISOString();
  const verdicts = ({ person }: Answer) =>
    person.alerts.map(({ labels, told, steps }) => `${labels['instance']} ${told}: ${steps.map((s) => s.reason)}`);
  const found = (all: readonly Finding[] | null) => (all ?? []).map(({ finding }) => finding);

  describe('a person', () => {
    it('got a message with the answer of the provider, as a member by a version that is named', async () => {
      await flow.fire(disk);
      await flow.pass(minute);
      const { person } = await explain({ contact: 'li.wei' });
      expect(person.memberships).toMatchObject([{ finding: 'member', group: 'database', group_version: 1, to: null }]);
      expect(person.memberships[0]?.text).toMatch(/^Member of alert group database: version 1 named them from 2026-/);
      expect(person.alerts).toMatchObject([{ told: 'within', steps: [{ reason: 'accepted' }] }]);
      expect(person.messages).toMatchObject([{ state: 'accepted', summary: expect.stringContaining('DiskFull') }]);
      expect(person.messages[0]?.answer).toMatch(/^250/);
      expect(person.steps.map((s) => s.reason)).toEqual(['opened', 'accepted']);
      expect(person.destinations).toMatchObject([{ channel: 'email', address: 'li.wei@example.org' }]);
    });

    it('did not get what was silenced, and what they had been told before', async () => {
      await flow.fire(disk);
      await flow.pass(minute);
      await flow.pass(10 * minute);
      const silence = { matchers: ['instance="b"'], duration: '2h', comment: 'disk swap', created_by: 'me' };
      await flow.s.api('POST', '/api/v1/silences', silence);
      const from = iso();
      await flow.fire({ ...disk, instance: 'b' });
      await flow.pass(10 * minute);
      const answer = await explain({ contact: 'li.wei', from, to: iso() });
      expect(verdicts(answer)).toEqual(['b no: silenced', 'a before: already_told']);
      const [hidden, known] = answer.person.alerts;
      expect(hidden?.steps[0]?.text).toContain('silence “disk swap” until');
      expect(known?.steps[0]?.text).toMatch(/this was told already at 2026-.* UTC\.$/);
      expect(known?.steps[0]?.text_zh).toMatch(/对方已经知道（通知时间 2026-.* UTC）。$/);
      expect(answer.person.messages).toEqual([]);
    });

    it('did not get what another alert inhibits, what their group mutes, and what ended before it was told', async () => {
      const always = { name: 'always', time_intervals: [{}] };
      await flow.configure({
        time_intervals: [always],
        alert_groups: [
          group('database', { members: ['li.wei'] }),
          group('quiet', { members: ['li.wei'], policy: { mute_time_intervals: ['always'] } }),
        ],
        inhibition_rules: [
          { name: 'host', source_matchers: ['alertname="HostDown"'], target_matchers: ['alertname="DiskFull"'] },
        ],
      });
      await flow.fire({ alertname: 'HostDown', team: 'elsewhere' });
      await flow.fire(disk);
      await flow.fire({ alertname: 'Slow', team: 'quiet', instance: 'q' });
      const brief = { alertname: 'Brief', team: 'database', instance: 'brief' };
      await flow.fire(brief);
      await flow.pass(10 * second);
      await flow.end(brief);
      await flow.pass(minute);
      const answer = await explain({ contact: 'li.wei' });
      expect(verdicts(answer).sort()).toEqual(['a no: inhibited', 'brief no: resolved_before_told', 'q no: muted']);
      const quiet = await explain({ contact: 'li.wei', filter: 'team="quiet"' });
      expect(verdicts(quiet)).toEqual(['q no: muted']);
    });

    it('was a member by a turn on call, and not before it: the version and the turn are named', async () => {
      await flow.configure({
        schedules: [rota],
        alert_groups: [group('database', { members: [], schedules: ['dba'] })],
      });
      const at = Date.parse('2026-01-06T08:55:00Z');
      await flow.pass(at - flow.s.clock.now().getTime());
      await flow.fire(disk);
      await flow.pass(minute);
      await flow.pass(9 * minute);
      const before = await explain({ contact: 'zhang.san', from: '2026-01-06T08:50:00Z', to: '2026-01-06T08:59:00Z' });
      expect(found(before.person.memberships)).toEqual(['no_member']);
      const after = await explain({ contact: 'zhang.san', at: '2026-01-06T09:00:00Z' });
      expect(after.person.memberships).toMatchObject([
        { finding: 'on_call', group: 'database', group_version: 2, from: '2026-01-06T09:00:00.000Z' },
      ]);
      expect(after.person.memberships[0]?.text).toBe(
        'Member of alert group database (version 2): on call by layer 1 of schedule dba (version 1) ' +
          'from 2026-01-06 09:00:00 UTC until 2026-01-07 09:00:00 UTC.',
      );
      expect(verdicts(after)).toEqual(['a no: new_member']);
      const substitute = { contact: 'wang.wu', starts_at: '2026-01-06T10:00:00Z', ends_at: '2026-01-06T12:00:00Z' };
      await flow.configure({ schedules: [{ ...rota, overrides: [substitute] }] });
      await flow.pass(3 * 60 * minute);
      const override = await explain({ contact: 'wang.wu', at: '2026-01-06T11:00:00Z' });
      expect(override.person.memberships.map(({ text }) => text)).toEqual([
        'Member of alert group database (version 2): on call by an override of schedule dba (version 2) ' +
          'from 2026-01-06 10:00:00 UTC until 2026-01-06 12:00:00 UTC.',
      ]);
    });

    it('was a member then, and is none any more; and the other way round', async () => {
      await flow.fire(disk);
      await flow.pass(minute);
      const then = iso();
      await flow.pass(2 * 60 * minute);
      await flow.configure({ alert_groups: [group('database', { members: ['zhang.san'] })] });
      await flow.pass(2 * 60 * minute);
      expect(found((await explain({ contact: 'li.wei', at: then })).person.memberships)).toEqual(['member']);
      expect(found((await explain({ contact: 'li.wei' })).person.memberships)).toEqual(['no_member']);
      expect(found((await explain({ contact: 'zhang.san', at: then })).person.memberships)).toEqual(['no_member']);
      expect((await explain({ contact: 'zhang.san' })).person.memberships).toMatchObject([{ group_version: 2 }]);
      const asked = await explain({ contact: 'zhang.san', at: then, filter: 'alertname="DiskFull"' });
      expect(verdicts(asked)).toEqual(['a no: not_a_member']);
      expect(asked.person.alerts[0]?.steps[0]?.text).toMatch(/is not a member of the alert group\.$/);
    });

    it('is told only when nobody acknowledges, and that was not so', async () => {
      const escalation = [{ after: '1h', members: ['zhang.san'] }];
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], escalation })] });
      await flow.fire(disk);
      await flow.pass(minute);
      const asked = await explain({ contact: 'zhang.san' });
      expect(asked.person.memberships).toMatchObject([
        { finding: 'member', text: expect.stringContaining('Told by escalation step 1 of alert group database') },
      ]);
      expect(verdicts(asked)).toEqual(['a no: not_a_member']);
      expect(asked.person.alerts[0]?.steps[0]?.text).toContain('only escalation step 1 of the alert group names it');
      await flow.s.api('POST', '/api/v1/contacts', { name: 'zhao.liu', wecom: 'ZhaoLiu', locale: 'en' });
      const other = [{ after: '10m', members: ['zhao.liu'] }];
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], escalation: other })] });
      const early = iso();
      await flow.pass(12 * minute, minute);
      expect(verdicts(await explain({ contact: 'zhao.liu' }))).toEqual(['a no: no_address']);
      expect(verdicts(await explain({ contact: 'zhao.liu', from: early, to: early }))).toEqual(['a no: not_a_member']);
    });

    it('has no address on the channels of their group', async () => {
      await flow.s.api('POST', '/api/v1/contacts', { name: 'zhao.liu', wecom: 'ZhaoLiu', locale: 'en' });
      await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'zhao.liu'] })] });
      await flow.fire(disk);
      await flow.pass(minute);
      expect(verdicts(await explain({ contact: 'zhao.liu' }))).toEqual(['a no: no_address']);
    });

    it('is not there, and never was: 404; and a time that is too long, or none, is refused', async () => {
      await expect(explain({ contact: 'nobody' })).rejects.toThrow(/404.*no contact nobody/);
      await expect(explain({})).rejects.toThrow(/400.*say whom or what/);
      await expect(explain({ contact: 'li.wei', from: iso(-48 * 60 * minute) })).rejects.toThrow(/at most a day/);
      await expect(explain({ contact: 'li.wei', at: iso(), to: iso() })).rejects.toThrow(/not both/);
      await expect(explain({ contact: 'li.wei', robot: 'ops' })).rejects.toThrow(/not both/);
      await expect(explain({ filter: 'nonsense' })).rejects.toThrow(/400/);
    });
  });

  describe('a room', () => {
    it('got what waited for its rate, merged into one message, and says so', async () => {
      await flow.configure({
        alert_groups: [group('database', { robots: ['ops'], policy: { group_by: ['instance'], group_wait: '0s' } })],
      });
      for (let n = 0; n < 9; n++) await flow.fire({ ...disk, instance: `i${n}` });
      await flow.pass(2 * minute, 5 * second);
      const { person } = await explain({ robot: 'ops' });
      expect(person.memberships).toMatchObject([{ finding: 'member', group: 'database' }]);
      expect(new Set(person.alerts.map(({ told }) => told))).toEqual(new Set(['within']));
      const limited = person.steps.filter(({ reason }) => reason === 'rate_limit');
      expect(limited.length).toBeGreaterThan(0);
      expect(limited.length).toBeLessThan(9);
      expect(limited[0]?.text).toMatch(/^ops \(wecom-robot\) waits until .* rate limit/);
      expect(person.steps.map(({ reason }) => reason)).toContain('merged');
    });
  });

  describe('an alert that nobody told of', () => {
    it('never arrived: what its sources had posted by then, what comes near, and who would have been told', async () => {
      await flow.fire(disk, { source: 'az-a' });
      await flow.fire({ ...disk, instance: 'b' }, { source: 'az-b' });
      await flow.pass(20 * minute);
      await flow.fire({ ...disk, instance: 'c' }, { source: 'az-a' });
      await flow.pass(10 * second);
      const filter = ['alertname="DiskFull"', 'team="databse"', 'instance="b"'];
      const { arrival, person } = await explain({ filter, to: iso() });
      expect(person).toBeNull();
      expect(found(arrival).slice(0, 2)).toEqual(['never_arrived', 'near_alert']);
      expect(arrival?.[0]?.text).toBe(
        'It never arrived: no alert that is kept matches {alertname="DiskFull",team="databse",instance="b"}.',
      );
      expect(arrival?.[1]?.text).toContain('comes near, but not for team="databse" (it is "database").');
      const sources = (arrival ?? []).filter(({ finding }) => finding === 'source').map(({ text }) => text);
      expect(sources).toEqual([
        'Source az-a had posted within the minute before; its last news was at 2026-01-05 08:20:00 UTC: DiskFull fires.',
        'Source az-b had last posted at 2026-01-05 08:00:00 UTC, and has not since; its last news was at 2026-01-05 08:00:00 UTC: DiskFull fires.',
        'Source az-c had never posted by then.',
      ]);
      expect(arrival?.find(({ finding }) => finding === 'missed_group')?.text).toBe(
        'Alert group database (version 1) does not match for team="database" (it is "databse").',
      );
      expect(found(arrival)).toContain('no_group');
      const earlier = await explain({ filter, to: iso(-10 * minute) });
      expect((earlier.arrival ?? []).find(({ source }) => source === 'az-a')?.text).toMatch(
        /^Source az-a had last posted at 2026-01-05 08:00:00 UTC, and next at 2026-01-05 08:20:00 UTC/,
      );
    });

    it('arrived after that time, or had ended by then', async () => {
      const began = iso();
      await flow.fire(disk);
      await flow.pass(10 * minute);
      await flow.end(disk);
      await flow.pass(40 * minute);
      const filter = 'alertname="DiskFull"';
      const late = await explain({ filter, from: '2026-01-05T07:00:00Z', to: '2026-01-05T07:30:00Z' });
      expect(late.arrival?.[0]).toMatchObject({ finding: 'arrived_later', from: began });
      expect(late.arrival?.filter(({ finding }) => finding === 'source').map(({ text }) => text)[0]).toBe(
        'Source az-a had never posted by then; it first did at 2026-01-05 08:00:00 UTC.',
      );
      const after = await explain({ filter, from: iso(-10 * minute), to: iso() });
      expect(after.arrival?.[0]).toMatchObject({ finding: 'did_not_fire' });
      expect(after.arrival?.[0]?.text).toContain(
        'it did so from 2026-01-05 08:00:00 UTC until 2026-01-05 08:10:00 UTC',
      );
      const during = await explain({ filter, at: began });
      expect(found(during.arrival)).toEqual(['fired', 'matched_group']);
      expect(during.arrival?.[1]).toMatchObject({ group: 'database', group_version: 1 });
    });
  });

  it('is forgotten with the retention: no gap of a source and no step is kept for longer', async () => {
    await flow.fire(disk);
    await flow.pass(20 * minute);
    await flow.end(disk);
    const { db } = flow.s.service;
    const kept = async () =>
      (
        await db.query<{ gaps: number; steps: number }>(
          'select (select count(*)::int from source_gap) as gaps, (select count(*)::int from step) as steps',
        )
      ).rows[0];
    expect(await kept()).toEqual({ gaps: 2, steps: expect.any(Number) });
    await retain(db, new Date(flow.s.clock.now().getTime() + 29 * day), 30 * day);
    expect((await kept())?.gaps).toBe(2);
    await retain(db, new Date(flow.s.clock.now().getTime() + 31 * day), 30 * day);
    expect(await kept()).toEqual({ gaps: 0, steps: 0 });
  });
});
