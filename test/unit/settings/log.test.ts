import { createLogger, redactUrl } from '../../../src/log.ts';

function lines(
  format: 'json' | 'text' | 'auto',
  work: (log: ReturnType<typeof createLogger>) => void,
  isTTY = false,
): string {
  let all = '';
  const out = {
    isTTY,
    write: (line: string) => {
      all += line;
    },
  };
  work(createLogger({ level: 'info', format, out }));
  return all;
}

describe('redactUrl', () => {
  it.each([
    [
      'https://q/cgi-bin/message/send?access_token=abc&debug=1',
      'https://q/cgi-bin/message/send?access_token=***&debug=1',
    ],
    ['GET /gettoken?corpid=ww1&corpsecret=s3cret failed', 'GET /gettoken?corpid=ww1&corpsecret=*** failed'],
    ['https://q/cgi-bin/webhook/send?key=693a-1', 'https://q/cgi-bin/webhook/send?key=***'],
    ['postgres://user:pa@ss@db:5432/x', 'postgres://user:***@db:5432/x'],
    ['redis://:pw@h:1 and smtp://u:p@m', 'redis://:***@h:1 and smtp://u:***@m'],
    ['https://token@host/x', 'https://***@host/x'],
    ['POST /api/v1/webhooks/alertmanager/tok-1?x=1', 'POST /api/v1/webhooks/alertmanager/***?x=1'],
    ['Authorization: Bearer abcdefgh.ijk', 'Authorization: Bearer ***'],
  ])('masks %s', (text, masked) => {
    expect(redactUrl(text)).toBe(masked);
  });

  it.each(['http://host:8080/path?to=a@b.c', 'li.wei@example.org', 'key=value', '/api/v1/webhooks/alertmanager'])(
    'leaves %s as it is',
    (text) => {
      expect(redactUrl(text)).toBe(text);
    },
  );
});

describe('the log', () => {
  const secret = 'hunter2-hunter2';

  it('is one JSON object a line, with the time and the level as words', () => {
    const text = lines('json', (log) => log.info({ incident: 7, groupKey: 'g' }, 'hello'));
    expect(JSON.parse(text)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      incident: 7,
      groupKey: 'g',
      msg: 'hello',
    });
    expect(text.endsWith('\n')).toBe(true);
  });

  it.each(['json', 'text'] as const)('holds no secret as %s, wherever it is', (format) => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const text = lines(format, (log) => {
      log.info({ token: secret, req: { headers: { authorization: secret, cookie: secret } } }, 'a');
      log.info({ settings: [{ smtp_password: secret, wecom: { secret, adminToken: secret } }], key: secret }, 'b');
      log.info(`connecting to redis://:${secret}@host`);
      log.child({ robot_key: secret }).info('c');
      log.error(
        { err: Object.assign(new Error(`POST https://q/send?access_token=${secret}`), { password: secret }) },
        'd',
      );
      log.error({ err: new Error('outer', { cause: new Error(`smtp://u:${secret}@h`) }) }, 'e');
      log.info(circular, 'f');
    });
    expect(text).not.toContain(secret);
    expect(text).toContain('***');
    expect(text).toContain('outer');
  });

  it('leaves out what is below its level', () => {
    expect(lines('json', (log) => log.debug('quiet'))).toBe('');
  });

  it('is text for people on a terminal, with the stack of an error under it', () => {
    const text = lines('auto', (log) => log.warn({ err: new Error('oh'), channel: 'email' }, 'failed'), true);
    expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}failed channel=email\n {2}Error: oh\n {6}at /);
    expect(lines('auto', (log) => log.info('x'))).toMatch(/^\{/);
  });
});
