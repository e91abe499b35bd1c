/** What the `wecom-app` channel is set up with. */
import type { RateLimit } from '../channel.ts';

/** A self-built WeCom application. */
export interface WecomAppSettings {
  /** Address of the WeCom API, for example `https://qyapi.weixin.qq.com`. */
  apiUrl: string;
  /** Enterprise id, begins with `ww`. */
  corpId: string;
  /** A number: WeCom's own documentation asks for an integer. */
  agentId: number;
  /** The application's secret; never in an error or an answer. */
  secret: string;
  /** `text` is readable everywhere; `markdown` is not shown to members who read WeCom inside WeChat. */
  format: 'text' | 'markdown';
  /** Above 30 messages a minute or 1000 an hour to one member WeCom answers "ok" and drops the message. */
  rateLimits: readonly RateLimit[];
  /** How long one request may take, 10 s by default. */
  timeoutMs?: number;
}
