import nodemailer from 'nodemailer';
import type { SmtpServer } from '../../support/smtp.ts';
import { startSmtp } from '../../support/smtp.ts';

const letter = {
  from: 'mm@example.org',
  to: ['li.wei@example.org', 'zhang.san@example.org'],
  subject: '[FIRING:2] 磁盘将满',
  text: '数据库磁盘将满',
  html: '<p>数据库磁盘将满</p>',
  messageId: '<incident-1.1@mm.example.org>',
  headers: { 'X-Monitor-Incident': '1' },
};

let smtp: SmtpServer;
beforeEach(async () => {
  smtp = await startSmtp();
});
afterEach(() => smtp.stop());

function send(server = smtp, message: object = letter) {
  return nodemailer.createTransport(server.url).sendMail({ ...letter, ...message });
}

it('keeps envelope, identity, words and headers of a mail', async () => {
  await send();
  expect(smtp.mails).toMatchObject([
    {
      from: 'mm@example.org',
      to: ['li.wei@example.org', 'zhang.san@example.org'],
      messageId: letter.messageId,
      subject: letter.subject,
      text: expect.stringContaining(letter.text),
      html: expect.stringContaining(letter.html),
      headers: { 'x-monitor-incident': '1' },
    },
  ]);
});

it('refuses one recipient of two and takes the mail for the other', async () => {
  smtp.rejectRecipient('Li.Wei@example.org', 551, '5.1.6 moved');
  const answer = await send();
  expect(answer.rejected).toEqual(['li.wei@example.org']);
  expect(smtp.mails[0]?.to).toEqual(['zhang.san@example.org']);
  smtp.acceptRecipient('li.wei@example.org');
  expect((await send()).rejected).toEqual([]);
});

it.each(['connect', 'mail', 'rcpt', 'data'] as const)('fails once at %s and then works', async (at) => {
  const to = 'li.wei@example.org';
  smtp.failNext(1, { at, code: at === 'connect' ? 554 : 451, text: 'not now' });
  await expect(send(smtp, { to })).rejects.toThrow('not now');
  expect(smtp.mails).toEqual([]);
  await send(smtp, { to });
  expect(smtp.mails).toHaveLength(1);
});

it('resets the connection after it has kept the mail, which leaves the sender in doubt', async () => {
  smtp.resetAfterDot(1);
  const failure: unknown = await send().catch((error: unknown) => error);
  expect(failure).not.toHaveProperty('responseCode');
  expect(smtp.mails).toHaveLength(1);
  await send();
  expect(smtp.mails.map((mail) => mail.messageId)).toEqual([letter.messageId, letter.messageId]);
});

it('keeps the mail before a delayed answer', async () => {
  smtp.delay(60_000);
  const sending = send().catch((error: Error) => error);
  await smtp.waitFor((mail) => mail.messageId === letter.messageId);
  await smtp.stop();
  expect(await sending).toBeInstanceOf(Error);
});

it('can be away for a while on the same port', async () => {
  await smtp.stopListening();
  await expect(send()).rejects.toThrow('ECONNREFUSED');
  await smtp.listenAgain();
  await send();
  expect(smtp.mails).toHaveLength(1);
});

it('answers 552 to a mail over its size limit', async () => {
  await using small = await startSmtp({ maxBytes: 2_000 });
  await expect(send(small, { text: 'x'.repeat(3_000) })).rejects.toMatchObject({ responseCode: 552 });
  expect(small.mails).toEqual([]);
});

it('demands the right password when it has one', async () => {
  await using guarded = await startSmtp({ auth: { user: 'mm', password: 'p@ss/word' } });
  await send(guarded);
  expect(guarded.mails).toHaveLength(1);
  const wrong = { ...guarded, url: guarded.url.replace('p%40ss', 'wrong') };
  await expect(send(wrong)).rejects.toMatchObject({ responseCode: 535 });
});
