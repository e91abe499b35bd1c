import type { Silence } from '../../../src/alert/config.ts';
import { makeMatcher } from '../../../src/matcher/compile.ts';
import { api, at, db, insert, insertAlert, insertIncident, insertNotification, iso, useApi } from './fixture.ts';

useApi();

const steps = async () => (await db.query('select reason, incident_id, detail, at from step order by id')).rows;

describe('the list of incidents', () => {
  it('shows the newest first, page by page, with the numbers of their alerts', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B', { state: 'resolved' });
    await insertAlert(db, 'C', { state: 'resolved', episode: 0 });
    const first = await insertIncident(db, ['A', 'B', 'C']);
    const second = await insertIncident(db, []);
    const page = await api.get('/api/v1/incidents?limit=1');
    expect(page.body.items.map((i: { id: string }) => i.id)).toEqual([second]);
    const next = await api.get(`/api/v1/incidents?limit=1&cursor=${page.body.next_cursor}`);
    expect(next.body).toMatchObject({
      items: [
        {
          id: first,
          group: 'database',
          group_labels: { alertname: 'A' },
          state: 'open',
          opened_at: iso(0),
          closed_at: null,
          alerts: { total: 3, firing: 1, stale: 0, resolved: 1, expired: 0 },
        },
      ],
      next_cursor: null,
    });
  });

  it('shows the worst first if asked to, page by page, with a filter too, and nothing that is closed', async () => {
    for (const name of ['A', 'B', 'C', 'D', 'E']) await insertAlert(db, name);
    const critical = await insertIncident(db, ['A'], { critical: true });
    const older = await insertIncident(db, ['B']);
    const watchdog = await insertIncident(db, ['C'], { lane: 'watchdog' });
    const newer = await insertIncident(db, ['D']);
    await insertIncident(db, ['E'], { critical: true, closed_at: at(2) });
    for (const filter of ['', `&filter=${encodeURIComponent('alertname=~".*"')}`]) {
      const seen: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await api.get(`/api/v1/incidents?order=worst&limit=1${filter}${more}`);
        seen.push(...body.items.map((i: { id: string }) => i.id));
        cursor = body.next_cursor;
      }
      expect(seen).toEqual([watchdog, critical, newer, older]);
    }
  });

  it('keeps to states, alert group and criticality', async () => {
    const open = await insertIncident(db, ['A'], { critical: true });
    const acknowledged = await insertIncident(db, ['B'], { acknowledged_at: at(1), acknowledged_by: 'li.wei' });
    const closed = await insertIncident(db, ['C'], { closed_at: at(2), group_id: 2 });
    const ids = async (query: string) =>
      (await api.get(`/api/v1/incidents?${query}`)).body.items.map((i: { id: string }) => i.id);
    expect(await ids('state=open')).toEqual([open]);
    expect(await ids('state=open&state=acknowledged')).toEqual([acknowledged, open]);
    expect(await ids('state=closed')).toEqual([closed]);
    expect(await ids('group=unrouted')).toEqual([closed]);
    expect(await ids('critical=true')).toEqual([open]);
    expect(await ids('group=nobody')).toEqual([]);
  });

  it('refuses an unknown state, and a cursor that it has not made', async () => {
    expect((await api.get('/api/v1/incidents?state=odd')).status).toBe(400);
    const cursor = Buffer.from('["x"]').toString('base64url');
    expect((await api.get(`/api/v1/incidents?cursor=${cursor}`)).status).toBe(400);
    expect((await api.get(`/api/v1/incidents?order=worst&cursor=${cursor}`)).status).toBe(400);
  });
});

describe('what the list says of an incident', () => {
  const only = async () => (await api.get('/api/v1/incidents')).body.items[0];

  it('is how bad its alerts are that have not ended, those included that are not decided yet', async () => {
    await insertAlert(db, 'A', { labels: { severity: 'critical' } });
    await insertAlert(db, 'B');
    await insertAlert(db, 'C', { state: 'resolved', episode: 0, labels: { severity: 'info' } });
    await insert(db, 'reporter', {
      ...{ source_id: 1, fingerprint: 'C', alert_fingerprint: 'C', annotations: {}, group_key: 'g' },
      ...{ firing_at: at(0), last_seen: at(0), first_seen: at(0) },
    });
    await insertAlert(db, 'D', { state: 'resolved', labels: { severity: 'page' } });
    await insertIncident(db, ['A', 'B', 'C', 'D']);
    expect(await only()).toMatchObject({
      severities: { critical: 1, warning: 1, info: 1 },
      alerts: { total: 4, firing: 2, undecided: 1, resolved: 1 },
    });
  });

  it('is what changed since it last told somebody', async () => {
    await insertAlert(db, 'A', { changed_at: at(10) });
    await insertAlert(db, 'B', { changed_at: at(30) });
    await insertAlert(db, 'C', { changed_at: at(30), state: 'resolved' });
    await insertIncident(db, ['A', 'B', 'C'], { last_flush_at: at(20) });
    expect((await only()).alerts).toMatchObject({ fresh: 1, ended: 1 });
  });

  it('is the summary of the alert that fired last, cut off where it gets long', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B', { since: at(5) });
    for (const [name, annotations] of [
      ['A', { summary: 'the older one' }],
      ['B', { description: 'x'.repeat(1_000) }],
    ] as const) {
      await insert(db, 'reporter', {
        ...{ source_id: 1, fingerprint: name, alert_fingerprint: name, annotations },
        ...{ group_key: 'k', firing_at: at(0), last_seen: at(0) },
      });
    }
    await insertIncident(db, ['A', 'B']);
    expect((await only()).summary).toBe('x'.repeat(300));
  });

  it('is how many of its firing alerts an active silence hides, and until when', async () => {
    await insertAlert(db, 'A');
    await insertAlert(db, 'B', { labels: { alertname: 'B', severity: 'critical' } });
    await insertIncident(db, ['A', 'B']);
    const silence = (from: number, to: number): Silence => ({
      ...{ id: `${from}`, name: null, startsAt: at(from), endsAt: at(to), createdBy: 'li.wei', comment: 'x' },
      recurs: null,
      matchers: [[makeMatcher('severity', '=', 'warning')]],
    });
    api.silences.push(silence(0, 500), silence(700, 9_000));
    expect((await only()).silenced).toEqual({ alerts: 0, ended: 0, until: null });
    api.silences.push(silence(500, 1_000));
    expect((await only()).silenced).toEqual({ alerts: 1, ended: 0, until: iso(1_000) });
  });

  it('is how many have ended whose end a silence keeps from whoever was told of them', async () => {
    const over = { state: 'resolved', ended_at: at(400) };
    for (const name of ['A', 'B']) await insertAlert(db, name, over);
    await insertIncident(db, ['A', 'B']);
    const told = { destination_id: 1, alert_fingerprint: 'A', episode: 1, state: 'firing', told_at: at(300) };
    await insert(db, 'receipt', told);
    api.silences.push({
      ...{ id: '1', name: null, startsAt: at(0), endsAt: at(1_000), createdBy: 'li.wei', comment: 'x', recurs: null },
      matchers: [[makeMatcher('severity', '=', 'warning')]],
    });
    expect((await only()).silenced).toEqual({ alerts: 0, ended: 1, until: iso(1_000) });
  });
});

describe('incidents by matchers', () => {
  const ids = async (...filters: string[]) => {
    const query = filters.map((filter) => `filter=${encodeURIComponent(filter)}`).join('&');
    return (await api.get(`/api/v1/incidents?${query}`)).body.items.map((i: { id: string }) => i.id);
  };

  it('are those with an alert that all matchers match', async () => {
    await insertAlert(db, 'A', { labels: { severity: 'critical', team: 'db' } });
    await insertAlert(db, 'B', { labels: { severity: 'warning', team: 'db' } });
    await insertAlert(db, 'C', { labels: { severity: 'critical', team: 'web' } });
    const both = await insertIncident(db, ['A', 'B']);
    const other = await insertIncident(db, ['C']);
    expect(await ids('team="db"')).toEqual([both]);
    expect(await ids('severity="critical"')).toEqual([other, both]);
    expect(await ids('severity="warning"', 'team=~"d.*"')).toEqual([both]);
    expect(await ids('severity="warning"', 'team="web"')).toEqual([]);
    expect(await ids('cluster=""', 'severity!="critical"')).toEqual([both]);
  });

  it('come page by page, none twice and none left out', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n++) {
      await insertAlert(db, `A${n}`, { labels: { odd: String(n % 2) } });
      made.unshift(await insertIncident(db, [`A${n}`]));
    }
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await api.get(`/api/v1/incidents?limit=2&filter=odd%3D%220%22${after}`);
      seen.push(...body.items.map((i: { id: string }) => i.id));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(made.filter((_, index) => index % 2 === 0));
  });

  it('are refused where a matcher goes wrong', async () => {
    const answer = await api.get('/api/v1/incidents?filter=team%3D~%22(%22');
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, 'filter']);
  });
});

describe('one incident', () => {
  it('shows its alerts, who was told, what is on its way, and why it is due when it is', async () => {
    await insertAlert(db, 'A');
    await insert(db, 'reporter', {
      source_id: 1,
      fingerprint: 'A1',
      alert_fingerprint: 'A',
      annotations: { summary: 'Disk is full' },
      group_key: 'g',
      firing_at: at(0),
      last_seen: at(5),
    });
    const id = await insertIncident(db, ['A'], { due_at: at(900), last_flush_at: at(300) });
    await insert(db, 'thread', { incident_id: id, destination_id: 1, sequence: 2, last_accepted_at: at(301) });
    await insertNotification(db, id, { state: 'pending', sequence: 2, next_at: at(700), answer: '451 later' });
    await insert(db, 'step', {
      at: at(300),
      stage: 'converge',
      reason: 'group_interval',
      incident_id: id,
      detail: { outcome: 'wait', until: at(900) },
    });
    const { body } = await api.get(`/api/v1/incidents/${id}`);
    expect(body).toMatchObject({
      state: 'open',
      members: [{ fingerprint: 'A', state: 'firing', annotations: { summary: 'Disk is full' }, joined_at: iso(0) }],
      threads: [
        { destination: { id: '1', channel: 'email', name: 'li.wei' }, sequence: 2, last_accepted_at: iso(301) },
      ],
      open_notifications: [{ state: 'pending', next_at: iso(700), answer: '451 later' }],
      next_due: { at: iso(900), reason: 'group_interval' },
    });
    expect(body.next_due.text).toContain('group_interval');
  });

  it('is 404 when it is not there', async () => {
    const answer = await api.get('/api/v1/incidents/999');
    expect(answer.status).toBe(404);
    expect(answer.body.detail).toContain('no incident 999');
    expect((await api.get('/api/v1/incidents/abc')).status).toBe(400);
  });
});

describe('acknowledging', () => {
  const path = (id: string) => `/api/v1/incidents/${id}/acknowledge`;
  const stored = async (id: string) => (await db.query('select * from incident where id = $1', [id])).rows[0];

  it('stores who and when, makes the incident due and leaves a step', async () => {
    await insertAlert(db, 'A');
    const id = await insertIncident(db, ['A']);
    const answer = await api.post(path(id), { comment: 'on it' }, 'responder');
    expect(answer.body).toMatchObject({ state: 'acknowledged', acknowledged_by: 'responder-person' });
    expect(await stored(id)).toMatchObject({ acknowledged_at: at(600), acknowledged_critical: false, due_at: at(600) });
    const detail = { by: 'responder-person', comment: 'on it' };
    expect(await steps()).toEqual([{ reason: 'acknowledged', incident_id: id, detail, at: at(600) }]);
    expect(api.due).toEqual([id]);
  });

  it('changes nothing the second time, and needs no body', async () => {
    const id = await insertIncident(db, []);
    await api.post(path(id));
    api.clock.advance(1_000);
    const again = await api.post(path(id));
    expect(again.status).toBe(200);
    expect(again.body.acknowledged_at).toBe(iso(600));
    expect(await steps()).toHaveLength(1);
    expect(api.due).toEqual([id]);
  });

  it('remembers that a critical alert fires, even one that is reported but not decided yet', async () => {
    const labels = { alertname: 'A', severity: 'critical' };
    await insertAlert(db, 'A', { labels, state: 'resolved', episode: 0 });
    const id = await insertIncident(db, ['A']);
    await api.post(path(id));
    expect(await stored(id)).toMatchObject({ acknowledged_critical: false });
    await api.delete(path(id));
    await insert(db, 'reporter', {
      source_id: 1,
      fingerprint: 'A1',
      alert_fingerprint: 'A',
      annotations: {},
      group_key: 'g',
      firing_at: at(0),
      last_seen: at(5),
    });
    await api.post(path(id));
    expect(await stored(id)).toMatchObject({ acknowledged_critical: true });
  });

  it('can be taken back, once', async () => {
    const id = await insertIncident(db, [], {
      acknowledged_at: at(1),
      acknowledged_by: 'x',
      acknowledged_critical: true,
    });
    expect((await api.delete(path(id))).body).toMatchObject({ state: 'open', acknowledged_by: null });
    expect((await api.delete(path(id))).status).toBe(200);
    expect(await stored(id)).toMatchObject({ acknowledged_critical: null, due_at: at(600) });
    expect(await steps()).toMatchObject([{ detail: { by: 'editor-person', taken_back: true } }]);
    expect(api.due).toEqual([id]);
  });

  it('is 409 for a closed incident, 404 for none, 403 for a viewer', async () => {
    const id = await insertIncident(db, [], { closed_at: at(5) });
    const closed = await api.post(path(id));
    expect(closed.status).toBe(409);
    expect(closed.body.detail).toContain(iso(5));
    expect((await api.delete(path(id))).status).toBe(409);
    expect((await api.post(path('999'))).status).toBe(404);
    expect((await api.post(path(id), {}, 'viewer')).status).toBe(403);
    expect(api.due).toEqual([]);
  });
});
