import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createEmailChannel } from '../../../src/channels/email/channel.ts';
import type { EmailSettings } from '../../../src/channels/email/config.ts';
import { type SmtpOptions, type SmtpServer, startSmtp } from '../../support/smtp.ts';
import { freePort } from '../../support/wait.ts';
import { failureOf } from './no-secrets.ts';
import { everyKind, messageOf, partOf } from './samples.ts';

const password = 'geheim&streng';
const to = { address: 'li.wei@example.org', messageId: '<mm.0123456789abcdef@mm.example.org>', repeat: false };
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function channelFor(url: string, changes: Partial<EmailSettings> = {}) {
  const settings = {
    url,
    from: 'Monitor Manager <mm@example.org>',
    ca: null,
    requireTls: 'auto',
    maxConnections: 2,
  } as const;
  const channel = createEmailChannel({ ...settings, rateLimits: [], ...changes });
  cleanups.push(() => channel.close());
  return channel;
}

async function serverWith(options: SmtpOptions = {}): Promise<SmtpServer> {
  const smtp = await startSmtp(options);
  cleanups.push(() => smtp.stop());
  return smtp;
}

const withPassword = (port: number) => `smtp://user:${encodeURIComponent(password)}@127.0.0.1:${port}`;
const failingAt = async (port: number, changes: Partial<EmailSettings> = {}) => {
  const channel = channelFor(withPassword(port), changes);
  return failureOf(channel.send(channel.render(messageOf()), to), [password]);
};

/** An SMTP server of few words that `after` a step does something else than answer. */
async function wordyServer(after: 'connect' | 'DATA' | 'dot', misbehave: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    if (after === 'connect') return misbehave(socket);
    socket.write('220 ready\r\n');
    let inData = false;
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      if (inData) {
        if (text.endsWith('\r\n.\r\n')) misbehave(socket);
      } else if (text.startsWith('DATA')) {
        inData = true;
        if (after === 'DATA') misbehave(socket);
        else socket.write('354 go on\r\n');
      } else socket.write('250 ok\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

describe('a mail', () => {
  it('arrives with its identity, its thread and the headers of automatic mail', async () => {
    const smtp = await serverWith({ auth: { user: 'user', password } });
    const channel = channelFor(smtp.url);
    const answer = await channel.send(channel.render(messageOf()), to);
    expect(answer.text).toContain('250');
    const [mail] = smtp.mails;
    expect(mail?.to).toEqual(['li.wei@example.org']);
    expect(mail?.messageId).toBe(to.messageId);
    expect(mail?.headers).toMatchObject({
      'in-reply-to': '<mm.thread.fedcba@mm.example.org>',
      references: '<mm.thread.fedcba@mm.example.org>',
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      'list-id': 'Monitor Manager <monitor-manager.example.org>',
      'x-monitor-manager-incident': '1042',
      'x-priority': '1 (Highest)',
    });
    expect(mail?.subject).toBe('[FIRING:8] CRITICAL ReplicationStopped (cluster=prod-a)');
    expect(mail?.text).toMatch(/^\+3 new, −2 resolved, 5 still firing/);
    expect(mail?.raw.indexOf('text/plain')).toBeLessThan(mail?.raw.indexOf('text/html') ?? 0);
    expect(mail?.headers['x-monitor-manager-possible-repeat']).toBeUndefined();
    // RFC 5322, section 3.3; parsers forgive other forms, spam filters do not.
    expect(mail?.raw).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000\r$/m);
  });

  it('is the same, byte by byte, on a repeat, but for one header that says so', async () => {
    const smtp = await serverWith();
    const channel = channelFor(smtp.url);
    const content = channel.render(messageOf());
    await channel.send(content, to);
    // As it comes back from its row, which need not keep the order of keys.
    const stored = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(content))).reverse()) as typeof content;
    await channel.send(stored, { ...to, repeat: true });
    const [first, second] = smtp.mails.map((mail) => mail.raw);
    expect(second).toContain('X-Monitor-Manager-Possible-Repeat: yes\r\n');
    expect(second?.replace('X-Monitor-Manager-Possible-Repeat: yes\r\n', '')).toBe(first);
  });

  it('in Chinese arrives as it was written', async () => {
    const smtp = await serverWith();
    const channel = channelFor(smtp.url);
    await channel.send(channel.render(messageOf(everyKind()['lost'], { locale: 'zh-CN' })), to);
    expect(smtp.mails[0]?.subject).toBe('[监控失联] prom-a（az-a）');
    expect(smtp.mails[0]?.text).toContain('监控失联：来源 az-a 的心跳 prom-a 自 03:12:05 起中断');
  });

  it('gets no header and no recipient from a hostile label or address', async () => {
    const smtp = await serverWith();
    const channel = channelFor(smtp.url);
    const evil = 'x\r\nBcc: evil@example.org\r\nX-Evil: 1';
    const part = partOf({ incidentId: evil, group: evil, groupLabels: { alertname: evil } });
    await channel.send(channel.render(messageOf([part])), to);
    expect(smtp.mails[0]?.to).toEqual(['li.wei@example.org']);
    expect(smtp.mails[0]?.headers['bcc']).toBeUndefined();
    expect(smtp.mails[0]?.headers['x-evil']).toBeUndefined();
    const twice = { ...to, address: 'a@example.org, b@example.org' };
    await failureOf(channel.send(channel.render(messageOf()), twice), []).catch(() => {});
    expect(smtp.mails.slice(1).flatMap((mail) => mail.to)).not.toContain('b@example.org');
  });

  it('goes out over a new connection when the server closed the old one', async () => {
    const smtp = await serverWith();
    const channel = channelFor(smtp.url);
    await channel.send(channel.render(messageOf()), to);
    await smtp.stopListening();
    await smtp.listenAgain();
    await channel.send(channel.render(messageOf()), { ...to, messageId: '<second@mm.example.org>' });
    expect(smtp.mails).toHaveLength(2);
  });
});

describe('a mail that is refused', () => {
  it.each([
    ['451 at RCPT', { at: 'rcpt', code: 451 }, 'transient', 'provider_error'],
    ['421 at RCPT', { at: 'rcpt', code: 421 }, 'transient', 'provider_busy'],
    ['503 at RCPT', { at: 'rcpt', code: 503 }, 'transient', 'provider_error'],
    ['550 at RCPT', { at: 'rcpt', code: 550, text: '5.1.1 no such user' }, 'permanent', 'bad_recipient'],
    [
      '554 at RCPT for relaying',
      { at: 'rcpt', code: 554, text: '5.7.1 relay access denied' },
      'permanent',
      'not_allowed',
    ],
    ['553 at MAIL', { at: 'mail', code: 553, text: 'sender address rejected' }, 'config', 'not_allowed'],
    ['530 at MAIL', { at: 'mail', code: 530, text: 'authentication required' }, 'config', 'bad_credentials'],
    ['452 after the dot', { at: 'data', code: 452 }, 'transient', 'provider_error'],
    ['554 after the dot', { at: 'data', code: 554, text: 'spam' }, 'permanent', 'bad_content'],
    ['421 greeting', { at: 'connect', code: 421, text: 'too busy' }, 'transient', 'provider_busy'],
    ['554 greeting', { at: 'connect', code: 554, text: '5.7.1 blocked' }, 'config', 'not_allowed'],
  ] as const)('with %s is %s', async (_name, fault, kind, reason) => {
    const smtp = await serverWith();
    smtp.failNext(1, fault);
    const channel = channelFor(smtp.url);
    const error = await failureOf(channel.send(channel.render(messageOf()), to), [password]);
    expect([error.kind, error.reason]).toEqual([kind, reason]);
    expect(error.answer).toContain(String(fault.code));
  });

  it('with a wrong password is a matter of settings', async () => {
    const smtp = await serverWith({ auth: { user: 'user', password: 'another' } });
    const error = await failingAt(smtp.port);
    expect([error.kind, error.reason]).toEqual(['config', 'bad_credentials']);
    expect(error.remedy).toContain('SMTP settings');
  });

  it('for its size is refused for good', async () => {
    const smtp = await serverWith({ maxBytes: 500 });
    const channel = channelFor(smtp.url);
    const error = await failureOf(channel.send(channel.render(messageOf()), to), []);
    expect([error.kind, error.reason]).toEqual(['permanent', 'bad_content']);
  });

  it('by a server that cannot do TLS is not sent, when TLS is demanded', async () => {
    const smtp = await serverWith();
    const error = await failingAt(smtp.port, { requireTls: 'always' });
    expect(error.kind).toBe('config');
    expect(smtp.mails).toEqual([]);
  });
});

describe('a mail that gets no answer', () => {
  it('because nobody listens is not delivered', async () => {
    const error = await failingAt(await freePort());
    expect([error.kind, error.reason]).toEqual(['transient', 'network']);
  });

  it('because the name is unknown is not delivered', async () => {
    const channel = channelFor(`smtp://user:${encodeURIComponent(password)}@mail.invalid:25`, { requireTls: 'never' });
    const error = await failureOf(channel.send(channel.render(messageOf()), to), [password]);
    expect([error.kind, error.reason]).toEqual(['transient', 'network']);
  });

  it.each(['connect', 'DATA'] as const)('because of a reset after %s is not delivered', async (after) => {
    const error = await failingAt(await wordyServer(after, (socket) => socket.resetAndDestroy()));
    expect([error.kind, error.reason]).toEqual(['transient', 'network']);
  });

  it('because of a reset after the final dot may be delivered', async () => {
    const error = await failingAt(await wordyServer('dot', (socket) => socket.resetAndDestroy()));
    expect([error.kind, error.reason]).toEqual(['in_doubt', 'network']);
  });

  it('because the server closed after the final dot may be delivered', async () => {
    const error = await failingAt(await wordyServer('dot', (socket) => socket.end()));
    expect(error.kind).toBe('in_doubt');
  });

  it.each([
    ['connect', 'transient'],
    ['DATA', 'transient'],
    ['dot', 'in_doubt'],
  ] as const)('in time after %s is %s', async (after, kind) => {
    const error = await failingAt(await wordyServer(after, () => {}), { timeoutMs: 1_500 });
    expect([error.kind, error.reason]).toEqual([kind, 'timeout']);
  });

  it('but a refusal after the final dot is certain', async () => {
    const error = await failingAt(await wordyServer('dot', (socket) => socket.end('421 4.3.2 shutting down\r\n')));
    expect([error.kind, error.reason]).toEqual(['transient', 'provider_busy']);
  });
});

describe('settings in the URL', () => {
  it('cannot make the library print mails and passwords', async () => {
    const smtp = await serverWith();
    const printed = vi.spyOn(process.stdout, 'write');
    const logged = vi.spyOn(console, 'log');
    const channel = channelFor(`${smtp.url}?logger=true&debug=true`);
    await channel.send(channel.render(messageOf()), to);
    expect([...printed.mock.calls, ...logged.mock.calls].flat().join('')).not.toContain('MAIL FROM');
    vi.restoreAllMocks();
  });
});
