import { lookup as systemLookup, promises as dns } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressKind, isAllowed, type AddressRule } from './address.ts';

export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/**
 * Resolves for the connection that is being made, so the address that was checked is the address that
 * is used: a name that changes its answer between check and use (DNS rebinding) gains nothing. One
 * refused address refuses the name.
 */
export function guardedLookup(rule: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (err, addresses) => {
      if (err) return callback(err, '', 4);
      const stranger = addresses.find(({ address }) => !isAllowed(address, rule));
      const first = addresses[0];
      if (stranger || !first) {
        return callback(new AddressRefusedError('the name leads into a private network'), '', 4);
      }
      // The two shapes of net's lookup: all addresses, or one.
      if (options.all) return callback(null, addresses as never, 4);
      callback(null, first.address, first.family);
    });
  };
}

/** Whether the name leads now to an address that is refused. One that does not resolve is not refused. */
export async function leadsInside(hostname: string, rule: AddressRule): Promise<boolean> {
  try {
    const addresses = await dns.lookup(hostname, { all: true });
    return addresses.some(
      ({ address }) => !isAllowed(address, rule) && addressKind(address) !== 'public',
    );
  } catch {
    return false;
  }
}
