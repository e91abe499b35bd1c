/** The `wecom-app` channel: messages to members from a self-built WeCom application. */
import type { Clock } from '../../clock.ts';
import type { Channel } from '../channel.ts';
import { wecomContent } from '../wecom/content.ts';
import type { TokenStore } from './access-token.ts';
import type { WecomAppSettings } from './config.ts';
import { renderApp } from './render.ts';
import { createSender, tokensOf } from './send.ts';

/** A destination's address is a WeCom userid. */
export function createWecomAppChannel(settings: WecomAppSettings, deps: { tokens: TokenStore; clock: Clock }): Channel {
  const send = createSender(settings, tokensOf(settings, deps));
  return {
    name: 'wecom-app',
    rateLimits: settings.rateLimits,
    render: (message) => renderApp(message, settings.format),
    send: async (content, to) => send(wecomContent(content), to.address),
    close: async () => {},
  };
}
