import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { scopesOfClaims, withoutServiceScopes } from './scopes.ts';
import { TokenExpired, TokenInvalid, TokenKeysUnavailable, TokenMissing } from './token.errors.ts';
import { createVerifiedCache } from './verified-cache.ts';

/** Who calls from outside. One object per token while it is cached, so it can key a WeakMap. */
export type AccessIdentity = {
  tenantId: string;
  subject: string;
  scopes: ReadonlySet<string>;
  expiresAt: Date;
};
export type AccessTokenVerifier = (token: string | undefined) => Promise<AccessIdentity>;
export type AccessTokenOptions = {
  issuer: string;
  audience: string;
  jwksUrl: string;
  tenantClaim?: string;
  entriesMax?: number;
};

// Signatures only: with HS256 allowed, a public key could be used as the shared secret.
const algorithms = ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'PS256', 'RS256'];
const clockToleranceSeconds = 5;
const keysTimeoutMs = 3_000;
// A key that the issuer withdraws stops working after this time, however long its tokens live.
const cacheMsMax = 5 * 60_000;
const tokenCharactersMax = 8_192;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Checks tokens of the OIDC issuer: signature, issuer, audience, times, tenant and subject.
 * Throws TokenMissing, TokenExpired, TokenInvalid, or TokenKeysUnavailable (worth a retry).
 * `service:*` scopes are dropped: only an internal token may name a service.
 */
export function createAccessTokenVerifier(options: AccessTokenOptions): AccessTokenVerifier {
  const keys = createRemoteJWKSet(new URL(options.jwksUrl), { timeoutDuration: keysTimeoutMs });
  const cached = createVerifiedCache<AccessIdentity>({
    entriesMax: options.entriesMax,
    ageMsMax: cacheMsMax,
  });
  return async (token) => {
    if (token === undefined || token === '') throw new TokenMissing();
    if (token.length > tokenCharactersMax) throw new TokenInvalid('The token is too long.');
    return cached(token, async () => {
      const claims = await verifiedClaims(token, keys, options);
      const value = identityOf(claims, options.tenantClaim ?? 'tenant_id');
      return { value, expiresAtMs: value.expiresAt.getTime() };
    });
  };
}

async function verifiedClaims(
  token: string,
  keys: JWTVerifyGetKey,
  { issuer, audience }: AccessTokenOptions,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms,
      clockTolerance: clockToleranceSeconds,
      requiredClaims: ['exp', 'sub'],
    });
    return payload;
  } catch (err) {
    throw accessTokenError(err);
  }
}

function identityOf(claims: JWTPayload, tenantClaim: string): AccessIdentity {
  const tenantId = claims[tenantClaim];
  if (typeof tenantId !== 'string' || !uuid.test(tenantId)) {
    throw new TokenInvalid('The token names no tenant.');
  }
  if (!claims.sub) throw new TokenInvalid('The token names no subject.');
  return {
    tenantId,
    subject: claims.sub,
    scopes: new Set(withoutServiceScopes(scopesOfClaims(claims))),
    expiresAt: new Date((claims.exp ?? 0) * 1000),
  };
}

function accessTokenError(err: unknown): Error {
  if (err instanceof errors.JWTExpired) return new TokenExpired();
  if (err instanceof errors.JWTClaimValidationFailed) {
    return new TokenInvalid(`The token's claim "${err.claim}" is not accepted.`);
  }
  // The key set answered, so these are about the token and not about the issuer's reachability.
  const isAboutToken =
    err instanceof errors.JWSSignatureVerificationFailed ||
    err instanceof errors.JWSInvalid ||
    err instanceof errors.JWTInvalid ||
    err instanceof errors.JOSEAlgNotAllowed ||
    err instanceof errors.JOSENotSupported ||
    err instanceof errors.JWKSNoMatchingKey ||
    err instanceof errors.JWKSMultipleMatchingKeys;
  if (isAboutToken) return new TokenInvalid('The token is not valid.');
  return new TokenKeysUnavailable({ cause: err });
}
