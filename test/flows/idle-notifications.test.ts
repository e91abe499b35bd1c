import { eachDeployment } from '../support/deployments.ts';
import { payload } from '../support/payload.ts';
import { minute, second, startFlow, tokenOf } from './flow.ts';

const labelsOf = (i: number) => ({ alertname: `A${i}`, team: 'database' });

eachDeployment((deployment) => {
  it('notifications that have nothing to say any more do not hold up the ones behind them until the next sweep', async () => {
    await using flow = await startFlow(deployment);
    await flow.configure({});
    flow.smtp.rejectRecipient('li.wei@example.org', 451);
    const now = flow.s.clock.now();
    await flow.report(
      'az-a',
      Array.from({ length: 12 }, (_, i) => ({ labels: labelsOf(i), startsAt: now })),
    );
    await flow.pass(30 * second);
    const ended = Array.from({ length: 11 }, (_, i) => ({
      labels: labelsOf(i),
      status: 'resolved' as const,
      startsAt: now,
      endsAt: flow.s.clock.now(),
    }));
    expect((await flow.s.post(tokenOf('az-a'), payload(ended))).status).toBe(200);
    await flow.s.service.pipeline.decide();
    flow.smtp.clear();
    flow.s.clock.advance(10 * minute);
    const [waiting] = await flow.notifications('state=pending');
    await flow.s.service.pipeline.deliver(Number(waiting?.destination.id));
    expect(flow.mails('li.wei')).toEqual(['+1 new']);
  });
});
