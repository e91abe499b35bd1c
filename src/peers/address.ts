/**
 * Which addresses a peer may have. Peers live inside a network, so private addresses are good; what answers at a link-local
 * one is a cloud's store of credentials (169.254.169.254), never another site. Looked at when the name is resolved, so that
 * a name that changes its mind helps nobody.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const never = new BlockList();
for (const [net, bits, family] of [
  ['0.0.0.0', 8, 'ipv4'], // "this host": connects to ourselves
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'], // multicast, reserved, broadcast
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
] as const)
  never.addSubnet(net, bits, family);
never.addAddress('::', 'ipv6');
never.addAddress('fd00:ec2::254', 'ipv6');

/** The code of the error for a refused address. */
export const badAddress = 'EPEERADDRESS';

/** Whether a peer may be there. IPv4 inside IPv6 counts as what it is. */
export function isGoodAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !never.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

function refusal(): Error {
  return Object.assign(new Error('an address at which no peer may be'), { code: badAddress });
}

/** @throws Error with the code {@link badAddress} for an address that is written out, which nobody looks up */
export function checkHost(host: string): void {
  const plain = host.replace(/^\[|\]$/g, '');
  if (isIP(plain) !== 0 && !isGoodAddress(plain)) throw refusal();
}

/** `dns.lookup` that fails for a bad address. */
export const checkedLookup: LookupFunction = (host, options, done) => {
  lookup(host, options, (error: Error | null, found: string | LookupAddress[], family?: number) => {
    const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
    const wrong = error === null && !addresses.every(isGoodAddress);
    done(wrong ? refusal() : error, found, family);
  });
};
