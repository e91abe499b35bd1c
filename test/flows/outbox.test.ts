import { eachDeployment } from '../support/deployments.ts';
import { company, group, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const members = ['li.wei', 'zhang.san'];
const sections = {
  alert_groups: [
    group('database', { members, channels: ['email', 'wecom-app'] }),
    group('network', { members: ['li.wei'], channels: ['email'] }),
  ],
};

eachDeployment((deployment) => {
  it('without SMTP and WeChat messages are kept in the outbox, with their text and the reason', async () => {
    await using flow = await startFlow(deployment, { channels: [] });
    await flow.configure(sections);
    await flow.fire(disk);
    await flow.pass(minute);
    const kept = await flow.notifications('outbox=true');
    expect(kept.map((n) => n.destination.address).sort()).toEqual([
      'email:li.wei@example.org',
      'email:zhang.san@example.org',
      'wecom-app:LiWei',
      'wecom-app:ZhangSan',
    ]);
    for (const notification of kept) {
      expect(notification).toMatchObject({ state: 'accepted', summary: expect.stringContaining('+1 new') });
      expect(JSON.stringify(notification.content)).toContain('DiskFull');
      expect(notification.answer).toContain('outbox');
    }
    const status = await flow.s.api<{ channels: { name: string; configured: boolean }[] }>('GET', '/api/v1/status');
    expect(status.channels.find((c) => c.name === 'email')).toMatchObject({ configured: false });
    await flow.pass(10 * minute);
    expect(await flow.notifications('outbox=true')).toHaveLength(4);
  });

  it('configured later, each person gets exactly one summary of what is open, then goes on as usual', async () => {
    await using first = await startFlow(deployment, { channels: [] });
    await first.configure(sections);
    await first.fire(disk);
    await first.fire({ ...disk, instance: 'b' });
    await first.fire({ alertname: 'LinkDown', team: 'network' });
    await first.fire({ alertname: 'Over', team: 'database' });
    await first.pass(minute);
    await first.end({ alertname: 'Over', team: 'database' });
    await first.pass(10 * minute);
    await first.stopService();

    const flow = await startFlow(deployment, {
      store: first.store,
      servers: first,
      channels: ['email'],
      service: { clock: first.s.clock },
    });
    try {
      await flow.pass(1_000);
      expect(flow.mails('li.wei')).toEqual(['2 incidents open, 3 alerts firing']);
      expect(flow.mails('zhang.san')).toEqual(['1 incident open, 2 alerts firing']);
      expect(flow.mailsTo('li.wei')[0]?.text).toContain('LinkDown');
      await flow.pass(10 * minute);
      expect(flow.smtp.mails.filter((m) => !m.to.includes('admin@example.org'))).toHaveLength(2);
      await flow.end({ alertname: 'LinkDown', team: 'network' });
      await flow.pass(5 * minute);
      expect(flow.mails('li.wei').slice(1)).toEqual(['−1 resolved, all clear']);
      expect((await flow.notifications('outbox=true')).some((n) => n.destination.address === 'wecom-app:LiWei')).toBe(
        true,
      );
    } finally {
      await flow.stopService();
    }
  });

  it('a contact without an address on a channel is no destination there', async () => {
    await using flow = await startFlow(deployment, { channels: [] });
    const contacts = company.contacts.map((c) => (c.name === 'zhang.san' ? { ...c, wecom: null } : c));
    await flow.configure({ ...sections, contacts });
    await flow.fire(disk);
    await flow.pass(minute);
    const kept = await flow.notifications('outbox=true');
    expect(kept.map((n) => n.destination.address)).not.toContain('wecom-app:ZhangSan');
    expect(kept).toHaveLength(3);
  });
});
