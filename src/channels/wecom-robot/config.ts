/** What the `wecom-robot` channel is set up with. */
import type { RateLimit } from '../channel.ts';

/** What all group robots share; each robot's key is its own. */
export interface WecomRobotSettings {
  /** Address of the WeCom API, for example `https://qyapi.weixin.qq.com`. */
  apiUrl: string;
  /** Per room. WeCom refuses more than 20 messages a minute, so burst + perMinute should not pass that. */
  rateLimits: readonly RateLimit[];
  /** How long one request may take, 10 s by default. */
  timeoutMs?: number;
}
