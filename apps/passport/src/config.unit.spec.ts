import { readConfig } from './config.ts';

const env = {
  PORT: '4105',
  DATABASE_URL: 'postgres://passport:pw@127.0.0.1/onecount_passport',
  KAFKA_BROKERS: '127.0.0.1:9092',
  INTERNAL_TRUSTED_KEYS: '{"keys":[{"kty":"OKP","kid":"gateway"}]}',
  PASSPORT_PUBLIC_URL: 'https://passports.example/',
  PASSPORT_SIGNING_KEY: '{"kty":"OKP","crv":"Ed25519","x":"x","d":"secret-part"}',
};

test('the public address is kept as an origin', () => {
  expect(readConfig(env).PASSPORT_PUBLIC_URL).toBe('https://passports.example');
});

test.each([
  [{ PASSPORT_PUBLIC_URL: 'nonsense' }, /^PASSPORT_PUBLIC_URL: is not an http/],
  [{ PASSPORT_PUBLIC_URL: 'https://x.example/pages' }, /^PASSPORT_PUBLIC_URL: must have no path/],
  [{ PASSPORT_SIGNING_KEY: undefined }, /^PASSPORT_SIGNING_KEY: is required/],
  [
    { PASSPORT_SIGNING_KEY: '{"kty":"RSA","d":"secret-part"}' },
    /^PASSPORT_SIGNING_KEY: must be an Ed25519/,
  ],
])('%j is refused without repeating a key', (change, message) => {
  const read = () => readConfig({ ...env, ...change });
  expect(read).toThrow(message);
  expect(read).not.toThrow(/secret-part/);
});
