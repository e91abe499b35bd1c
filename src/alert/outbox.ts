/** The outbox stands in for channels that are not configured; an address in it is `<channel>:<address on it>`. Pure. */

interface Place {
  channel: string;
  address: string;
}

/** The channel and the address that a destination is for, also while the outbox stands in for its channel. */
export function behindOutbox({ channel, address }: Place): Place {
  const [, meant, at] = channel === 'outbox' ? (/^([^:]+):(.*)$/s.exec(address) ?? []) : [];
  return meant === undefined || at === undefined ? { channel, address } : { channel: meant, address: at };
}
