import { retain } from '../../src/pipeline/sweep.ts';
import { eachDeployment } from '../support/deployments.ts';
import { hour, minute, second, startFlow } from './flow.ts';

const disk = { alertname: 'DiskFull', team: 'database', instance: 'a' };
const day = 24 * hour;

eachDeployment((deployment) => {
  it('rule 2: our own absence does not make us patient with a source that goes quiet later', async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({});
    const startsAt = flow.s.clock.now();
    const beat = () => flow.fire(disk, { startsAt });
    for (let i = 0; i < 3; i++) {
      await beat();
      await flow.pass(minute, 10 * second);
    }
    // In one step: an absence of ours.
    await flow.pass(4 * hour);
    await beat();
    await flow.pass(6 * minute, 10 * second);
    const quiet = await flow.s.service.db.query(`select 1 from source_activity where state = 'quiet'`);
    expect(quiet.rows).toHaveLength(1);
  });

  it('retention forgets the Alertmanager groups that post nothing any more', async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({});
    await flow.fire(disk);
    await flow.end(disk);
    const now = new Date(flow.s.clock.now().getTime() + 90 * day);
    await retain(flow.s.service.db, now, 30 * day);
    expect((await flow.s.service.db.query('select 1 from source_group')).rows).toEqual([]);
  });
});
