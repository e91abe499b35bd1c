/** Frozen bodies of WeCom messages: what is sent, and the short form for when WeCom refuses the first. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Message } from '../../alert/message.ts';
import { type Content, DeliveryError } from '../channel.ts';
import { cutBytes } from '../text/bytes.ts';
import type { Outline } from '../text/outline.ts';

const contentSchema = z.object({ format: z.enum(['text', 'markdown']), text: z.string(), shorter: z.string() });

/** The content of both WeCom channels, as it comes back from its row. */
export type WecomContent = z.infer<typeof contentSchema>;

/** Reads frozen content. @throws DeliveryError permanent when the row holds something else */
export function wecomContent(content: Content): WecomContent {
  const read = contentSchema.safeParse(content);
  if (read.success) return read.data;
  throw new DeliveryError('the stored message is not one of WeCom', { kind: 'permanent', reason: 'bad_content' });
}

/**
 * Tells two messages with equal words apart, so that WeCom's duplicate check swallows a repeat of the same message
 * but never a reminder: `#<sequence>-<8 hex of the message's identity>`.
 */
export function sequenceMark(message: Message): string {
  const identity = createHash('sha256').update(message.messageId).digest('hex').slice(0, 8);
  return `#${message.parts[0]?.sequence ?? 0}-${identity}`;
}

/** Counts, severity and link without a word from labels or annotations: passes length and content checks. */
export function shortForm(outline: Outline, mark: string, link: (words: string, url: string) => string): string {
  const { tone, headline, severity, url } = outline;
  const first = tone === 'alarm' ? outline.subject : [headline, severity].filter(Boolean).join(' · ');
  return [cutBytes(first, 500), link(url.words, url.href), mark].join('\n');
}
