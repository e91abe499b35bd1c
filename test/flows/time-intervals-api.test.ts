/** The API of time intervals, and of silences that recur by them. */
import { adminToken, startService, type TestService } from '../support/service.ts';

let s: TestService;
beforeEach(async () => {
  s = await startService();
});
afterEach(() => s.stop());

type Body = Record<string, unknown>;
const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${s.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const api = <T = Body>(method: string, path: string, body?: unknown) => s.api<T>(method, `/api/v1/${path}`, body);
/** Status, and what is wrong where. */
const refused = async (answer: Promise<Response>) => {
  const { status, body } = await answer.then(async (a) => ({ status: a.status, body: (await a.json()) as Body }));
  const errors = (body['errors'] as { path: string; message: string }[] | undefined) ?? [];
  return { status, detail: body['detail'], errors: errors.map((e) => `${e.path}: ${e.message}`) };
};

const interval = (name: string, start_time = '22:00', end_time = '24:00') => ({
  name,
  time_intervals: [{ times: [{ start_time, end_time }], location: 'Asia/Shanghai' }],
});
const silence = (...time_intervals: string[]) => ({
  matchers: ['team="batch"'],
  duration: '7d',
  comment: 'batch jobs',
  time_intervals,
});

describe('a time interval', () => {
  it('is refused with the field and a sentence that helps', async () => {
    const over = {
      name: 'over',
      time_intervals: [{ times: [{ start_time: '22:00', end_time: '06:00' }], weekdays: [] }],
    };
    expect(await refused(call('POST', 'time-intervals', over))).toMatchObject({
      status: 400,
      errors: [
        'time_intervals[0].times[0].end_time: must lie after start_time; what goes on past midnight is two times: one until 24:00, and one from 00:00',
        'time_intervals[0].weekdays: an empty list would fit at no time: leave it out for any time',
      ],
    });
    expect(await refused(call('POST', 'time-intervals', { name: 'none', time_intervals: [] }))).toMatchObject({
      errors: ['time_intervals: at least one entry: without any it would never be active'],
    });
  });

  it('shows whether it is active and when that changes, and its ETag follows', async () => {
    s.clock.set('2026-01-05T13:00:00Z');
    await api('POST', 'time-intervals', interval('evening'));
    const first = await call('GET', 'time-intervals/evening');
    const etag = first.headers.get('etag') as string;
    expect(await first.json()).toMatchObject({ active_now: false, next_change_at: '2026-01-05T14:00:00.000Z' });
    const again = () => call('GET', 'time-intervals/evening', undefined, { 'if-none-match': etag });
    expect((await again()).status).toBe(304);
    s.clock.set('2026-01-05T14:00:00Z');
    const second = await again();
    expect([second.status, await second.json()]).toMatchObject([
      200,
      { active_now: true, next_change_at: '2026-01-05T16:00:00.000Z', version: 1 },
    ]);
    // Time has gone by, and nobody has edited it.
    expect((await call('PUT', 'time-intervals/evening', interval('evening'), { 'if-match': etag })).status).toBe(200);
    expect((await call('PUT', 'time-intervals/evening', interval('evening'), { 'if-match': etag })).status).toBe(412);
  });

  it('can be neither removed nor renamed while a silence that goes on refers to it', async () => {
    await api('POST', 'time-intervals', interval('used'));
    const { id } = await api('POST', 'silences', silence('used'));
    const removed = await refused(call('DELETE', 'time-intervals/used'));
    expect(removed).toMatchObject({ status: 409, detail: expect.stringContaining('silences/{team="batch"} until') });
    expect((await call('PUT', 'time-intervals/used', interval('renamed'))).status).toBe(409);
    expect((await call('PUT', 'time-intervals/used', interval('used', '21:00'))).status).toBe(200);
    await api('POST', `silences/${String(id)}/expire`);
    expect((await call('DELETE', 'time-intervals/used')).status).toBe(204);
    // The silence that has ended still names it, and stands in nobody's way.
    expect((await call('POST', 'apply', { contacts: [{ name: 'after' }] })).status).toBe(200);
    expect(await api('GET', `silences/${String(id)}`)).toMatchObject({ time_intervals: ['used'], active_now: false });
  });

  it('comes back when it is restored, also after it was deleted', async () => {
    await api('POST', 'time-intervals', interval('back'));
    await api('PUT', 'time-intervals/back', interval('back', '20:00'));
    await api('POST', 'time-intervals/back/versions/1/restore');
    await api('DELETE', 'time-intervals/back');
    expect(await api('POST', 'time-intervals/back/versions/2/restore')).toMatchObject({
      ...interval('back', '20:00'),
      version: 5,
    });
    expect(await refused(call('POST', 'time-intervals/back/versions/9/restore'))).toMatchObject({ status: 404 });
  });

  it('that apply manages is edited by hand only after it was unlocked', async () => {
    await api('POST', 'apply', { time_intervals: [interval('managed')] });
    expect((await call('PUT', 'time-intervals/managed', interval('managed', '20:00'))).status).toBe(409);
    await api('POST', 'time-intervals/managed/unlock');
    expect(await api('PUT', 'time-intervals/managed', interval('managed', '20:00'))).toMatchObject({ unlocked: true });
    const exported = await api('GET', 'export');
    expect(await api('POST', 'apply', exported)).toMatchObject({ changes: [] });
    expect(await api('POST', 'apply', { time_intervals: [interval('managed')] })).toMatchObject({
      changes: [{ action: 'update', kind: 'time_intervals', name: 'managed' }],
      warnings: [expect.stringContaining('apply takes it back')],
    });
  });

  it('and the silence that recurs by it come and go with one document', async () => {
    const night = interval('together');
    const named = { ...silence('together'), name: 'together', duration: '1d' };
    const changes = async (document: Body) =>
      (await api<{ changes: Body[] }>('POST', 'apply', document)).changes.map((c) => `${c['action']} ${c['kind']}`);
    expect(await changes({ silences: [named], time_intervals: [night] })).toContain('create silences');
    expect(await changes({ silences: [{ ...named, time_intervals: [] }] })).toEqual(['update silences']);
    expect(await changes({ silences: [named] })).toEqual(['update silences']);
    expect(await refused(call('POST', 'apply', { time_intervals: [] }))).toMatchObject({
      status: 409,
      errors: ['silences[together].time_intervals: "together" is not in time_intervals'],
    });
    expect(await changes({ silences: [], time_intervals: [] })).toEqual(['delete silences', 'delete time_intervals']);
  });
});

describe('a silence that recurs', () => {
  it('is refused with the field when an interval is not there', async () => {
    expect(await refused(call('POST', 'silences', silence('nowhere')))).toMatchObject({
      status: 409,
      errors: ['time_intervals: "nowhere" is not in time_intervals'],
    });
  });

  it('is active from its start to its end, and says whether it hides now and when that changes', async () => {
    s.clock.set('2026-01-05T13:00:00Z');
    await api('POST', 'time-intervals', interval('late'));
    const made = await call('POST', 'silences', silence('late', 'late'));
    const etag = made.headers.get('etag') as string;
    const body = (await made.json()) as Body;
    expect(body).toMatchObject({
      time_intervals: ['late'],
      state: 'active',
      active_now: false,
      next_change_at: '2026-01-05T14:00:00.000Z',
    });
    const path = `silences/${String(body['id'])}`;
    s.clock.set('2026-01-05T14:30:00Z');
    const then = await call('GET', path, undefined, { 'if-none-match': etag });
    expect([then.status, await then.json()]).toMatchObject([
      200,
      { state: 'active', active_now: true, next_change_at: '2026-01-05T16:00:00.000Z' },
    ]);
    await api('PUT', 'time-intervals/late', interval('late', '22:00', '23:00'));
    const list = await api<{ items: Body[] }>('GET', 'silences?limit=500');
    expect(list.items.find((one) => one['id'] === body['id'])).toMatchObject({
      active_now: true,
      next_change_at: '2026-01-05T15:00:00.000Z',
    });
    // What is shown can be sent back.
    const shown = await api('GET', path);
    expect(await api('PUT', path, { ...shown, comment: 'longer' })).toMatchObject({ version: 2, comment: 'longer' });
    expect(await api('POST', `${path}/expire`)).toMatchObject({
      state: 'expired',
      active_now: false,
      next_change_at: null,
    });
  });

  it('says in its version that it cannot be restored without its interval', async () => {
    await api('POST', 'time-intervals', interval('gone'));
    const { id } = await api('POST', 'silences', silence('gone'));
    await api('PUT', `silences/${String(id)}`, silence());
    await api('DELETE', 'time-intervals/gone');
    const answer = await refused(call('POST', `silences/${String(id)}/versions/1/restore`));
    expect(answer).toMatchObject({ status: 409, detail: expect.stringContaining('"gone" is not in time_intervals') });
  });

  it('that does not recur says the same as ever', async () => {
    const made = await api('POST', 'silences', silence());
    expect(made).toMatchObject({
      time_intervals: [],
      state: 'active',
      active_now: true,
      next_change_at: made['ends_at'],
    });
  });
});
