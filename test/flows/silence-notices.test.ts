/** The owner of a silence is reminded before it ends, and told what still fires when it has. */
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, hour, minute, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', severity: 'critical', instance: 'db-1' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    const [li, zhang, ...others] = company.contacts;
    await flow.configure({ contacts: [li!, { ...zhang!, locale: 'zh-CN', timezone: 'Asia/Shanghai' }, ...others] });
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  const silence = async (more: Record<string, unknown> = {}): Promise<string> => {
    const body = { matchers: ['alertname="DiskFull"'], comment: 'migration of db-1', duration: '2h', ...more };
    const made = await flow.s.api<{ id: string }>('POST', '/api/v1/silences', body);
    await flow.rest();
    return made.id;
  };
  const notices = () => flow.mailsTo('wang.wu').map((mail) => mail.subject);

  it('is reminded 15 minutes before, and told afterwards what it hid; each once', async () => {
    const id = await silence({ notify: ['wang.wu'] });
    await flow.fire(disk);
    await flow.pass(104 * minute, 4 * minute);
    expect(notices()).toEqual([]);
    await flow.pass(2 * minute, minute);
    expect(notices()).toEqual(['[SILENCE] ends at 10:00:00: migration of db-1']);
    const [reminder] = flow.mailsTo('wang.wu');
    expect(reminder?.text).toContain('Firing, and told when it ends (1)');
    expect(reminder?.text).toContain('DiskFull');
    expect(reminder?.text).toContain(`/silences/${id}`);
    expect(flow.wecomsTo('wangwu')[0]?.content).toContain('A silence ends at 10:00:00');
    await flow.pass(20 * minute, minute);
    expect(notices().slice(1)).toEqual(['[SILENCE] has ended, 1 still firing: migration of db-1']);
    // The alert group's own members are told of the alert itself.
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
    await flow.pass(hour, 10 * minute);
    expect(notices()).toHaveLength(2);
  });

  it('is worded in the language and the time zone of each', async () => {
    await silence({ notify: ['zhang.san'] });
    await flow.fire(disk);
    await flow.pass(106 * minute, 2 * minute);
    expect(flow.mailsTo('zhang.san')[0]?.subject).toBe('[静默] 18:00:00 结束：migration of db-1');
    expect(flow.mailsTo('zhang.san')[0]?.text).toContain('静默将于 18:00:00 结束（还有 14 分钟');
    expect(flow.wecomsTo('zhangsan')[0]?.content).toContain('触发中，静默结束后将通知（1）');
  });

  it('goes to the contact who is named like whoever made it, where nobody is named', async () => {
    await silence({ created_by: 'wang.wu' });
    await silence({ created_by: 'wang.wu', notify: [], comment: 'nobody' });
    await silence({ created_by: 'somebody else', comment: 'a stranger' });
    await flow.pass(106 * minute, 2 * minute);
    expect(notices()).toEqual(['[SILENCE] ends at 10:00:00: migration of db-1']);
    expect(flow.mailsTo('wang.wu')[0]?.text).toContain('Nothing that it hides fires just now.');
  });

  it('is not sent for a short silence, nor without remind; what still fires is told all the same', async () => {
    await flow.fire(disk);
    await silence({ notify: ['wang.wu'], duration: '1h', comment: 'short' });
    await silence({ notify: ['wang.wu'], remind: '0s', comment: 'quiet' });
    await flow.pass(130 * minute, 2 * minute);
    expect(notices()).toEqual([
      '[SILENCE] has ended, 1 still firing: short',
      '[SILENCE] has ended, 1 still firing: quiet',
    ]);
  });

  it('says nothing at the end when nothing fires then, nor of one that somebody has ended', async () => {
    await silence({ notify: ['wang.wu'], remind: '0s' });
    await flow.pass(121 * minute, 3 * minute);
    await flow.fire(disk);
    const id = await silence({ notify: ['wang.wu'] });
    await flow.pass(minute);
    await flow.s.api('POST', `/api/v1/silences/${id}/expire`);
    await flow.pass(hour, 5 * minute);
    expect(notices()).toEqual([]);
  });

  it('reminds again of another end', async () => {
    const id = await silence({ notify: ['wang.wu'] });
    await flow.pass(106 * minute, 2 * minute);
    const { matchers, comment, notify } = await flow.s.api<Record<string, unknown>>('GET', `/api/v1/silences/${id}`);
    const ends_at = new Date(flow.s.clock.now().getTime() + 2 * hour).toISOString();
    await flow.s.api('PUT', `/api/v1/silences/${id}`, { matchers, comment, notify, ends_at });
    await flow.pass(106 * minute, 2 * minute);
    expect(notices()).toEqual([
      '[SILENCE] ends at 10:00:00: migration of db-1',
      '[SILENCE] ends at 11:46:00: migration of db-1',
    ]);
  });

  it('is a notification: tried again, and sent once more by hand when it was given up', async () => {
    await silence({ notify: ['wang.wu'] });
    flow.smtp.rejectRecipient('wang.wu@example.org');
    await flow.pass(106 * minute, 2 * minute);
    const [given] = (await flow.notifications()).filter((n) => n.state === 'undeliverable');
    expect(given).toMatchObject({ incident_id: null, notice: 'silence_ends' });
    expect(notices()).toEqual([]);
    flow.smtp.acceptRecipient('wang.wu@example.org');
    await flow.s.api('POST', `/api/v1/notifications/${given?.id}/retry`);
    await flow.rest();
    expect(notices()).toEqual(['[SILENCE] ends at 10:00:00: migration of db-1']);
  });

  it('is exported as it was applied, and names only contacts that are there', async () => {
    const named = {
      name: 'backups',
      matchers: ['job="backup"'],
      ends_at: '2026-03-01T00:00:00.000Z',
      comment: 'known',
      notify: ['wang.wu'],
      remind: '1d',
    };
    await flow.configure({ silences: [named] });
    const exported = await flow.s.api<{ silences: unknown[] }>('GET', '/api/v1/export');
    expect(exported.silences).toMatchObject([{ notify: ['wang.wu'], remind: '1d' }]);
    await expect(flow.configure({ silences: [{ ...named, notify: ['nobody'] }] })).rejects.toThrow(
      'is not in contacts',
    );
  });
});
