export {
  createAccessTokenVerifier,
  type AccessIdentity,
  type AccessTokenOptions,
  type AccessTokenVerifier,
} from './access-token.ts';
export {
  createDevelopmentIssuer,
  createDevelopmentMint,
  developmentAudience,
  DevelopmentIssuerRefused,
  type DevelopmentIssuer,
  type Mint,
  type MintRequest,
} from './development-issuer.ts';
export {
  createInternalTokenSigner,
  createInternalTokenVerifier,
  type Caller,
  type InternalTokenRequest,
  type InternalTokenSigner,
  type InternalTokenVerifier,
} from './internal-token.ts';
export {
  impliedScopes,
  scopes,
  serviceScope,
  shopScopes,
  tenantScopes,
  withoutServiceScopes,
  type Scope,
} from './scopes.ts';
export { generateSigningKey, type SigningKey } from './signing-key.ts';
export {
  TokenError,
  TokenExpired,
  TokenInvalid,
  TokenKeysUnavailable,
  TokenMissing,
} from './token.errors.ts';
