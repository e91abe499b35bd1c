import { api, db, insert, insertAlert, insertIncident, insertNotification, useApi } from './fixture.ts';

useApi();

const audited = async () =>
  (await db.query('select who, action, kind, key, comment from audit order by id')).rows.map((row) =>
    Object.values(row).join(' ').trim(),
  );

describe('the audit log', () => {
  it('knows who acknowledged, with what words, and who took it back; once each', async () => {
    await insertAlert(db, 'A');
    const id = await insertIncident(db, ['A']);
    const path = `/api/v1/incidents/${id}/acknowledge`;
    await api.post(path, { comment: 'on it' }, 'responder');
    await api.post(path, {}, 'admin');
    await api.delete(path, 'editor');
    expect(await audited()).toEqual([
      `responder-person acknowledge incidents ${id} on it`,
      `editor-person take-back incidents ${id}`,
    ]);
  });

  it('knows who tried again, and nothing of a try that was refused', async () => {
    const waits = await insertNotification(db, null, { state: 'pending', reason: 'retry', next_at: new Date(0) });
    const arrived = await insertNotification(db, null, { state: 'accepted' });
    expect((await api.post(`/api/v1/notifications/${arrived}/retry`)).status).toBe(409);
    await api.post(`/api/v1/notifications/${waits}/retry`);
    await api.post('/api/v1/destinations/1/rearm');
    expect(await audited()).toEqual([
      `editor-person retry notifications ${waits}`,
      'editor-person rearm destinations 1',
    ]);
  });

  it('knows who sent which test message', async () => {
    await insert(db, 'robot', { name: 'ops', key: 'k', locale: 'en', timezone: 'UTC', updated_at: new Date(0) });
    await api.post('/api/v1/notifications/test', { contact: 'li.wei' });
    await api.post('/api/v1/notifications/test', { robot: 'ops' });
    await api.post('/api/v1/notifications/test', { contact: 'nobody' });
    expect(await audited()).toEqual(['editor-person test-send contacts li.wei', 'editor-person test-send robots ops']);
  });
});
