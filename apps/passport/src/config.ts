import { eventWaitMs, httpUrl, jwkJson, jwksJson, loadConfig, serviceEnv } from '@onecount/config';
import { z } from 'zod';

const schema = z.object({
  ...serviceEnv,
  // No path: the issuer's identifier did:web:<host> is resolved at the root of the host.
  PASSPORT_PUBLIC_URL: httpUrl
    .refine((url) => URL.parse(url)?.pathname === '/', 'must have no path')
    .transform((url) => new URL(url).origin),
  PASSPORT_SIGNING_KEY: jwkJson.refine(isSigningKey, 'must be an Ed25519 or P-256 key'),
  PASSPORT_FORMER_KEYS: jwksJson.optional(),
  EVENT_WAIT_MS: eventWaitMs,
  PASSPORT_ISSUER_NAME: z.string().max(200).default('Onecount'),
});

export type PassportConfig = z.infer<typeof schema>;

export function readConfig(env: NodeJS.ProcessEnv = process.env): PassportConfig {
  return loadConfig(schema, env);
}

function isSigningKey(jwk: { kty: string; crv?: unknown }): boolean {
  return ['OKP/Ed25519', 'EC/P-256'].includes(`${jwk.kty}/${String(jwk.crv)}`);
}
