/** The `wecom-robot` channel: messages to a room through its group robot. */
import { type Answer, type Channel, DeliveryError } from '../channel.ts';
import { redact } from '../redact.ts';
import { wecomContent } from '../wecom/content.ts';
import { refusedContent, WecomError, wecomError } from '../wecom/errcodes.ts';
import { callWecom } from '../wecom/http.ts';
import type { WecomRobotSettings } from './config.ts';
import { renderRobot } from './render.ts';

function unknownRobot(): DeliveryError {
  return new DeliveryError('this robot is not configured any more', {
    kind: 'permanent',
    reason: 'bad_recipient',
    remedy: 'Add the robot again with its key, or take it out of the alert group.',
  });
}

/** A destination's address is the robot's; `keyOf` knows its secret key, so that no row or message ever holds it. */
export function createWecomRobotChannel(
  settings: WecomRobotSettings,
  deps: { keyOf(address: string): string | null },
): Channel {
  const { apiUrl, timeoutMs = 10_000 } = settings;
  const post = async (text: string, key: string): Promise<Answer> => {
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content: text } });
    const answer = await callWecom({
      apiUrl,
      path: '/cgi-bin/webhook/send',
      query: { key },
      body,
      secrets: [key],
      timeoutMs,
    });
    if (answer['errcode'] !== 0) throw wecomError(answer, [key]);
    return { text: redact(`errcode 0 ${answer['errmsg'] ?? ''}`, [key]) };
  };
  return {
    name: 'wecom-robot',
    rateLimits: settings.rateLimits,
    render: renderRobot,
    send: async (content, to) => {
      const { text, shorter } = wecomContent(content);
      const key = deps.keyOf(to.address);
      if (key === null) throw unknownRobot();
      try {
        return await post(text, key);
      } catch (error) {
        if (!(error instanceof WecomError) || !refusedContent.has(error.errcode)) throw error;
        return post(shorter, key);
      }
    },
    close: async () => {},
  };
}
