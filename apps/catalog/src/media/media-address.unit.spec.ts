import { addressOf, contentTypeOf, hashIn, keyOf } from './media-address.ts';

const tenantId = '01900000-0000-7000-8000-00000000000a';
const sha256 = 'a'.repeat(64);
const file = { tenantId, sha256, extension: 'jpg' as const };
const url = addressOf('https://shop.test', file);

test('an address says whose picture it is, which, and in which form', () => {
  expect(url).toBe(`https://shop.test/media/${tenantId}/${sha256}.jpg`);
  expect(contentTypeOf(keyOf(file))).toBe('image/jpeg');
  expect(contentTypeOf(keyOf({ ...file, thumbnail: 480 }))).toBe('image/webp');
  expect(hashIn('https://shop.test', tenantId, url)).toBe(sha256);
});

test.each([
  [`../${tenantId}/${sha256}.jpg`],
  [`${tenantId}/../${sha256}.jpg`],
  [`${tenantId}/${sha256}.html`],
  [`${tenantId}/${sha256}.jpg/x`],
  [`${tenantId}/${sha256}-9.webp`],
  [`${tenantId}/${sha256.toUpperCase()}.jpg`],
  [`${tenantId}/${sha256}.jpg\n`],
  [''],
])('%j names nothing', (key) => expect(contentTypeOf(key)).toBeUndefined());

test.each([
  ['another host', url.replace('shop.test', 'other.test')],
  ["another's", url.replace('00000a', '00000b')],
  ['a small form', addressOf('https://shop.test', { ...file, thumbnail: 160 })],
  ['a longer one', `${url}?x`],
])('%s is no picture of ours', (_, address) =>
  expect(hashIn('https://shop.test', tenantId, address)).toBeUndefined(),
);
