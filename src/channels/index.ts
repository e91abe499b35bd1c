/** Every channel, one line each. */
import type { Clock } from '../clock.ts';
import type { Channel, ChannelName } from './channel.ts';
import { createEmailChannel } from './email/channel.ts';
import type { EmailSettings } from './email/config.ts';
import { renderMail } from './email/render.ts';
import { createOutboxChannel } from './outbox/channel.ts';
import type { TokenStore } from './wecom-app/access-token.ts';
import { createWecomAppChannel } from './wecom-app/channel.ts';
import type { WecomAppSettings } from './wecom-app/config.ts';
import { appLimitBytes, renderApp } from './wecom-app/render.ts';
import { createWecomRobotChannel } from './wecom-robot/channel.ts';
import type { WecomRobotSettings } from './wecom-robot/config.ts';
import { renderRobot, robotLimitBytes } from './wecom-robot/render.ts';

/** Settings by channel; null = not configured, and the channel is not there. */
export interface ChannelSettings {
  email: EmailSettings | null;
  wecomApp: WecomAppSettings | null;
  wecomRobot: WecomRobotSettings | null;
}

/** What channels need from the rest of the service. */
export interface ChannelDeps {
  clock: Clock;
  tokens: TokenStore;
  /** The secret key of the robot at an address, null when there is none. */
  robotKeyOf(address: string): string | null;
}

/** The channels that `settings` configure, and the outbox. */
export function createChannels(settings: ChannelSettings, deps: ChannelDeps): ReadonlyMap<ChannelName, Channel> {
  const { email, wecomApp, wecomRobot } = settings;
  const channels = [
    email && createEmailChannel(email),
    wecomApp && createWecomAppChannel(wecomApp, deps),
    wecomRobot && createWecomRobotChannel(wecomRobot, { keyOf: deps.robotKeyOf }),
    createOutboxChannel(),
  ];
  return new Map(channels.filter((channel) => channel !== null).map((channel) => [channel.name, channel] as const));
}

/** How a channel words and limits what it is given, whether or not it has settings to send with. */
export interface Wording extends Pick<Channel, 'render' | 'rateLimits'> {
  configured: boolean;
  /** The most bytes that a text may have, null: no such limit. */
  limitBytes: number | null;
}

/** The wordings of every channel that reaches people; one that is not configured words as it would with the usual settings. */
export function wordingsOf(
  channels: ReadonlyMap<ChannelName, Channel>,
  { mailFrom, appFormat }: { mailFrom: string; appFormat: WecomAppSettings['format'] },
): ReadonlyMap<string, Wording> {
  const all: readonly [ChannelName, Channel['render'], number | null][] = [
    ['email', (message) => renderMail(message, mailFrom), null],
    ['wecom-app', (message) => renderApp(message, appFormat), appLimitBytes],
    ['wecom-robot', renderRobot, robotLimitBytes],
  ];
  return new Map(
    all.map(([name, render, limitBytes]) => {
      const channel = channels.get(name);
      const facts = { rateLimits: channel?.rateLimits ?? [], configured: channel !== undefined, limitBytes };
      return [name, { render: channel?.render ?? render, ...facts }] as const;
    }),
  );
}
