import { commaList, httpUrl, jwkJson, loadConfig, processEnv } from '@onecount/config';
import { z } from 'zod';
import { defaultServerLimits, type ServerLimits } from './http/server-limits.ts';
import { defaultLiveLimits, type LiveLimits } from './live/live-connections.ts';
import type { FairLimits } from './limit/fair-limit.ts';
import { defaultFairLimits } from './limit/request-cost.ts';
import { readManifests, type ListedOperations } from './safelist/manifest.ts';
import { safelistModes, type SafelistOptions } from './safelist/safelist.ts';

/** The subgraphs of the supergraph and where each is configured: `storefront-sync` → STOREFRONT_SYNC_URL. */
const subgraphNames = [
  'catalog',
  'inventory',
  'pos',
  'workshop',
  'passport',
  'storefront-sync',
] as const;
export type SubgraphName = (typeof subgraphNames)[number];

const count = z.coerce.number().int().min(1).max(1_000_000);
/** Manifests are read when the process starts. */
const manifestFiles = commaList.transform((files, ctx): ListedOperations => {
  try {
    return readManifests(files);
  } catch (err) {
    ctx.issues.push({ code: 'custom', message: (err as Error).message, input: '' });
    return z.NEVER;
  }
});
const milliseconds = z.coerce.number().int().min(1).max(600_000);

export const configSchema = z.object({
  ...processEnv,
  OIDC_ISSUER: z.string().describe('Who issues access tokens.'),
  OIDC_AUDIENCE: z.string().default('onecount').describe('What an access token must be for.'),
  OIDC_JWKS_URL: httpUrl.describe('Keys of the issuer, read by their `kid`.'),
  OIDC_TENANT_CLAIM: z
    .string()
    .default('tenant_id')
    .describe('Claim that names the tenant (a UUID).'),
  INTERNAL_SIGNING_KEY: jwkJson.describe(
    'Private Ed25519 JWK, `kid` `gateway` or `gateway.<id>`; the services trust its public half.',
  ),
  CATALOG_URL: httpUrl.describe('Origin of catalog.'),
  INVENTORY_URL: httpUrl.describe('Origin of inventory.'),
  POS_URL: httpUrl.describe('Origin of pos.'),
  WORKSHOP_URL: httpUrl.describe('Origin of workshop.'),
  PASSPORT_URL: httpUrl.describe('Origin of passport.'),
  STOREFRONT_SYNC_URL: httpUrl.describe('Origin of storefront-sync.'),
  SUBGRAPH_TIMEOUT_MS: milliseconds
    .default(10_000)
    .describe('How long a service may take to answer; one of its own for each beside it.'),
  CATALOG_TIMEOUT_MS: milliseconds.optional().describe('`SUBGRAPH_TIMEOUT_MS` for catalog.'),
  INVENTORY_TIMEOUT_MS: milliseconds.optional().describe('`SUBGRAPH_TIMEOUT_MS` for inventory.'),
  POS_TIMEOUT_MS: milliseconds.optional().describe('`SUBGRAPH_TIMEOUT_MS` for pos.'),
  WORKSHOP_TIMEOUT_MS: milliseconds.optional().describe('`SUBGRAPH_TIMEOUT_MS` for workshop.'),
  PASSPORT_TIMEOUT_MS: milliseconds.optional().describe('`SUBGRAPH_TIMEOUT_MS` for passport.'),
  STOREFRONT_SYNC_TIMEOUT_MS: milliseconds
    .optional()
    .describe('`SUBGRAPH_TIMEOUT_MS` for storefront-sync.'),
  INTROSPECTION: z.stringbool().default(false).describe('Open schema, also without a token.'),
  EXPLORER: z
    .stringbool()
    .default(false)
    .describe('GraphiQL at `GET /graphql`, from the development dependencies.'),
  EXPLORER_TOKENS_FILE: z
    .string()
    .optional()
    .describe('In development: the `dev.json` whose tokens the explorer offers.'),
  CORS_ORIGINS: commaList.optional().describe('Origins of browsers, comma-separated, or `*`.'),
  SAFELIST_MANIFESTS: manifestFiles
    .optional()
    .describe(
      'Files of `npm run manifest`, comma-separated: only their operations run (`docs/persisted-operations.md`).',
    ),
  SAFELIST_MODE: z
    .enum(safelistModes)
    .default('enforce')
    .describe(
      'With `report` every operation runs, and the log and a metric say what is not listed.',
    ),
  FAIR_LIMITS: z
    .stringbool()
    .default(true)
    .describe('Shares of callers and tenants; `false` where an ingress keeps them.'),
  CALLER_COST_PER_SECOND: count
    .default(defaultFairLimits.caller.perSecond)
    .describe('What a caller may start in a second; five times that at once.'),
  TENANT_COST_PER_SECOND: count
    .default(defaultFairLimits.tenant.perSecond)
    .describe('The same for a tenant.'),
  CALLER_COST_RUNNING: count
    .default(defaultFairLimits.caller.runningMax)
    .describe('What a caller may have running at a time.'),
  TENANT_COST_RUNNING: count
    .default(defaultFairLimits.tenant.runningMax)
    .describe('The same for a tenant.'),
  CONNECTIONS_MAX: count.default(defaultServerLimits.connectionsMax).describe('Open connections.'),
  LIVE_CONNECTIONS_MAX: count
    .default(defaultLiveLimits.connectionsMax)
    .describe('Clients of live counts, beside the other connections.'),
  TENANT_LIVE_CONNECTIONS_MAX: count
    .default(defaultLiveLimits.tenantConnectionsMax)
    .describe('The same of one tenant.'),
  REQUEST_TIMEOUT_MS: milliseconds
    .default(defaultServerLimits.requestMsMax)
    .describe('How long a request may take to arrive.'),
  DRAIN_TIMEOUT_MS: milliseconds
    .default(10_000)
    .describe('How long running requests may take after SIGTERM.'),
});

type Env = z.infer<typeof configSchema>;
export type SubgraphAddress = { name: SubgraphName; url: string; timeoutMs: number };
export type GatewayConfig = Env & {
  subgraphs: SubgraphAddress[];
  fairLimits: FairLimits | null;
  safelist: SafelistOptions | undefined;
  serverLimits: ServerLimits;
  liveLimits: LiveLimits;
};

/** Throws ConfigError with every problem of the environment at once. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const config = loadConfig(configSchema, env);
  const subgraphs = subgraphNames.map((name) => {
    const prefix = name.toUpperCase().replaceAll('-', '_') as EnvPrefix;
    const timeoutMs = config[`${prefix}_TIMEOUT_MS`] ?? config.SUBGRAPH_TIMEOUT_MS;
    return { name, url: config[`${prefix}_URL`], timeoutMs };
  });
  const liveLimits = {
    connectionsMax: config.LIVE_CONNECTIONS_MAX,
    tenantConnectionsMax: config.TENANT_LIVE_CONNECTIONS_MAX,
  };
  const limits = { fairLimits: fairLimitsOf(config), serverLimits: serverOf(config), liveLimits };
  const { SAFELIST_MANIFESTS: operations, SAFELIST_MODE: mode } = config;
  return { ...config, subgraphs, ...limits, safelist: operations && { operations, mode } };
}

const burstSeconds = 5;

function fairLimitsOf(config: Env): FairLimits | null {
  if (!config.FAIR_LIMITS) return null;
  const share = (runningMax: number, perSecond: number) => {
    return { runningMax, perSecond, burst: perSecond * burstSeconds };
  };
  return {
    ...defaultFairLimits,
    caller: share(config.CALLER_COST_RUNNING, config.CALLER_COST_PER_SECOND),
    tenant: share(config.TENANT_COST_RUNNING, config.TENANT_COST_PER_SECOND),
  };
}

function serverOf(config: Env): ServerLimits {
  const { CONNECTIONS_MAX: connectionsMax, REQUEST_TIMEOUT_MS: requestMsMax } = config;
  const headersMsMax = Math.ceil(requestMsMax / 3);
  return { ...defaultServerLimits, connectionsMax, requestMsMax, headersMsMax };
}

type EnvPrefix = 'CATALOG' | 'INVENTORY' | 'POS' | 'WORKSHOP' | 'PASSPORT' | 'STOREFRONT_SYNC';

/** @apollo/gateway reports to its maker unless the environment says no; read when it is constructed. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}
