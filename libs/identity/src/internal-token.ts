import { errors, jwtVerify, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { createBoundedCache } from './bounded-cache.ts';
import { impliedScopes, scopesOfClaims, serviceScope, withoutServiceScopes } from './scopes.ts';
import { assertEd25519, importEd25519, signingAlgorithm } from './signing-key.ts';
import { TokenExpired, TokenInvalid, TokenMissing } from './token.errors.ts';
import { createVerifiedCache, entriesMaxDefault } from './verified-cache.ts';

/** Who calls a subgraph. `issuer` is the service whose key signed; scopes include implied ones. */
export type Caller = {
  tenantId: string;
  subject: string;
  scopes: ReadonlySet<string>;
  issuer: string;
};
export type InternalTokenRequest = {
  audience: string;
  tenantId: string;
  subject: string;
  scopes: Iterable<string>;
};
export type InternalTokenSigner = {
  readonly service: string;
  tokenFor(request: InternalTokenRequest): Promise<string>;
};
export type InternalTokenVerifier = (token: string | undefined) => Promise<Caller>;

const lifeSeconds = 60;
const clockToleranceSeconds = 5;
// No token of ours is accepted as an access token or the other way round, even under one key.
const tokenType = 'onecount-internal+jwt';
// The one in use and the next or the last one: a third would be a key that somebody forgot to take away.
const keysPerServiceMax = 2;
const gateway = 'gateway';
const operator = 'operator';

/**
 * Signs who calls, for one audience, valid for 60 s. Equal requests share one token for half of
 * its life, so that a busy caller costs two signatures a minute and audience, not one per request.
 */
export function createInternalTokenSigner(options: {
  service: string;
  privateJwk: JWK;
  entriesMax?: number;
  /** The clock, in ms. */
  now?: (() => number) | undefined;
}): InternalTokenSigner {
  assertEd25519(options.privateJwk, 'private');
  const { service, now = () => Date.now() } = options;
  const kid = options.privateJwk.kid ?? service;
  if (serviceOf(kid) !== service)
    throw new TypeError(
      `The signing key of ${service} has the kid ${kid}: it must be ${service} or ${service}.<id>.`,
    );
  const tokens = createBoundedCache<Promise<string>>({
    entriesMax: options.entriesMax ?? entriesMaxDefault,
  });
  let key: Promise<CryptoKey> | undefined;
  const sign = async (request: InternalTokenRequest, scope: string): Promise<string> => {
    key ??= importEd25519(options.privateJwk);
    const issuedSeconds = Math.floor(now() / 1000);
    return new SignJWT({ tenant_id: request.tenantId, scope })
      .setProtectedHeader({ alg: signingAlgorithm, kid, typ: tokenType })
      .setIssuer(service)
      .setAudience(request.audience)
      .setSubject(request.subject)
      .setIssuedAt(issuedSeconds)
      .setExpirationTime(issuedSeconds + lifeSeconds)
      .sign(await key);
  };
  return {
    service,
    tokenFor(request) {
      const scope = scopeText(request.scopes);
      const cacheKey = JSON.stringify([request.audience, request.tenantId, request.subject, scope]);
      const known = tokens.get(cacheKey);
      if (known !== undefined) return known;
      const token = sign(request, scope);
      tokens.set(cacheKey, token, Date.now() + (lifeSeconds * 1000) / 2);
      // A failure is not an answer to keep.
      token.catch(() => tokens.delete(cacheKey));
      return token;
    },
  };
}

const scopeTexts = new WeakMap<object, string>();

/** A Set of scopes is made once per identity and never changed, so its text is kept with it. */
function scopeText(scopes: Iterable<string>): string {
  const known = scopeTexts.get(scopes as object);
  if (known !== undefined) return known;
  const text = [...new Set(scopes)].sort().join(' ');
  if (scopes instanceof Set) scopeTexts.set(scopes, text);
  return text;
}

/** `gateway` and `gateway.2026-12` are keys of the gateway. */
const serviceOf = (kid: string): string => kid.split('.', 1)[0]!;

/**
 * Checks the token that a subgraph request must carry. The key is chosen by `kid`, and the issuer
 * must be the service in it, so that a service can sign as nobody but itself.
 * Throws TokenMissing, TokenExpired or TokenInvalid.
 */
export function createInternalTokenVerifier(options: {
  audience: string;
  trustedJwks: { keys: JWK[] };
  entriesMax?: number;
}): InternalTokenVerifier {
  const keys = trustedKeys(options.trustedJwks.keys);
  const cached = createVerifiedCache<Caller>({ entriesMax: options.entriesMax });
  return async (token) => {
    if (token === undefined || token === '') throw new TokenMissing();
    return cached(token, () => verifyInternalToken(token, keys, options.audience));
  };
}

type TrustedKeys = Map<string, () => Promise<CryptoKey>>;

function trustedKeys(jwks: JWK[]): TrustedKeys {
  const keys: TrustedKeys = new Map();
  for (const jwk of jwks) {
    assertEd25519(jwk, 'public');
    if (!jwk.kid) throw new TypeError('A trusted key has no kid.');
    const { kid } = jwk;
    const ofSameService = [...keys.keys()].filter((one) => serviceOf(one) === serviceOf(kid));
    if (ofSameService.length === keysPerServiceMax)
      throw new TypeError(`More than ${keysPerServiceMax} trusted keys are of ${serviceOf(kid)}.`);
    if (keys.has(jwk.kid)) throw new TypeError(`Two trusted keys have the kid ${jwk.kid}.`);
    let imported: Promise<CryptoKey> | undefined;
    keys.set(jwk.kid, () => (imported ??= importEd25519(jwk)));
  }
  return keys;
}

async function verifyInternalToken(token: string, keys: TrustedKeys, audience: string) {
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : keys.get(kid);
        if (key === undefined) throw new TokenInvalid('The token is signed by nobody trusted.');
        return key();
      },
      {
        audience,
        typ: tokenType,
        algorithms: [signingAlgorithm],
        clockTolerance: clockToleranceSeconds,
        maxTokenAge: lifeSeconds,
        requiredClaims: ['exp', 'iat', 'sub', 'iss'],
      },
    );
    const value = callerOf(payload, protectedHeader.kid);
    // Whatever it claims for itself: what is kept ends when the token would be refused for its age.
    const endsAt = Math.min(payload.exp ?? 0, (payload.iat ?? 0) + lifeSeconds);
    return { value, expiresAtMs: endsAt * 1000 };
  } catch (err) {
    if (err instanceof TokenInvalid) throw err;
    if (err instanceof errors.JWTExpired) throw new TokenExpired();
    if (err instanceof errors.JOSEError) throw new TokenInvalid('The internal token is not valid.');
    throw err;
  }
}

function callerOf(claims: JWTPayload, kid: string | undefined): Caller {
  const { iss, sub, tenant_id: tenantId } = claims;
  if (iss === undefined || kid === undefined || iss !== serviceOf(kid)) {
    throw new TokenInvalid('The token names another issuer than its key.');
  }
  if (!sub || typeof tenantId !== 'string' || tenantId === '') {
    throw new TokenInvalid('The internal token names no tenant or subject.');
  }
  // Who runs the system opens what is marked service:operator, and no tenant's data.
  const given = iss === operator ? [] : withoutServiceScopes(scopesOfClaims(claims));
  const own = iss === gateway ? [] : [serviceScope(iss)];
  return { tenantId, subject: sub, scopes: impliedScopes([...given, ...own]), issuer: iss };
}
