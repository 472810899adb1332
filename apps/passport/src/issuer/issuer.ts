import type { Jwk, JwkSet } from '@onecount/config';
import {
  calculateJwkThumbprint,
  compactVerify,
  CompactSign,
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  importJWK,
  type JWK,
} from 'jose';
import type { Credential } from '../passport/credential.ts';

export type Issuer = {
  did: string;
  name: string;
  /** Address of a passport's page. */
  urlOf(passportId: string): string;
  /** Signs as W3C vc+jwt (VC-JOSE-COSE): the payload is the credential itself, not a claim inside a JWT. */
  sign(credential: Credential): Promise<string>;
  /** The credential, if one of the published keys has signed it; undefined for anything else. */
  verify(credential: string): Promise<Credential | undefined>;
  didDocument: Record<string, unknown>;
  jwks: { keys: JWK[] };
};

export type IssuerOptions = {
  publicUrl: string;
  name: string;
  signingKey: Jwk;
  /** Public keys that signed earlier passports: published, so that those still verify. */
  formerKeys?: JwkSet;
};

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const did = didWebOf(options.publicUrl);
  const own = await publicHalf(options.signingKey);
  const published = [own, ...(await Promise.all((options.formerKeys?.keys ?? []).map(publicHalf)))];
  const jwks = { keys: published.map((jwk) => ({ ...jwk, kid: methodOf(did, jwk) })) };
  const key = await importJWK(options.signingKey as JWK, own.alg);
  const keyOf = createLocalJWKSet(jwks);
  const header = { alg: own.alg, kid: methodOf(did, own), typ: 'vc+jwt', cty: 'vc' };
  return {
    did,
    name: options.name,
    urlOf: (passportId) => `${options.publicUrl}/p/${passportId}`,
    sign: (credential) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(credential)))
        .setProtectedHeader(header)
        .sign(key),
    verify: (credential) => verified(credential, keyOf),
    didDocument: didDocumentOf(did, published),
    jwks,
  };
}

type PublicJwk = JWK & { kid: string; alg: string };

async function publicHalf(jwk: Jwk): Promise<PublicJwk> {
  const bare = Object.fromEntries(
    Object.entries(jwk).filter(([member]) => !privateMembers.includes(member)),
  ) as JWK;
  const alg = jwk.kty === 'EC' ? 'ES256' : 'EdDSA';
  return { ...bare, alg, use: 'sig', kid: jwk.kid ?? (await calculateJwkThumbprint(bare)) };
}

// did:web escapes the colon of a port, because a colon separates path segments there.
function didWebOf(publicUrl: string): string {
  return `did:web:${new URL(publicUrl).host.replace(':', '%3A')}`;
}

function methodOf(did: string, jwk: PublicJwk): string {
  return `${did}#${jwk.kid}`;
}

function didDocumentOf(did: string, keys: PublicJwk[]): Record<string, unknown> {
  const methods = keys.map((jwk) => methodOf(did, jwk));
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: keys.map((publicKeyJwk, index) => ({
      id: methods[index],
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk,
    })),
    assertionMethod: methods,
  };
}

async function verified(
  credential: string,
  keyOf: ReturnType<typeof createLocalJWKSet>,
): Promise<Credential | undefined> {
  try {
    if (decodeProtectedHeader(credential).typ !== 'vc+jwt') return undefined;
    const { payload } = await compactVerify(credential, keyOf, { algorithms: ['EdDSA', 'ES256'] });
    return JSON.parse(new TextDecoder().decode(payload)) as Credential;
  } catch (err) {
    // A broken form, an unknown key or a wrong signature; anything else is a bug and must not pass as one.
    const isForgery = err instanceof errors.JOSEError || err instanceof TypeError;
    if (isForgery || err instanceof SyntaxError) return undefined;
    throw err;
  }
}
