import { scanLimit } from '../../../src/incidents/alerts.ts';
import { api, at, db, insert, insertAlert, insertIncident, iso, useApi } from './fixture.ts';

useApi();

const reporter = (change: Record<string, unknown>) =>
  insert(db, 'reporter', {
    source_id: 1,
    annotations: {},
    group_key: 'g',
    firing_at: at(0),
    last_seen: at(5),
    ...change,
  });
const found = async (query: string) =>
  (await api.get(`/api/v1/alerts?${query}`)).body.items.map((a: { fingerprint: string }) => a.fingerprint);

describe('the list of alerts', () => {
  it('goes page by page in the order of fingerprints', async () => {
    for (const name of ['B', 'A', 'C']) await insertAlert(db, name);
    const first = await api.get('/api/v1/alerts?limit=2');
    expect(first.body.items.map((a: { fingerprint: string }) => a.fingerprint)).toEqual(['A', 'B']);
    const second = await api.get(`/api/v1/alerts?limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body.items.map((a: { fingerprint: string }) => a.fingerprint)).toEqual(['C']);
    expect(second.body.next_cursor).toBeNull();
  });

  it('keeps to states, alert group and incident', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B', { state: 'stale' });
    await insertAlert(db, 'C', { state: 'expired' });
    const id = await insertIncident(db, ['A', 'C']);
    expect(await found('state=firing')).toEqual(['A']);
    expect(await found('state=stale&state=expired')).toEqual(['B', 'C']);
    expect(await found('group=database')).toEqual(['A', 'C']);
    expect(await found(`incident=${id}&state=expired`)).toEqual(['C']);
  });

  it("keeps to all filters in Alertmanager's syntax, and says where one is wrong", async () => {
    await insertAlert(db, 'A', { labels: { alertname: 'Disk', team: 'db' } });
    await insertAlert(db, 'B', { labels: { alertname: 'Disk' } });
    const query = (...filters: string[]) => filters.map((f) => `filter=${encodeURIComponent(f)}`).join('&');
    expect(await found(query('alertname=~"Di.*"'))).toEqual(['A', 'B']);
    expect(await found(query('alertname=Disk', 'team=""'))).toEqual(['B']);
    const wrong = await api.get(`/api/v1/alerts?${query('team=db', 'team=~"("')}`);
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors[0].path).toBe('filter[1]');
  });

  it('shows what was heard last, and whether it is critical', async () => {
    await insertAlert(db, 'A', { labels: { severity: 'critical' } });
    await reporter({ fingerprint: '1', alert_fingerprint: 'A', annotations: { summary: 'old' }, last_seen: at(1) });
    await reporter({ fingerprint: '2', alert_fingerprint: 'A', annotations: { summary: 'new' }, last_seen: at(2) });
    const { body } = await api.get('/api/v1/alerts');
    expect(body.items[0]).toMatchObject({ annotations: { summary: 'new' }, critical: true, since: iso(0) });
  });

  it('looks at a bounded number of alerts, and goes on with the cursor even from an empty page', async () => {
    await db.query(
      `insert into alert (fingerprint, labels, lane, since, changed_at, first_seen, routed_version)
       select lpad(n::text, 16, '0'), jsonb_build_object('n', n::text), 'normal', $1, $1, $1, 1
       from generate_series(1, $2::int) n`,
      [at(0), scanLimit + 10],
    );
    const filter = encodeURIComponent(`n="${scanLimit + 5}"`);
    const first = await api.get(`/api/v1/alerts?filter=${filter}`);
    expect(first.body.items).toEqual([]);
    const second = await api.get(`/api/v1/alerts?filter=${filter}&cursor=${first.body.next_cursor}`);
    expect(second.body.items).toHaveLength(1);
    expect(second.body.next_cursor).toBeNull();
  });

  it('finds the alerts of an alert group, whether it has a few incidents or hundreds', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B');
    await insertIncident(db, ['A']);
    await insertIncident(db, ['B'], { group_id: 2 });
    const found = async () =>
      (await api.get('/api/v1/alerts?group=database')).body.items.map((a: { fingerprint: string }) => a.fingerprint);
    expect(await found()).toEqual(['A']);
    await db.query(
      `insert into incident (group_id, group_key, group_labels, lane, opened_at, closed_at, decided_version)
       select 1, n::text, '{}', 'normal', $1, $1, 1 from generate_series(1, 400) n`,
      [at(0)],
    );
    expect(await found()).toEqual(['A']);
  });
});

describe('one alert', () => {
  it('shows who said what, its incidents, and who was told', async () => {
    await insertAlert(db, 'A');
    await reporter({ fingerprint: '1', alert_fingerprint: 'A', resolved_at: at(9), last_seen: at(9) });
    await reporter({ fingerprint: '2', alert_fingerprint: 'A', source_id: 2, replica_labels: { replica: 'b' } });
    const id = await insertIncident(db, ['A']);
    await insert(db, 'receipt', {
      destination_id: 3,
      alert_fingerprint: 'A',
      episode: 1,
      state: 'firing',
      told_at: at(40),
    });
    const { body } = await api.get('/api/v1/alerts/A');
    expect(body).toMatchObject({
      fingerprint: 'A',
      state: 'firing',
      reporters: [
        { source: 'az-a', site: 'a', says: 'resolved', resolved_at: iso(9) },
        { source: 'az-b', says: 'firing', replica_labels: { replica: 'b' } },
      ],
      incidents: [{ id, group: 'database', joined_at: iso(0), left_at: null }],
      receipts: [{ destination: { channel: 'wecom-robot', name: 'ops' }, state: 'firing', told_at: iso(40) }],
    });
  });

  it('is 404 with what may be meant', async () => {
    const unknown = await api.get('/api/v1/alerts/0000000000000000');
    expect(unknown.status).toBe(404);
    expect(unknown.body.detail).toContain('GET /api/v1/alerts?filter=');
    await insertAlert(db, 'A');
    await reporter({ fingerprint: 'full', alert_fingerprint: 'A' });
    expect((await api.get('/api/v1/alerts/full')).body.detail).toContain('Its alert is A.');
  });
});

describe('the quarantine', () => {
  it('shows the newest first, of one source if asked', async () => {
    const row = { received_at: at(1), reason: 'startsAt is no time', excerpt: '{"startsAt":"x"}' };
    const first = await insert(db, 'quarantine', { source_id: 1, ...row });
    const second = await insert(db, 'quarantine', { source_id: 2, ...row });
    const { body } = await api.get('/api/v1/quarantine');
    expect(body.items.map((q: { id: string }) => q.id)).toEqual([second, first]);
    expect(body.items[1]).toEqual({ id: first, source: 'az-a', ...row, received_at: iso(1) });
    expect((await api.get('/api/v1/quarantine?source=az-b')).body.items).toHaveLength(1);
  });
});

describe('the status', () => {
  it('says what the service is and what it holds', async () => {
    await insertAlert(db, 'A');
    await insertIncident(db, ['A'], { acknowledged_at: at(1) });
    await insert(db, 'notification', {
      destination_id: 1,
      sequence: 1,
      state: 'pending',
      reason: 'opened',
      created_at: at(500),
      next_at: at(510),
    });
    expect((await api.get('/api/v1/status')).body).toEqual({
      site: 'hq',
      version: '0.1.0',
      engine: 'pglite',
      queue: 'postgres',
      started_at: iso(0),
      uptime_seconds: 600,
      config_version: 7,
      channels: [
        { name: 'email', configured: true, in_outbox: 0 },
        { name: 'wecom-app', configured: false, in_outbox: 1 },
      ],
      emergency_contacts: 1,
      outgoing_heartbeat: { last_sent_at: iso(540), withheld: [], failing_channels: [], failure: null },
      counts: {
        open_incidents: 1,
        acknowledged_incidents: 1,
        firing_alerts: 1,
        due_notifications: 1,
        oldest_due_age_seconds: 100,
      },
    });
  });
});
