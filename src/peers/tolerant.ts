/**
 * What another site says, with the words that only a newer version knows taken out or made the nearest that we know: who is
 * newer than we are must not look dead. Pure; what is no object of the expected shape is left to the schema.
 */
import { beatStates, notReadyReasons, peerAlerts, peerStates, verdicts } from './status.ts';

type Facts = Record<string, unknown>;

function isFacts(value: unknown): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Applies `change` to each object of a list. */
function each(list: unknown, change: (one: Facts) => Facts): unknown {
  return Array.isArray(list) ? list.map((one: unknown) => (isFacts(one) ? change(one) : one)) : list;
}

/** The known ones, each once. */
function only(known: readonly string[], list: unknown): unknown {
  return Array.isArray(list) ? known.filter((one) => list.includes(one)) : list;
}

function known<T>(words: readonly string[], value: unknown, otherwise: T): unknown {
  return typeof value === 'string' && !words.includes(value) ? otherwise : value;
}

function understoodSight(sight: Facts): Facts {
  return {
    ...sight,
    state: known(peerStates, sight['state'], 'unknown'),
    verdict: known(verdicts, sight['verdict'], null),
    told: only(peerAlerts, sight['told']),
  };
}

/** For a deep status. A state of a heartbeat that we do not know claims nothing: when it beat last is said beside. */
export function understoodStatus(status: unknown): unknown {
  if (!isFacts(status)) return status;
  return {
    ...status,
    not_ready: only(notReadyReasons, status['not_ready']),
    heartbeats: each(status['heartbeats'], (beat) => ({ ...beat, state: known(beatStates, beat['state'], 'pending') })),
    peers: each(status['peers'], understoodSight),
  };
}

/** For what one says whom we have asked about another. */
export function understoodReach(reach: unknown): unknown {
  if (!isFacts(reach) || !isFacts(reach['sight'])) return reach;
  return { ...reach, sight: understoodSight(reach['sight']) };
}
