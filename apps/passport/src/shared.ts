import type { ServiceDeps } from '@onecount/service';
import type { PassportConfig } from './config.ts';
import { createIssuer, type Issuer } from './issuer/issuer.ts';

export type PassportDeps = ServiceDeps<PassportConfig> & { issuer: Issuer };

/** What the nouns of this app share. */
export async function share(deps: ServiceDeps<PassportConfig>): Promise<PassportDeps> {
  const { config } = deps;
  const issuer = await createIssuer({
    publicUrl: config.PASSPORT_PUBLIC_URL,
    name: config.PASSPORT_ISSUER_NAME,
    signingKey: config.PASSPORT_SIGNING_KEY,
    formerKeys: config.PASSPORT_FORMER_KEYS,
  });
  return { ...deps, issuer };
}
