import { scanLimit } from '../../../src/incidents/notifications.ts';
import { api, at, db, insert, insertAlert, insertIncident, insertNotification, iso, useApi } from './fixture.ts';

useApi();

const ids = async (query: string) =>
  (await api.get(`/api/v1/notifications?${query}`)).body.items.map((n: { id: string }) => n.id);
const undeliverable = (alert: string, destination = 1) =>
  insert(db, 'receipt', {
    destination_id: destination,
    alert_fingerprint: alert,
    episode: 1,
    state: 'undeliverable',
    told_at: at(50),
  });
const receipts = async () =>
  (await db.query('select destination_id, alert_fingerprint from receipt order by 1, 2')).rows.map((r) =>
    Object.values(r).join(' '),
  );

describe('the list of notifications', () => {
  it('shows the newest first and keeps to state, channel, destination and incident', async () => {
    const incident = await insertIncident(db, []);
    const mail = await insertNotification(db, incident);
    const room = await insertNotification(db, null, { destination_id: 3, state: 'cancelled' });
    const kept = await insertNotification(db, incident, { destination_id: 2 });
    expect(await ids('')).toEqual([kept, room, mail]);
    expect(await ids('state=cancelled&state=sending')).toEqual([room]);
    expect(await ids('channel=email')).toEqual([mail]);
    expect(await ids('destination=3')).toEqual([room]);
    expect(await ids(`incident=${incident}`)).toEqual([kept, mail]);
    expect(await ids('outbox=false')).toEqual([room, mail]);
  });

  it('finds a text in the name, the address, the answer and the message id, between two times', async () => {
    const mail = await insertNotification(db, null, { answer: '550 No such user', created_at: at(10) });
    const room = await insertNotification(db, null, {
      destination_id: 3,
      message_id: '<mm.a_b@h>',
      created_at: at(20),
    });
    const carried = await insertNotification(db, null, { destination_id: 3, carrier_id: mail, created_at: at(30) });
    expect(await ids('q=LI.WEI')).toEqual([mail]);
    expect(await ids('q=ops')).toEqual([carried, room]);
    expect(await ids('q=no%20SUCH')).toEqual([carried, mail]);
    expect(await ids('q=a_b')).toEqual([room]);
    expect(await ids('q=a%25')).toEqual([]);
    expect(await ids(`since=${iso(20)}&until=${iso(30)}`)).toEqual([room]);
    expect(await ids(`q=ops&since=${iso(30)}`)).toEqual([carried]);
    expect((await api.get('/api/v1/notifications?since=yesterday')).status).toBe(400);
  });

  it('goes on with its cursor when a search has looked at as many as one request may', async () => {
    const wanted = await insertNotification(db, null, { answer: 'needle' });
    await db.query(
      `insert into notification (destination_id, sequence, state, reason, created_at)
       select 1, 1, 'accepted', 'opened', $1 from generate_series(1, $2)`,
      [at(1), scanLimit],
    );
    const first = (await api.get('/api/v1/notifications?q=needle')).body;
    expect(first.items).toEqual([]);
    expect(await ids(`q=needle&cursor=${first.next_cursor}`)).toEqual([wanted]);
  });

  it('says what a person can do about a failure, in both languages', async () => {
    await insertNotification(db, null, { state: 'undeliverable', remedy: 'Do it.' });
    const [failed] = (await api.get('/api/v1/notifications')).body.items;
    expect(failed.remedies).toEqual({ en: 'Do it.', 'zh-CN': '中文：Do it.' });
    await db.query(`update destination set last_remedy = 'Do that.' where id = 1`);
    const [mail, room] = (await api.get('/api/v1/destinations')).body.items;
    expect([mail.last_remedies['zh-CN'], room.last_remedies]).toEqual(['中文：Do that.', null]);
  });

  it('shows what would have been sent with outbox=true, and no content otherwise', async () => {
    const content = { summary: '+1 new', text: 'Disk is full' };
    const id = await insertNotification(db, null, { destination_id: 2, content });
    const [kept] = (await api.get('/api/v1/notifications?outbox=true')).body.items;
    expect(kept).toMatchObject({ id, summary: '+1 new', content });
    const [plain] = (await api.get('/api/v1/notifications')).body.items;
    expect(plain).toMatchObject({ id, summary: '+1 new' });
    expect(plain).not.toHaveProperty('content');
  });
});

describe('one notification', () => {
  it('shows its content, what it tells, and every attempt with the answer', async () => {
    const incident = await insertIncident(db, []);
    const id = await insertNotification(db, incident, {
      content: { summary: 's' },
      told: [['A', 1, 'firing']],
      priority: 1,
      message_id: '<m@host>',
    });
    await insert(db, 'attempt', { notification_id: id, number: 1, fence: 1, started_at: at(1) });
    await insert(db, 'attempt', {
      notification_id: id,
      number: 2,
      fence: 2,
      started_at: at(2),
      finished_at: at(3),
      outcome: 'accepted',
      reason: 'accepted',
      answer: '250 queued',
    });
    expect((await api.get(`/api/v1/notifications/${id}`)).body).toMatchObject({
      incident_id: incident,
      group: 'database',
      priority: 'critical',
      content: { summary: 's' },
      told: [{ fingerprint: 'A', episode: 1, state: 'firing' }],
      carries: [],
      tries: [
        { number: 1, outcome: null, finished_at: null },
        { number: 2, outcome: 'accepted', answer: '250 queued', finished_at: iso(3) },
      ],
    });
    expect((await api.get('/api/v1/notifications/999')).status).toBe(404);
  });

  it('that another one carries shows the message of that one', async () => {
    const incident = await insertIncident(db, []);
    const carrier = await insertNotification(db, incident, { content: { summary: 'all' }, told: [], answer: '250' });
    await insert(db, 'attempt', { notification_id: carrier, number: 1, fence: 1, started_at: at(1) });
    const carried = await insertNotification(db, incident, { carrier_id: carrier, reason: 'merged' });
    const { body } = await api.get(`/api/v1/notifications/${carried}`);
    expect(body).toMatchObject({ carrier_id: carrier, summary: 'all', answer: '250', tries: [{ number: 1 }] });
    expect((await api.get(`/api/v1/notifications/${carrier}`)).body.carries).toEqual([carried]);
  });
});

describe('retrying a notification', () => {
  const retry = (id: string) => api.post(`/api/v1/notifications/${id}/retry`);

  it('that waits makes it due now, and ends the back-off of its destination', async () => {
    await db.query('update destination set retry_at = $1, failures = 4', [at(900)]);
    const id = await insertNotification(db, null, { state: 'pending', reason: 'retry', next_at: at(900) });
    expect((await retry(id)).body).toMatchObject({ state: 'pending', next_at: iso(600) });
    const kept = await db.query('select id from destination where retry_at is not null order by id');
    expect(kept.rows).toEqual([{ id: 2 }, { id: 3 }]);
    expect(api.delivers).toEqual([1]);
  });

  it('that was given up arms what it told, and nothing else, and decides its incident again', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B');
    const incident = await insertIncident(db, ['A', 'B'], { due_at: at(9_000) });
    await undeliverable('A');
    await undeliverable('B');
    await undeliverable('A', 3);
    const id = await insertNotification(db, incident, { state: 'undeliverable', told: [['A', 1, 'firing']] });
    expect((await retry(id)).status).toBe(200);
    expect(await receipts()).toEqual(['1 B', '3 A']);
    expect((await db.query('select due_at from incident')).rows).toEqual([{ due_at: at(600) }]);
    expect(api.due).toEqual([incident]);
    const again = await retry(id);
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain('nothing to try again');
  });

  it('is 409 while it is sent, when it has arrived and for a test message, 403 for a responder', async () => {
    const details: string[] = [];
    for (const state of ['sending', 'accepted', 'cancelled', 'undeliverable']) {
      const answer = await retry(await insertNotification(db, null, { state }));
      expect(answer.status).toBe(409);
      details.push(answer.body.detail);
    }
    expect(details[0]).toContain('being sent just now');
    expect(details[3]).toContain('test message');
    expect((await retry('999')).status).toBe(404);
    expect((await api.post('/api/v1/notifications/1/retry', {}, 'responder')).status).toBe(403);
  });
});

describe('test messages', () => {
  const send = (body: object) => api.post('/api/v1/notifications/test', body);

  it('go to whoever asks, when there is a contact of that name', async () => {
    const none = await send({ me: true });
    expect([none.status, none.body.detail]).toEqual([400, expect.stringContaining('there is no contact')]);
    await db.query(`update contact set name = 'editor-person'`);
    expect((await send({ me: true })).body.results[0]).toMatchObject({ ok: true, remedies: null });
    expect(api.tests).toEqual([{ kind: 'contact', name: 'editor-person', channel: null }]);
    expect((await send({ me: true, contact: 'li.wei' })).status).toBe(400);
  });

  it('go to one contact, robot or alert group, and answer what the provider said', async () => {
    const answer = await send({ contact: 'li.wei', channel: 'email' });
    expect(answer.body.results).toMatchObject([{ destination: 'li.wei@example.org', ok: true, answer: '250 ok' }]);
    await send({ alert_group: 'database' });
    expect(api.tests).toEqual([
      { kind: 'contact', name: 'li.wei', channel: 'email' },
      { kind: 'alert_group', name: 'database', channel: null },
    ]);
  });

  it('say who is unknown, and who cannot be reached', async () => {
    expect((await send({ robot: 'nobody' })).body.errors).toEqual([
      { in: 'body', path: 'robot', message: 'there is no robot of this name' },
    ]);
    const nowhere = await send({ contact: 'li.wei', channel: 'wecom-app' });
    expect(nowhere.body.errors[0].message).toContain('reaches nobody on wecom-app');
    expect((await send({ contact: 'a', robot: 'b' })).status).toBe(400);
    expect((await send({})).status).toBe(400);
  });
});

describe('destinations', () => {
  it('show how they fare', async () => {
    await db.query(`update destination set failures = 2, retry_at = $1, last_failure = '451' where id = 1`, [at(700)]);
    await undeliverable('A', 3);
    await insertNotification(db, null, { state: 'pending', limited_at: at(600), limited_by: 'minute' });
    await db.query('update destination set tokens = 1.5, tokens_at = $1 where id = 1', [at(600)]);
    const { body } = await api.get('/api/v1/destinations?limit=2');
    expect(body.items).toMatchObject([
      { id: '1', state: 'backing_off', failures: 2, retry_at: iso(700), waiting: 1, last_failure: '451' },
      { id: '2', channel: 'outbox', state: 'ok', waiting: 0 },
    ]);
    const limit = { name: 'minute', burst: 5, per_minute: 15, left: 1 };
    expect(body.items[0]).toMatchObject({ rate_limits: [limit], rate_limited: 1, tokens: 1.5 });
    expect(body.items[0]).not.toHaveProperty('shared');
    const rest = await api.get(`/api/v1/destinations?limit=2&cursor=${body.next_cursor}`);
    expect(rest.body.items).toMatchObject([{ id: '3', state: 'given_up', undeliverable: 1 }]);
    expect((await api.get('/api/v1/destinations?channel=email')).body.items).toHaveLength(1);
  });

  it('armed again forget what was given up, and have it decided anew', async () => {
    await insertAlert(db, 'A');
    const incident = await insertIncident(db, ['A']);
    await insertIncident(db, ['A'], { closed_at: at(1) });
    await undeliverable('A');
    await undeliverable('B');
    await undeliverable('A', 3);
    await db.query('update destination set failures = 2, retry_at = $1', [at(700)]);
    const waiting = await insertNotification(db, incident, { state: 'pending', next_at: at(700) });
    const answer = await api.post('/api/v1/destinations/1/rearm');
    expect(answer.body).toMatchObject({
      alerts: 2,
      incidents: [incident],
      destination: { id: '1', state: 'ok', retry_at: null, failures: 0, undeliverable: 0 },
    });
    expect(await receipts()).toEqual(['3 A']);
    const rows = await db.query('select next_at from notification where id = $1', [waiting]);
    expect(rows.rows).toEqual([{ next_at: at(600) }]);
    expect([api.due, api.delivers]).toEqual([[incident], [1]]);
    expect((await api.post('/api/v1/destinations/99/rearm')).status).toBe(404);
  });
});
