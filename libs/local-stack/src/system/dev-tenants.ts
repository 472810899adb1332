import { createDevelopmentMint, tenantScopes, type Mint } from '@onecount/identity';
import { readJson, runningLauncher, homePaths } from './home.ts';

export const tenantA = '01900000-0000-7000-8000-00000000000a';
export const tenantB = '01900000-0000-7000-8000-00000000000b';

/** The locations that each development tenant has. */
export const devLocations = [
  { code: 'HQ', name: 'Headquarters' },
  { code: 'GM', name: 'Garden Mall' },
  { code: 'HM', name: 'Harbour Market' },
];

const weekSeconds = 7 * 24 * 3_600;

export type DevTokens = {
  /** Everything in tenant A. */
  owner: string;
  /** Tenant A's counter: sells, reads, opens repairs. */
  cashier: string;
  /** Tenant A's public web shop: active products, availability, soft holds. */
  publishable: string;
  /** The owner of tenant B. */
  otherTenant: string;
};

const cashierScopes = [
  'catalog:read',
  'stock:read',
  'sale:read',
  'sale:write',
  'repair:read',
  'repair:write',
  'passport:read',
  'connection:read',
];

export async function mintDevTokens(mint: Mint): Promise<DevTokens> {
  const token = (tenantId: string, subject: string, scopes: readonly string[]) =>
    mint({ tenantId, subject, scopes, expiresInSeconds: weekSeconds });
  return {
    owner: await token(tenantA, 'dev-owner', [...tenantScopes, 'admin']),
    cashier: await token(tenantA, 'dev-cashier', cashierScopes),
    publishable: await token(tenantA, 'dev-shop', ['shop:read', 'shop:hold']),
    otherTenant: await token(tenantB, 'dev-other-owner', [...tenantScopes, 'admin']),
  };
}

/** Signs as the development issuer of the system that runs in this home; undefined when none runs. */
export async function mintOfRunningSystem(home: string): Promise<Mint | undefined> {
  const launcher = await runningLauncher(home);
  const { issuerKey } = homePaths(home);
  if (!launcher?.issuer || !(await readJson(issuerKey))) return undefined;
  return createDevelopmentMint({
    keyFile: issuerKey,
    issuer: launcher.issuer,
    nodeEnv: 'development',
  });
}
