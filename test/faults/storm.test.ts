/** A storm that fills many alert groups at once: it is decided in pieces, so that intake gets its turn and memory stays small. */
import { payload } from '../support/payload.ts';
import { startService } from '../support/service.ts';

const token = 'source-token-of-the-storm';
const groups = 4;
const alertsPerGroup = 900;
/** What one transaction of a decision may hold; see `alertsAtOnce` in converge/decide.ts. */
const alertsPerTransaction = 2_000;

it('decides large incidents a few at a time, also when they have grown since they were last decided', async () => {
  await using service = await startService();
  await service.apply({
    sources: [{ name: 'az-a', token }],
    contacts: [{ name: 'on-call', email: 'on-call@example.org' }],
    alert_groups: [
      {
        name: 'storm',
        matchers: ['job="storm"'],
        members: ['on-call'],
        channels: ['email'],
        policy: { group_by: ['alertname'], group_wait: '30s', group_interval: '5m', repeat_interval: '4h' },
      },
    ],
  });
  const post = async (from: number, to: number) => {
    for (let group = 0; group < groups; group++) {
      const alerts = Array.from({ length: to - from }, (_, i) => ({
        labels: { alertname: `Storm${group}`, instance: `host-${from + i}`, job: 'storm' },
        startsAt: service.clock.now(),
      }));
      expect((await service.post(token, payload(alerts))).status).toBe(200);
    }
  };
  await post(0, 1);
  await service.service.settle();
  await post(1, alertsPerGroup);
  await service.advance(40_000);

  const begun = await service.service.db.query<{ alerts: number }>(
    `select count(*)::int as alerts from step where stage = 'dedupe' and reason = 'firing' group by xmin order by 1 desc`,
  );
  const sizes = begun.rows.map((row) => row.alerts);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(groups * alertsPerGroup);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(alertsPerTransaction);
});
