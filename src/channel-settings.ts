import { readFileSync } from 'node:fs';
import type { ChannelSettings } from './channels/index.ts';
import type { Settings } from './settings.ts';

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
            rateLimit: rateLimits.email,
          },
    wecomApp:
      corpId === null || agentId === null || secret === null
        ? null
        : { apiUrl, corpId, agentId, secret, format, rateLimit: rateLimits.wecomApp },
    wecomRobot: { apiUrl, rateLimit: rateLimits.wecomRobot },
  };
}
