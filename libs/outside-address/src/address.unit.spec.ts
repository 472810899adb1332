import { addressKind, urlProblem } from './address.ts';

test.each([
  ['93.184.215.14', 'public'],
  ['2606:2800:21f:cb07::1', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.8.8.8', 'loopback'],
  ['::1', 'loopback'],
  ['0.0.0.0', 'refused'],
  ['10.1.2.3', 'refused'],
  ['100.64.0.1', 'refused'],
  ['169.254.169.254', 'refused'],
  ['172.31.255.255', 'refused'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'refused'],
  // Of the registries, though reachable: AS112 and multicast relays.
  ['192.31.196.1', 'refused'],
  ['192.52.193.1', 'refused'],
  ['192.175.48.1', 'refused'],
  ['2620:4f:8000::1', 'refused'],
  ['2620:4f:8001::1', 'public'],
  ['224.0.0.1', 'refused'],
  ['255.255.255.255', 'refused'],
  ['::', 'refused'],
  ['::ffff:127.0.0.1', 'refused'],
  ['::ffff:7f00:1', 'refused'],
  ['::ffff:10.0.0.1', 'refused'],
  ['64:ff9b::a00:1', 'refused'],
  ['2002:a00:1::', 'refused'],
  ['fc00::1', 'refused'],
  ['fe80::1', 'refused'],
  ['ff02::1', 'refused'],
  ['2001:db8::1', 'refused'],
])('%s is %s', (address, kind) => expect(addressKind(address)).toBe(kind));

describe('without loopback', () => {
  test.each(['http://127.0.0.1/h', 'https://localhost/h', 'https://[::1]/h', 'https://127.1/h'])(
    '%s is refused',
    (url) => expect(urlProblem(url, { allowsLoopback: false })).toMatch(/private|this machine/),
  );
  test('https elsewhere is allowed', () =>
    expect(urlProblem('https://shop.test:8443/h?x=1', { allowsLoopback: false })).toBeUndefined());
});

test.each([
  'http://127.0.0.1:8080/h',
  'http://localhost/h',
  'http://[::1]/h',
  'https://127.0.0.1/h',
])('with loopback %s is allowed', (url) =>
  expect(urlProblem(url, { allowsLoopback: true })).toBeUndefined(),
);
