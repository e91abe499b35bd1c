import { readFileSync } from 'node:fs';
import type { ChannelSettings } from './channels/index.ts';
import { ownLimits, sharedLimit } from './channels/limits.ts';
import type { Settings } from './settings.ts';

/** Windows of limits, in minutes. */
const [minute, day] = [1, 24 * 60];

/** The part of the settings that each channel is made of; a channel that lacks a setting is not configured. */
export function channelSettings(settings: Settings): ChannelSettings {
  const { smtp, wecom, rateLimits } = settings;
  const { corpId, agentId, secret, apiUrl, format } = wecom;
  return {
    email:
      smtp.url === null
        ? null
        : {
            url: smtp.url,
            from: smtp.from,
            ca: smtp.caFile === null ? null : readFileSync(smtp.caFile, 'utf8'),
            requireTls: smtp.requireTls,
            maxConnections: smtp.maxConnections,
            rateLimits: [...ownLimits(rateLimits.email), ...sharedLimit('smtp_relay', smtp.maxPerMinute, minute)],
          },
    wecomApp:
      corpId === null || agentId === null || secret === null
        ? null
        : {
            ...{ apiUrl, corpId, agentId, secret, format },
            rateLimits: [...ownLimits(rateLimits.wecomApp), ...sharedLimit('wecom_app', wecom.maxPerDay, day)],
          },
    wecomRobot: { apiUrl, rateLimits: ownLimits(rateLimits.wecomRobot) },
  };
}

/** The addresses by which people are told, as far as they are configured. */
export function outletsOf({ smtp, wecom }: Settings): string[] {
  return [...(smtp.url === null ? [] : [smtp.url]), ...(wecom.corpId === null ? [] : [wecom.apiUrl])];
}
