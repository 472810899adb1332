import { createDevelopmentMint, shopScopes, tenantScopes, type Mint } from '@onecount/identity';
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

export type TenantTokens = {
  /** Everything in the tenant. */
  owner: string;
  /** Its counter: sells, reads, opens repairs. */
  cashier: string;
  /** Its public web shop: active products, availability, soft holds, baskets of its own. */
  publishable: string;
};

/** Tenant A's, and one of tenant B. */
export type DevTokens = TenantTokens & {
  /** The owner of tenant B. */
  otherTenant: string;
};

const cashierScopes = [
  'catalog:read',
  'stock:read',
  'sale:read',
  'sale:write',
  'customer:read',
  'customer:write',
  'repair:read',
  'repair:write',
  'passport:read',
  'connection:read',
];

const ownerScopes = [...tenantScopes, 'admin'];

export async function mintTenantTokens(mint: Mint, tenantId: string): Promise<TenantTokens> {
  const token = (subject: string, scopes: readonly string[]) =>
    mint({ tenantId, subject, scopes, expiresInSeconds: weekSeconds });
  return {
    owner: await token('dev-owner', ownerScopes),
    cashier: await token('dev-cashier', cashierScopes),
    publishable: await token('dev-shop', shopScopes),
  };
}

export async function mintDevTokens(mint: Mint): Promise<DevTokens> {
  const other = { tenantId: tenantB, subject: 'dev-other-owner', scopes: ownerScopes };
  return {
    ...(await mintTenantTokens(mint, tenantA)),
    otherTenant: await mint({ ...other, expiresInSeconds: weekSeconds }),
  };
}

/** Signs as the development issuer of the system that runs in this home; undefined when none runs. */
export async function mintOfRunningSystem(
  home: string,
  nodeEnv: string,
): Promise<Mint | undefined> {
  const launcher = await runningLauncher(home);
  const { issuerKey } = homePaths(home);
  if (!launcher?.issuer || !(await readJson(issuerKey))) return undefined;
  return createDevelopmentMint({
    keyFile: issuerKey,
    issuer: launcher.issuer,
    nodeEnv,
  });
}
