/** Our own heartbeat to somebody outside: its absence is an alarm that needs nothing of ours. */
import { handClock } from '../support/clock.ts';
import { eachDeployment } from '../support/deployments.ts';
import { startListener } from '../support/listener.ts';
import { type Flow, group, minute, second, startFlow } from './flow.ts';

const token = 'c0ffee00-0000-4000-8000-000000000001';

interface Status {
  outgoing_heartbeat: {
    last_sent_at: string | null;
    withheld: string[];
    failing_channels: string[];
    failure: string | null;
  } | null;
}

const statusOf = async ({ s }: Flow) =>
  (await s.api<Status & Record<string, unknown>>('GET', '/api/v1/status')).outgoing_heartbeat;

async function counted({ s }: Flow): Promise<Record<string, number>> {
  const text = await (await fetch(`${s.url}/metrics`)).text();
  const lines = text.matchAll(/^monitor_manager_outgoing_heartbeats_total\{result="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...lines].map(([, result, count]) => [result, Number(count)]));
}

/** As the schedule does: a tick every ten seconds, or `stepMs`, and a look for our own trouble each minute. */
async function live(flow: Flow, minutes: number, stepMs = 10 * second): Promise<void> {
  for (let passed = 0; passed < minutes; passed++) {
    await flow.s.service.selfCheck();
    await flow.pass(minute, stepMs);
  }
}

eachDeployment((deployment) => {
  it('is sent each minute while everything is well, and the status says when it was', async () => {
    await using outside = await startListener();
    const env = { MM_OUTGOING_HEARTBEAT_URL: `${outside.url}/ping/${token}/`, MM_OUTGOING_HEARTBEAT_METHOD: 'POST' };
    await using flow = await startFlow(deployment, { env });
    await live(flow, 3);
    expect(outside.heard).toHaveLength(3);
    expect(outside.heard[0]).toEqual({ method: 'POST', path: `/ping/${token}/`, authorization: null });
    expect(await statusOf(flow)).toEqual({
      ...{ last_sent_at: expect.any(String), withheld: [] },
      ...{ failing_channels: [], failure: null },
    });
    expect(await counted(flow)).toEqual({ sent: 3, failed: 0, withheld: 0 });
  });

  it('is kept back while no mail gets through and after the look for our own trouble has stopped, and says why', async () => {
    await using outside = await startListener();
    await using flow = await startFlow(deployment, { env: { MM_OUTGOING_HEARTBEAT_URL: outside.url } });
    await flow.configure({});
    await flow.smtp.stopListening();
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await live(flow, 8);
    expect(await statusOf(flow)).toMatchObject({ withheld: ['channel_failing'], failing_channels: ['email'] });
    const before = outside.heard.length;
    await flow.pass(6 * minute, 10 * second);
    expect(outside.heard).toHaveLength(before);
    expect(await statusOf(flow)).toMatchObject({ withheld: ['channel_failing', 'self_check'] });
    expect(await counted(flow)).toEqual({ sent: 6, failed: 0, withheld: 8 });
    const told = flow.s.logLines.filter((line) => line.includes('is kept back'));
    expect(told.map((line) => JSON.parse(line).why)).toEqual([
      'channel_failing (email)',
      'channel_failing (email), self_check',
    ]);
  });

  it('goes on while one mailbox refuses what others get', async () => {
    await using outside = await startListener();
    await using flow = await startFlow(deployment, { env: { MM_OUTGOING_HEARTBEAT_URL: outside.url } });
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei', 'zhang.san'] })] });
    flow.smtp.rejectRecipient('li.wei@example.org', 452, '4.2.2 mailbox full');
    // What is new meanwhile waits for the back-off of that mailbox, which grows to ten minutes.
    for (const alertname of ['DiskFull', 'CpuHot', 'NetDown', 'FanStuck', 'FsReadOnly', 'NtpOff', 'SwapFull']) {
      await flow.fire({ alertname, team: 'database' });
      await live(flow, 4);
    }
    expect([flow.mails('li.wei').length, flow.mails('zhang.san').length]).toEqual([0, 7]);
    expect(await counted(flow)).toEqual({ sent: 28, failed: 0, withheld: 0 });
  });

  it('goes on while one mailbox is refused for now, and nobody else gets mail', async () => {
    await using outside = await startListener();
    const env = { MM_OUTGOING_HEARTBEAT_URL: outside.url, MM_EMERGENCY_CONTACTS: 'wecom:LiWei' };
    await using flow = await startFlow(deployment, { env });
    await flow.configure({});
    flow.smtp.rejectRecipient('li.wei@example.org', 451, '4.7.1 greylisted');
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await live(flow, 12);
    expect(await counted(flow)).toEqual({ sent: 12, failed: 0, withheld: 0 });
  });

  it('is kept back while a dead mail server has nothing to send but a reminder', async () => {
    await using outside = await startListener();
    const env = { MM_OUTGOING_HEARTBEAT_URL: outside.url, MM_EMERGENCY_CONTACTS: 'wecom:LiWei' };
    await using flow = await startFlow(deployment, { env });
    const policy = { repeat_interval: '5m' };
    await flow.configure({ alert_groups: [group('database', { members: ['li.wei'], policy })] });
    await flow.fire({ alertname: 'DiskFull', team: 'database' });
    await live(flow, 2);
    await flow.smtp.stopListening();
    await live(flow, 10);
    const open = (await flow.notifications('state=pending')).map(({ destination, reason }) => [
      destination.channel,
      reason,
    ]);
    expect(open).toEqual([['email', 'repeat']]);
    expect(await statusOf(flow)).toMatchObject({ withheld: ['channel_failing'], failing_channels: ['email'] });
    await flow.smtp.listenAgain();
    await live(flow, 11);
    expect(flow.mails('li.wei').length).toBeGreaterThan(1);
    expect(await statusOf(flow)).toMatchObject({ withheld: [], failing_channels: [] });
  });

  it('follows no redirect, counts what does not arrive, logs it once, and never shows the address', async () => {
    await using outside = await startListener();
    await using elsewhere = await startListener();
    const url = `${outside.url.replace('//', '//kuma:s3cret@')}/api/push/${token}`;
    await using flow = await startFlow(deployment, { env: { MM_OUTGOING_HEARTBEAT_URL: url } });
    outside.answer(302, `${elsewhere.url}/sign-in`);
    await live(flow, 3);
    expect(elsewhere.heard).toEqual([]);
    expect(outside.heard[0]?.authorization).toBe(`Basic ${btoa('kuma:s3cret')}`);
    expect(await statusOf(flow)).toMatchObject({
      last_sent_at: null,
      failure: 'HTTP 302, a redirect, which is not followed',
    });
    expect(await counted(flow)).toEqual({ sent: 0, failed: outside.heard.length, withheld: 0 });
    expect(flow.s.logLines.filter((line) => line.includes('does not arrive'))).toHaveLength(1);
    const metrics = await (await fetch(`${flow.s.url}/metrics`)).text();
    const status = JSON.stringify(await flow.s.api('GET', '/api/v1/status'));
    for (const shown of [metrics, status, flow.s.logLines.join('\n')]) {
      for (const secret of [token, 's3cret', new URL(url).host]) expect(shown).not.toContain(secret);
    }
  });

  it('comes on time after a restart in the middle of a long interval', async () => {
    await using outside = await startListener();
    const env = { MM_OUTGOING_HEARTBEAT_URL: outside.url, MM_OUTGOING_HEARTBEAT_INTERVAL: '1h' };
    const first = await startFlow(deployment, { env });
    await live(first, 30, minute);
    expect(outside.heard).toHaveLength(1);
    await first.stopService();
    const service = { clock: first.s.clock };
    await using again = await startFlow(deployment, { env, service, store: first.store, servers: first });
    await live(again, 30, minute);
    expect(outside.heard).toHaveLength(1);
    await live(again, 2);
    expect(outside.heard).toHaveLength(2);
  });

  it('is made up for within a minute, however long the interval, when it did not arrive or was kept back', async () => {
    await using outside = await startListener();
    const env = { MM_OUTGOING_HEARTBEAT_URL: outside.url, MM_OUTGOING_HEARTBEAT_INTERVAL: '1h' };
    await using flow = await startFlow(deployment, { env });
    outside.answer(500);
    await live(flow, 1, minute);
    outside.answer(200);
    await live(flow, 1, minute);
    expect(await counted(flow)).toEqual({ sent: 1, failed: 1, withheld: 0 });
    await live(flow, 53, minute);
    // Nobody looks for trouble of our own, so it is kept back when it is due.
    await flow.pass(7 * minute, minute);
    expect(await counted(flow)).toEqual({ sent: 1, failed: 1, withheld: 1 });
    await live(flow, 1, minute);
    expect(await counted(flow)).toEqual({ sent: 2, failed: 1, withheld: 1 });
    await live(flow, 59, minute);
    expect(outside.heard).toHaveLength(3);
    await live(flow, 1, minute);
    expect(outside.heard).toHaveLength(4);
  });

  it('says that nobody is there', async () => {
    const gone = await startListener();
    await gone[Symbol.asyncDispose]();
    await using flow = await startFlow(deployment, { env: { MM_OUTGOING_HEARTBEAT_URL: `${gone.url}/${token}` } });
    await live(flow, 1);
    expect(await statusOf(flow)).toMatchObject({ failure: 'no connection (ECONNREFUSED)' });
  });

  it('is null in the status where none is configured', async () => {
    await using flow = await startFlow(deployment);
    await live(flow, 1);
    expect(await statusOf(flow)).toBeNull();
  });
});

eachDeployment(
  (deployment) => {
    it('is sent by one of several replicas, and by another when that one is gone', async () => {
      await using outside = await startListener();
      const clock = handClock();
      const env = { MM_OUTGOING_HEARTBEAT_URL: outside.url };
      const first = await startFlow(deployment, { env, service: { clock } });
      await using second_ = await startFlow(deployment, {
        env,
        service: { clock },
        store: first.store,
        servers: first,
      });
      for (let i = 0; i < 18; i++) {
        await first.s.service.selfCheck();
        await second_.s.service.selfCheck();
        await first.s.service.tick();
        await second_.s.service.tick();
        clock.advance(10 * second);
      }
      expect(outside.heard).toHaveLength(3);
      expect(await counted(second_)).toMatchObject({ sent: 0 });
      await first.stopService();
      await live(second_, 2);
      expect(outside.heard.length).toBeGreaterThanOrEqual(4);
      expect(await counted(second_)).toMatchObject({ failed: 0, withheld: 0 });
    });
  },
  ['PostgreSQL only'],
);
