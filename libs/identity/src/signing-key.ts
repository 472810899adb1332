import { exportJWK, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';

export const signingAlgorithm = 'EdDSA';

export type SigningKey = { privateJwk: JWK; publicJwk: JWK };

/** A new Ed25519 pair. Give the public half a `kid`: the name of the service that will sign. */
export async function generateSigningKey(kid?: string): Promise<SigningKey> {
  const pair = await generateKeyPair(signingAlgorithm, { crv: 'Ed25519', extractable: true });
  const named = { use: 'sig', alg: signingAlgorithm, ...(kid === undefined ? {} : { kid }) };
  return {
    privateJwk: { ...(await exportJWK(pair.privateKey)), ...named },
    publicJwk: { ...(await exportJWK(pair.publicKey)), ...named },
  };
}

export function assertEd25519(jwk: JWK, half: 'public' | 'private'): void {
  const isEd25519 = jwk.kty === 'OKP' && jwk.crv === 'Ed25519' && typeof jwk.x === 'string';
  if (!isEd25519) throw new TypeError(`Key ${jwk.kid ?? '(no kid)'} is not an Ed25519 JWK.`);
  // A private key among the trusted ones has leaked to everybody who verifies.
  if (half === 'public' && jwk.d !== undefined) {
    throw new TypeError(`Trusted key ${jwk.kid ?? '(no kid)'} contains its private part.`);
  }
  if (half === 'private' && typeof jwk.d !== 'string') {
    throw new TypeError(`Signing key ${jwk.kid ?? '(no kid)'} has no private part.`);
  }
}

export async function importEd25519(jwk: JWK): Promise<CryptoKey> {
  // jose answers a Uint8Array for symmetric keys only; assertEd25519 has refused those.
  return (await importJWK(jwk, signingAlgorithm)) as CryptoKey;
}
