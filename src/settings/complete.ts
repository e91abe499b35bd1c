/** From the parsed settings to the ones the service uses: computed defaults, units in the names. */
import type { ParsedSettings } from './schema.ts';
import { type CamelKeys, camelKeys } from './tree.ts';

/** Fills in the defaults that depend on other settings or on the machine. */
export function complete(parsed: ParsedSettings, hostname: string) {
  const {
    retention,
    backtestRetention,
    auditRetention,
    drainTimeout,
    limits,
    smtp,
    outgoingHeartbeat,
    peers,
    polls,
    ...rest
  } = camelKeys(parsed);
  const { maxBody, ...otherLimits } = limits;
  const externalUrl = rest.externalUrl ?? `http://localhost:${rest.listen.port}`;
  return {
    ...rest,
    externalUrl,
    site: rest.site ?? hostname,
    smtp: { ...smtp, from: smtp.from ?? `Monitor Manager <monitor-manager@${new URL(externalUrl).hostname}>` },
    outgoingHeartbeat: outgoingOf(outgoingHeartbeat),
    peers: peerRulesOf(peers),
    polls: { intervalMs: polls.interval, timeoutMs: polls.timeout, misses: polls.misses, graceMs: polls.grace },
    retentionMs: retention,
    backtestRetentionMs: Math.min(retention, backtestRetention),
    auditRetentionMs: auditRetention,
    drainTimeoutMs: drainTimeout,
    limits: { ...otherLimits, maxBodyBytes: maxBody },
  };
}

/** Null: none is sent. */
function outgoingOf({ url, method, interval }: CamelKeys<ParsedSettings>['outgoingHeartbeat']) {
  return url === null ? null : { url, method, intervalMs: interval };
}

function peerRulesOf({ interval, timeout, downAfter, upAfter, leavingGrace }: CamelKeys<ParsedSettings>['peers']) {
  return {
    ...{ intervalMs: interval, timeoutMs: timeout, downAfterMs: downAfter },
    ...{ upAfter, leavingGraceMs: leavingGrace },
  };
}

/** The settings of one running service. Keys as in the file, in camelCase; times in milliseconds, sizes in bytes. */
export type Settings = ReturnType<typeof complete>;
