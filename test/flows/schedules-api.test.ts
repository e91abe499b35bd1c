/** The API of schedules: what is refused, who is on call when, and the calendar that programs follow. */
import { adminToken, startService, type TestService } from '../support/service.ts';

let s: TestService;
beforeEach(async () => {
  s = await startService();
  for (const name of ['ann', 'bob']) await api('POST', 'contacts', { name, email: `${name}@example.org` });
  await api('POST', 'schedules', rota);
});
afterEach(() => s.stop());

type Body = Record<string, unknown>;
const rota = {
  name: '数据库 a/b',
  timezone: 'Asia/Shanghai',
  layers: [{ contacts: ['ann', 'bob'], unit: 'week', hand_over: '09:00', starts: '2026-01-05' }],
};
const path = `schedules/${encodeURIComponent(rota.name)}`;
const call = (method: string, at: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${s.url}/api/v1/${at}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const api = <T = Body>(method: string, at: string, body?: unknown) => s.api<T>(method, `/api/v1/${at}`, body);
const faults = async (body: Body) => {
  const answer = await call('POST', 'schedules', { name: 'x', ...body });
  const { errors = [] } = (await answer.json()) as { errors?: { path: string; message: string }[] };
  return [answer.status, ...errors.map((e) => `${e.path}: ${e.message}`)];
};
const layer = (more: Body) => ({ layers: [{ ...rota.layers[0], ...more }] });

describe('a schedule', () => {
  it.each([
    [layer({ contacts: [] }), 400, 'layers[0].contacts: at least one contact'],
    [layer({ hand_over: '24:00' }), 400, 'layers[0].hand_over: not a time of day'],
    [layer({ starts: '2026-02-29' }), 400, 'layers[0].starts: not a date'],
    [layer({ unit: 'day', weekday: 'monday' }), 400, 'layers[0].weekday: only where turns are weeks'],
    [layer({ every: 53 }), 400, 'layers[0].every: at most 52 weeks'],
    [layer({ only: [] }), 400, 'layers[0].only: an empty list would fit at no time'],
    [layer({ only: [{ location: 'UTC' }] }), 400, 'layers[0].only[0].location: unknown key'],
    [layer({ contacts: ['nobody'] }), 409, 'layers: "nobody" is not in contacts'],
    [{ timezone: 'Mars/Olympus' }, 400, 'timezone: not an IANA time zone'],
    [
      { overrides: [{ contact: 'ann', starts_at: '2026-01-06T00:00:00Z', ends_at: '2026-01-06T00:00:00Z' }] },
      ...([400, 'overrides[0].ends_at: must lie after starts_at'] as const),
    ],
  ])('is refused with the field and a sentence that helps: %j', async (body, status, message) => {
    expect(await faults(body)).toEqual([status, expect.stringContaining(message)]);
  });

  it('hands weeks over on the weekday on which they begin, unless it says another', async () => {
    expect(await api('GET', path)).toMatchObject({ layers: [{ weekday: 'monday', every: 1 }], overrides: [] });
  });
});

describe('the shifts of a schedule', () => {
  it('are listed from now for two weeks, or as asked', async () => {
    const [from, to] = ['2026-01-10T00:00:00.000Z', '2026-01-14T00:00:00.000Z'];
    expect(await api('GET', `${path}/shifts?from=${from}&to=${to}`)).toMatchObject({
      from,
      to,
      items: [
        { contact: 'ann', starts_at: from, ends_at: '2026-01-12T01:00:00.000Z' },
        { contact: 'bob', starts_at: '2026-01-12T01:00:00.000Z', ends_at: to },
      ],
    });
    const usual = await api<{ from: string; to: string }>('GET', `${path}/shifts`);
    expect(Date.parse(usual.to) - Date.parse(usual.from)).toBe(14 * 24 * 3_600_000);
  });

  it.each([
    ['from=2026-01-10T00:00:00Z&to=2026-01-10T00:00:00Z', 400],
    ['from=2026-01-01T00:00:00Z&to=2026-04-04T00:00:00Z', 400],
    ['from=tomorrow', 400],
    ['from=2026-01-01T00:00:00Z&to=2026-04-03T00:00:00Z', 200],
  ])('are asked for within bounds: %s', async (query, status) => {
    expect((await call('GET', `${path}/shifts?${query}`)).status).toBe(status);
  });

  it('are those of a schedule that is there', async () => {
    expect((await call('GET', 'schedules/none/shifts')).status).toBe(404);
    expect((await call('GET', 'schedules/none/calendar.ics')).status).toBe(404);
  });
});

describe('the calendar of a schedule', () => {
  const asked = (authorization: string) =>
    fetch(`${s.url}/api/v1/${path}/calendar.ics`, { headers: { authorization, accept: 'text/calendar, */*;q=0.9' } });
  const basic = (password: string) => `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`;

  it('is read by a calendar program, with an API token as the password', async () => {
    const { token } = await api<{ token: string }>('POST', 'tokens', {
      name: 'cal',
      role: 'viewer',
      scopes: ['schedules'],
    });
    const answer = await asked(basic(token));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8']);
    const text = await answer.text();
    expect(text).toContain('X-WR-CALNAME:数据库 a/b\r\n');
    expect(text).toContain('DTSTART:20260105T010000Z\r\nDTEND:20260112T010000Z\r\nSUMMARY:ann (数据库 a/b)\r\n');
    expect((await asked(`Bearer ${token}`)).status).toBe(200);
  });

  it('is for nobody else, and basic authentication for nothing else', async () => {
    expect((await asked(basic('wrong-token-0123456789'))).status).toBe(401);
    const elsewhere = await fetch(`${s.url}/api/v1/${path}`, { headers: { authorization: basic(adminToken) } });
    expect(elsewhere.status).toBe(401);
  });
});
