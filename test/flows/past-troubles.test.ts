import { watchSources } from '../../src/pipeline/dedupe/quiet.ts';
import { eachDeployment } from '../support/deployments.ts';
import { company, type Flow, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };

eachDeployment((deployment) => {
  let flow: Flow;
  beforeEach(async () => {
    flow = await startFlow(deployment);
    await flow.configure({});
  });
  afterEach(() => flow[Symbol.asyncDispose]());

  /** Posts of az-b once a minute, then nothing until it counts as quiet. */
  async function quietSource(): Promise<void> {
    const startsAt = flow.s.clock.now();
    for (let i = 0; i < 5; i++) {
      await flow.fire(disk, { source: 'az-b', startsAt });
      await flow.pass(minute, 10 * second);
    }
  }

  async function selfCheck(): Promise<void> {
    await flow.s.service.selfCheck();
    await flow.rest();
    await flow.pass(6 * minute, 10 * second);
  }

  it('rule 14: an undeliverable address that has been corrected is no trouble any more', async () => {
    flow.smtp.rejectRecipient('li.wei@example.org');
    await flow.fire(disk);
    await flow.pass(2 * minute, 10 * second);
    await selfCheck();
    expect(flow.mails('admin')).toEqual(['+1 new']);
    const contacts = company.contacts.map((c) => (c.name === 'li.wei' ? { ...c, email: 'right@example.org' } : c));
    await flow.configure({ contacts });
    await selfCheck();
    expect(flow.mails('admin')).toEqual(['+1 new', '−1 resolved, all clear']);
  });

  it('rule 14: a quiet source that has been deleted is no trouble any more', async () => {
    await quietSource();
    await flow.pass(8 * minute, 10 * second);
    await selfCheck();
    expect(flow.mails('admin')).toEqual(['+1 new']);
    await flow.configure({ sources: company.sources.filter((s) => s.name !== 'az-b') });
    await selfCheck();
    expect(flow.mails('admin')).toEqual(['+1 new', '−1 resolved, all clear']);
  });

  it('rule 14: the alarm about a quiet source is submitted until that has worked', async () => {
    await quietSource();
    const { db, pipeline } = flow.s.service;
    flow.s.clock.advance(10 * minute);
    const now = flow.s.clock.now();
    const lost = () => Promise.reject(new Error('overloaded'));
    await expect(watchSources(db, now, [], lost)).rejects.toThrow('overloaded');
    await watchSources(db, now, [], pipeline.submit);
    const raised = await db.query(`select 1 from reporter r join alert a on a.fingerprint = r.alert_fingerprint
      where a.labels->>'alertname' = 'SourceQuiet' and r.resolved_at is null`);
    expect(raised.rows).toHaveLength(1);
  });
});
