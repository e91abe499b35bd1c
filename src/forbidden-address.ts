/**
 * Addresses that are never asked. What admins name (peers, Alertmanagers) lives in a private network, so those addresses are
 * allowed; what hands out credentials to whoever asks from this machine is not.
 */
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const forbidden = new BlockList();
// Link-local, where clouds answer with the credentials of the machine (RFC 3927, RFC 4291).
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('fe80::', 10, 'ipv6');
// The same of Alibaba Cloud and of AWS by IPv6.
forbidden.addAddress('100.100.100.200');
forbidden.addAddress('fd00:ec2::254', 'ipv6');
// "This host", multicast and broadcast: no server has such an address.
forbidden.addSubnet('0.0.0.0', 8);
forbidden.addAddress('::', 'ipv6');
forbidden.addSubnet('224.0.0.0', 3);
forbidden.addSubnet('ff00::', 8, 'ipv6');

/** A connection that is not made. */
export class ForbiddenAddress extends Error {
  override readonly name = 'ForbiddenAddress';
}

/** Whether nothing is asked there. IPv4 inside IPv6 counts as what it is; what is no address is not forbidden. */
export function isForbidden(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && forbidden.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** @throws ForbiddenAddress for an address that is written out in a URL, which nobody looks up */
export function checkHost(hostname: string): void {
  if (isForbidden(hostname.replace(/^\[|\]$/g, ''))) throw new ForbiddenAddress('an address that is never asked');
}

/** Resolves a name at the moment of the connection, so that no answer of its name server can change between check and use. */
export const checkedLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error: Error | null, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '', 0);
    const [first] = addresses;
    if (first === undefined || addresses.some(({ address }) => isForbidden(address))) {
      return callback(new ForbiddenAddress('the name leads to an address that is never asked'), '', 0);
    }
    if (options.all === true) return callback(null, addresses);
    callback(null, first.address, first.family);
  });
};
