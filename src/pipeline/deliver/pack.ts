/** One due difference, as packing sees it. */
export interface Due {
  id: string;
  /** 0 normal, 1 critical, 2 watchdog. */
  priority: number;
  /** Those that have the same are told in one message; null: it has one of its own. */
  together: string | null;
}

/** What may be said to one destination now. */
export type Packed<T extends Due> = { messages: T[][]; wait: null } | { messages: T[][]; wait: 'rate_limit' };

/** How many messages a destination can take now. */
export interface Allowance {
  /** Whole tokens; null = no limit. */
  tokens: number | null;
  /** Of them, kept back for critical and watchdog messages. */
  reserved: number;
  /** Everything in one message: the channel has just been configured. */
  summary: boolean;
}

/**
 * Packs the due differences of one destination into messages. Each gets a message of its own, or those that are told
 * together do, while the rate allows; else the normal ones share one, so that a storm costs one token and not the whole minute. Watchdog alarms come
 * first, share a message with each other only, and may use every token (rule 11); criticals may use the reserve.
 */
export function pack<T extends Due>(due: readonly T[], allowance: Allowance): Packed<T> {
  const watchdog = due.filter((d) => d.priority === 2);
  const critical = gathered(due.filter((d) => d.priority === 1));
  const normal = gathered(due.filter((d) => d.priority === 0));
  const messages: T[][] = watchdog.length > 0 ? [watchdog] : [];
  const left = (allowance.tokens ?? Number.POSITIVE_INFINITY) - messages.length;
  const forNormal = left - allowance.reserved;
  if (allowance.tokens !== null && allowance.tokens < 1)
    return { messages: [], wait: due.length > 0 ? 'rate_limit' : null };
  if (allowance.summary) return summarize(messages, { critical, normal, left, forNormal });
  if (critical.length + normal.length <= forNormal) {
    return { messages: [...messages, ...critical, ...normal], wait: null };
  }
  return squeeze(messages, { critical, normal, left, forNormal });
}

/** What is told together, in the order of what came first. */
function gathered<T extends Due>(due: readonly T[]): T[][] {
  if (due.length < 2) return due.map((one) => [one]);
  const messages = new Map<string, T[]>();
  for (const one of due) {
    const key = one.together ?? `one ${one.id}`;
    const message = messages.get(key);
    if (message === undefined) messages.set(key, [one]);
    else message.push(one);
  }
  return [...messages.values()];
}

/** Messages as they would be if the rate allowed. */
interface Rest<T> {
  critical: T[][];
  normal: T[][];
  left: number;
  forNormal: number;
}

/** One message for everything; it takes a token like any other. */
function summarize<T extends Due>(messages: T[][], { critical, normal, left, forNormal }: Rest<T>): Packed<T> {
  const rest = [...critical, ...normal].flat();
  if (rest.length === 0) return { messages, wait: null };
  const fits = (critical.length > 0 ? left : forNormal) >= 1;
  return fits ? { messages: [...messages, rest], wait: null } : { messages, wait: 'rate_limit' };
}

function squeeze<T extends Due>(messages: T[][], { critical, normal, left, forNormal }: Rest<T>): Packed<T> {
  if (left < 1) return { messages, wait: critical.length + normal.length > 0 ? 'rate_limit' : null };
  // One message for everything when even the criticals do not fit singly: nobody waits for a token who need not.
  if (critical.length > 0 && critical.length + Math.min(normal.length, 1) > left) {
    return { messages: [...messages, [...critical, ...normal].flat()], wait: null };
  }
  if (normal.length === 0) return { messages: [...messages, ...critical], wait: null };
  if (forNormal - critical.length < 1) return { messages: [...messages, ...critical], wait: 'rate_limit' };
  return { messages: [...messages, ...critical, normal.flat()], wait: null };
}
