import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Jwk } from '@onecount/config';
import type { Credential } from '../passport/credential.ts';
import { createIssuer } from './issuer.ts';

const credential = { id: 'urn:uuid:1', name: 'Swallow brooch' } as Credential;

async function keyPair(alg: 'EdDSA' | 'ES256', kid?: string) {
  const pair = await generateKeyPair(alg, { extractable: true });
  const named = async (key: typeof pair.privateKey) =>
    ({ ...(await exportJWK(key)), ...(kid ? { kid } : {}) }) as JWK & Jwk;
  return { privateJwk: await named(pair.privateKey), publicJwk: await named(pair.publicKey) };
}
const issuerWith = (signingKey: Jwk, formerKeys?: { keys: Jwk[] }) =>
  createIssuer({ publicUrl: 'https://passports.example', name: 'Test', signingKey, formerKeys });

test.each(['EdDSA', 'ES256'] as const)(
  '%s: what was signed verifies, a changed one does not',
  async (alg) => {
    const issuer = await issuerWith((await keyPair(alg)).privateJwk);
    const signed = await issuer.sign(credential);
    expect(await issuer.verify(signed)).toEqual(credential);
    const [header, , signature] = signed.split('.');
    const payload = Buffer.from(JSON.stringify({ ...credential, name: 'Ruby' })).toString(
      'base64url',
    );
    expect(await issuer.verify([header, payload, signature].join('.'))).toBeUndefined();
  },
);

test('another issuer’s signature, an unsigned token and nonsense do not verify', async () => {
  const [ours, theirs] = await Promise.all([keyPair('EdDSA', 'a'), keyPair('EdDSA', 'a')]);
  const issuer = await issuerWith(ours.privateJwk);
  const forged = await (await issuerWith(theirs.privateJwk)).sign(credential);
  const payload = Buffer.from(JSON.stringify(credential)).toString('base64url');
  const unsigned = `${Buffer.from('{"alg":"none","typ":"vc+jwt"}').toString('base64url')}.${payload}.`;
  for (const text of [forged, unsigned, 'nonsense', ''])
    expect(await issuer.verify(text)).toBeUndefined();
});

test('passports of a former key still verify after a rotation', async () => {
  const [before, after] = await Promise.all([keyPair('EdDSA', '2026'), keyPair('ES256', '2027')]);
  const signed = await (await issuerWith(before.privateJwk)).sign(credential);
  const rotated = await issuerWith(after.privateJwk, { keys: [before.publicJwk] });
  expect(await rotated.verify(signed)).toEqual(credential);
  expect(await (await issuerWith(after.privateJwk)).verify(signed)).toBeUndefined();
  expect(rotated.didDocument['assertionMethod']).toEqual([
    'did:web:passports.example#2027',
    'did:web:passports.example#2026',
  ]);
});

test('nothing private is published, whatever key is configured', async () => {
  const [own, leaked] = await Promise.all([keyPair('ES256'), keyPair('EdDSA', 'old')]);
  const issuer = await issuerWith(own.privateJwk, { keys: [leaked.privateJwk] });
  const published = JSON.stringify([issuer.jwks, issuer.didDocument]);
  expect(published).not.toContain(String(own.privateJwk.d));
  expect(published).not.toContain(String(leaked.privateJwk.d));
});
