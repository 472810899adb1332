import { eventWaitMs, httpUrl, jwkJson, jwksJson, loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

export const configSchema = z.object({
  ...serviceEnv,
  // No path: the issuer's identifier did:web:<host> is resolved at the root of the host.
  PASSPORT_PUBLIC_URL: httpUrl
    .refine((url) => URL.parse(url)?.pathname === '/', 'must have no path')
    .transform((url) => new URL(url).origin)
    .describe('Public origin of passports and of their issuer (`did:web`).'),
  PASSPORT_SIGNING_KEY: jwkJson
    .refine(isSigningKey, 'must be an Ed25519 or P-256 key')
    .describe('Private JWK that signs passports.'),
  PASSPORT_FORMER_KEYS: jwksJson
    .optional()
    .describe('Public halves of earlier keys: what they signed still verifies.'),
  EVENT_WAIT_MS: eventWaitMs,
  PASSPORT_ISSUER_NAME: z
    .string()
    .max(200)
    .default('Onecount')
    .describe('Name of the issuer in a passport.'),
});

export type PassportConfig = z.infer<typeof configSchema>;

export function readConfig(env: NodeJS.ProcessEnv = process.env): PassportConfig {
  return loadConfig(configSchema, env);
}

function isSigningKey(jwk: { kty: string; crv?: unknown }): boolean {
  return ['OKP/Ed25519', 'EC/P-256'].includes(`${jwk.kty}/${String(jwk.crv)}`);
}
