import { api, at, db, insert, insertAlert, insertIncident, insertNotification, iso, useApi } from './fixture.ts';

useApi();

interface Shown {
  at: string;
  stage: string;
  reason: string;
  text: string;
  text_zh: string;
  [key: string]: unknown;
}
const explain = async (fingerprint: string): Promise<Shown[]> =>
  (await api.get(`/api/v1/alerts/${fingerprint}/explain`)).body.steps;
const short = (steps: readonly Shown[]) => steps.map((s) => `${s.stage} ${s.reason}`);
const step = (second: number, row: Record<string, unknown>) => insert(db, 'step', { at: at(second), ...row });

describe('explain', () => {
  it('tells the whole way of an alert in order of time, from report to answer', async () => {
    await insertAlert(db, 'A');
    const id = await insertIncident(db, ['A']);
    await step(0, {
      stage: 'dedupe',
      reason: 'new_alert',
      alert_fingerprint: 'A',
      source_id: 1,
      detail: { starts_at: at(-5) },
    });
    await step(30, {
      stage: 'dedupe',
      reason: 'firing',
      alert_fingerprint: 'A',
      detail: { episode: 1, since: at(-5) },
    });
    const sent = { outcome: 'send', fresh: 1, resolved: 0, still_firing: 0 };
    await step(30, {
      stage: 'converge',
      reason: 'opened',
      incident_id: id,
      destination_id: 1,
      group_version: 4,
      detail: sent,
    });
    const n = await insertNotification(db, id, { told: [['A', 1, 'firing']] });
    const attempt = { notification_id: n, fence: 1 };
    const refused = { outcome: 'transient', reason: 'provider_busy', answer: '451 busy' };
    await insert(db, 'attempt', { ...attempt, number: 1, started_at: at(31), finished_at: at(32), ...refused });
    await step(32, { stage: 'deliver', reason: 'provider_busy', incident_id: id, notification_id: n });
    const accepted = { outcome: 'accepted', reason: 'accepted', answer: '250 ok' };
    await insert(db, 'attempt', { ...attempt, number: 2, started_at: at(40), finished_at: at(41), ...accepted });
    await step(41, { stage: 'deliver', reason: 'accepted', incident_id: id, notification_id: n, destination_id: 1 });

    const steps = await explain('A');
    expect(short(steps)).toEqual([
      'dedupe new_alert',
      'route matched',
      'dedupe firing',
      'converge opened',
      'deliver provider_busy',
      'deliver accepted',
    ]);
    expect(steps.map((s) => s.text)).toEqual([
      'Source az-a reported for the first time that it fires since 2026-01-05 07:59:55 UTC.',
      `It matched alert group database and came into incident ${id}.`,
      'It has been firing since 2026-01-05 07:59:55 UTC (episode 1).',
      `li.wei (email li.wei@example.org) is told for the first time of incident ${id}: 1 new, 0 resolved, 0 still firing.`,
      `Message ${n} to li.wei (email li.wei@example.org) was not accepted, because the provider was busy: 451 busy; it is tried again later if there is still something to tell.`,
      `Message ${n} to li.wei (email li.wei@example.org) was accepted by the provider (attempt 2): 250 ok.`,
    ]);
    expect(steps[1]?.text_zh).toBe(`匹配告警组 database，归入事件 ${id}。`);
    expect(steps[5]?.text_zh).toBe(
      `消息 ${n} 第 2 次尝试已被服务商接收，发给 li.wei（邮件 li.wei@example.org）（250 ok）。`,
    );
    expect(steps[3]).toMatchObject({
      at: iso(30),
      incident_id: id,
      group: 'database',
      group_version: 4,
      destination: { id: '1', channel: 'email' },
      detail: sent,
    });
  });

  it('takes the steps of an incident only while the alert was in it', async () => {
    await insertAlert(db, 'A');
    const id = await insertIncident(db, []);
    await insert(db, 'incident_alert', { incident_id: id, alert_fingerprint: 'A', joined_at: at(10), left_at: at(20) });
    for (const second of [5, 15, 25]) {
      await step(second, { stage: 'converge', reason: 'silenced', incident_id: id, destination_id: 1 });
    }
    await step(20, { stage: 'route', reason: 'rerouted', incident_id: id, alert_fingerprint: 'A' });
    const steps = await explain('A');
    expect(steps.map((s) => `${s.at} ${s.reason}`)).toEqual([
      `${iso(10)} matched`,
      `${iso(15)} silenced`,
      `${iso(20)} rerouted`,
    ]);
  });

  it('leaves out messages that told only of other alerts of the same incident', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B');
    const id = await insertIncident(db, ['A', 'B']);
    const other = await insertNotification(db, id, { told: [['B', 1, 'firing']] });
    await step(40, { stage: 'deliver', reason: 'accepted', incident_id: id, notification_id: other });
    await insert(db, 'attempt', { notification_id: other, number: 1, fence: 1, started_at: at(39) });
    expect(short(await explain('A'))).toEqual(['route matched']);
    expect(short(await explain('B'))).toContain('deliver accepted');
  });

  it('follows a message that was merged into that of another incident', async () => {
    await insertAlert(db, 'A');
    const id = await insertIncident(db, ['A']);
    const elsewhere = await insertIncident(db, []);
    const carrier = await insertNotification(db, elsewhere, { told: [['A', 1, 'firing']] });
    const carried = await insertNotification(db, id, { carrier_id: carrier, reason: 'merged' });
    await step(40, { stage: 'deliver', reason: 'merged', incident_id: id, notification_id: carried });
    const accepted = { outcome: 'accepted', reason: 'accepted', answer: '250' };
    await insert(db, 'attempt', {
      notification_id: carrier,
      number: 1,
      fence: 1,
      started_at: at(39),
      finished_at: at(40),
      ...accepted,
    });
    const steps = await explain('A');
    expect(short(steps)).toEqual(['route matched', 'deliver merged', 'deliver accepted']);
    expect(steps[2]).toMatchObject({ notification_id: carrier, destination: { name: 'li.wei' } });
  });

  it('shows an attempt of which nobody knows, and reminders, which tell of nothing new', async () => {
    await insertAlert(db, 'A');
    const id = await insertIncident(db, ['A']);
    const n = await insertNotification(db, id, { reason: 'repeat', told: JSON.stringify([]), state: 'sending' });
    await insert(db, 'attempt', { notification_id: n, number: 1, fence: 1, started_at: at(39) });
    const last = (await explain('A')).at(-1);
    expect(last).toMatchObject({ reason: 'in_doubt', at: iso(39) });
    expect(last?.text).toContain('no answer is known');
  });

  it('names the built-in group of what nothing matched, and leaves out reasons of another version', async () => {
    await insertAlert(db, 'A');
    await insertIncident(db, ['A'], { group_id: 2 });
    await step(40, { stage: 'converge', reason: 'of_the_future', alert_fingerprint: 'A' });
    expect(short(await explain('A'))).toEqual(['route unrouted']);
  });

  it('is 404 for an unknown alert', async () => {
    expect((await api.get('/api/v1/alerts/none/explain')).status).toBe(404);
  });
});
