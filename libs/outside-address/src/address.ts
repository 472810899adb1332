import { BlockList, isIP } from 'node:net';

// Special-purpose ranges of the IANA registries (RFC 6890): what a service must never reach for others, because
// the answer would come from inside the operator's network.
const refused = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  refused.addSubnet(network, bits, 'ipv4');
}
// Global unicast is 2000::/3; in it, ranges that wrap an IPv4 address or are for documentation.
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['2620:4f:8000::', 48],
  ['3fff::', 20],
] as const) {
  refused.addSubnet(network, bits, 'ipv6');
}
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export type AddressKind = 'public' | 'loopback' | 'refused';

/** An IPv6 address that is no global unicast (mapped IPv4, NAT64, link-local, …) is refused as a whole. */
export function addressKind(address: string): AddressKind {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(address, family)) return isMapped(address) ? 'refused' : 'loopback';
  if (refused.check(address, family)) return 'refused';
  if (family === 'ipv6' && !globalUnicast.check(address, family)) return 'refused';
  return 'public';
}

const isMapped = (address: string) => /^(0*:)*:?ffff:/i.test(address) || /^::ffff/i.test(address);

export type AddressRule = { allowsLoopback: boolean };

export const isAllowed = (address: string, { allowsLoopback }: AddressRule): boolean => {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'loopback' && allowsLoopback);
};

/** The host of a URL without the brackets of an IPv6 literal. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const urlLengthMax = 2_000;

/** What is wrong with the URL as text, before any name is resolved. */
export function urlProblem(text: string, rule: AddressRule): string | undefined {
  const url = URL.parse(text);
  if (!url || text.length > urlLengthMax) return 'webhook.url must be a URL.';
  if (url.username || url.password) return 'webhook.url must not carry a name or a password.';
  if (url.hash) return 'webhook.url must not have a fragment.';
  const host = hostOf(url);
  if (isIP(host) && !isAllowed(host, rule))
    return 'webhook.url must not point into a private network.';
  const isLocal = host === 'localhost' || (isIP(host) !== 0 && addressKind(host) === 'loopback');
  if (isLocal && !rule.allowsLoopback) return 'webhook.url must not point at this machine.';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal)) return undefined;
  return 'webhook.url must begin with https://.';
}
