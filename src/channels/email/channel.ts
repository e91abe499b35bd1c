/** The `email` channel: one mail per recipient over a pool of SMTP connections. */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createTransport, type NodemailerError, type SendMailOptions } from 'nodemailer';
import { z } from 'zod';
import { type Answer, type Channel, type Content, DeliveryError } from '../channel.ts';
import { redact } from '../redact.ts';
import { type EmailSettings, poolOptions, secretsOf } from './config.ts';
import { mailError } from './errors.ts';
import { renderMail } from './render.ts';

const contentSchema = z.object({
  from: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  threadId: z.string(),
  date: z.iso.datetime(),
  urgent: z.boolean(),
  headers: z.array(z.object({ key: z.string(), value: z.string() })),
});

type To = { address: string; messageId: string; repeat: boolean };

/** The same content makes the same bytes, the boundary between the parts included. */
function mailOf(content: Content, to: To): SendMailOptions {
  const read = contentSchema.safeParse(content);
  if (!read.success) {
    throw new DeliveryError('the stored message is not a mail', { kind: 'permanent', reason: 'bad_content' });
  }
  const { urgent, threadId, headers, date, ...mail } = read.data;
  return {
    ...mail,
    // nodemailer writes a text as it is, and RFC 5322 has a form of its own.
    date: new Date(date),
    // As an object, so that nothing in it is read as a list of addresses.
    to: { name: '', address: to.address },
    messageId: to.messageId,
    inReplyTo: threadId,
    references: threadId,
    headers: to.repeat ? [...headers, { key: 'X-Monitor-Manager-Possible-Repeat', value: 'yes' }] : headers,
    baseBoundary: createHash('sha256').update(to.messageId).digest('hex').slice(0, 24),
    ...(urgent ? { priority: 'high' as const } : {}),
  };
}

/** A destination's address is an e-mail address. */
export function createEmailChannel(settings: EmailSettings): Channel {
  const transport = createTransport(poolOptions(settings));
  const secrets = secretsOf(settings);
  // The library's errors do not tell whether the final dot was out; its own stream of the mail does, because it is read
  // only after the server has said that it wants the mail.
  const streamOf = new WeakMap<AbortSignal, Readable>();
  transport.use('stream', (mail, done) => {
    const { message } = mail;
    const { signal } = mail.data;
    const createReadStream = message.createReadStream.bind(message);
    message.createReadStream = (options) => {
      const stream = createReadStream(options);
      if (signal) streamOf.set(signal, stream);
      return stream;
    };
    done();
  });
  const send = async (mail: SendMailOptions): Promise<Answer> => {
    const signal = AbortSignal.timeout(settings.timeoutMs ?? 24_000);
    try {
      const info = await transport.sendMail({ ...mail, signal });
      const rejected = info.rejectedErrors?.[0];
      if (rejected) throw rejected;
      const serverId = info.serverMessageId ? ` (${info.serverMessageId})` : '';
      return { text: redact(`${info.response}${serverId}`, secrets) };
    } catch (error) {
      const bodySent = streamOf.get(signal)?.readableEnded ?? false;
      throw mailError(error as NodemailerError, { bodySent }, secrets);
    }
  };
  return {
    name: 'email',
    rateLimits: settings.rateLimits,
    render: (message) => renderMail(message, settings.from),
    send: async (content, to) => send(mailOf(content, to)),
    close: async () => transport.close(),
  };
}
