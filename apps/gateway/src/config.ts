import { commaList, httpUrl, jwkJson, loadConfig, port } from '@onecount/config';
import { z } from 'zod';

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

const milliseconds = z.coerce.number().int().min(1).max(600_000);

const gatewayEnv = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('production'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  OIDC_ISSUER: z.string(),
  OIDC_AUDIENCE: z.string().default('onecount'),
  OIDC_JWKS_URL: httpUrl,
  OIDC_TENANT_CLAIM: z.string().default('tenant_id'),
  INTERNAL_SIGNING_KEY: jwkJson,
  CATALOG_URL: httpUrl,
  INVENTORY_URL: httpUrl,
  POS_URL: httpUrl,
  WORKSHOP_URL: httpUrl,
  PASSPORT_URL: httpUrl,
  STOREFRONT_SYNC_URL: httpUrl,
  SUBGRAPH_TIMEOUT_MS: milliseconds.default(10_000),
  CATALOG_TIMEOUT_MS: milliseconds.optional(),
  INVENTORY_TIMEOUT_MS: milliseconds.optional(),
  POS_TIMEOUT_MS: milliseconds.optional(),
  WORKSHOP_TIMEOUT_MS: milliseconds.optional(),
  PASSPORT_TIMEOUT_MS: milliseconds.optional(),
  STOREFRONT_SYNC_TIMEOUT_MS: milliseconds.optional(),
  INTROSPECTION: z.stringbool().default(false),
  EXPLORER: z.stringbool().default(false),
  CORS_ORIGINS: commaList.optional(),
  DRAIN_TIMEOUT_MS: milliseconds.default(10_000),
  ONECOUNT_PARENT_PID: z.coerce.number().int().positive().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
});

type Env = z.infer<typeof gatewayEnv>;
export type SubgraphAddress = { name: SubgraphName; url: string; timeoutMs: number };
export type GatewayConfig = Env & { subgraphs: SubgraphAddress[] };

/** Throws ConfigError with every problem of the environment at once. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const config = loadConfig(gatewayEnv, env);
  const subgraphs = subgraphNames.map((name) => {
    const prefix = name.toUpperCase().replaceAll('-', '_') as EnvPrefix;
    const timeoutMs = config[`${prefix}_TIMEOUT_MS`] ?? config.SUBGRAPH_TIMEOUT_MS;
    return { name, url: config[`${prefix}_URL`], timeoutMs };
  });
  return { ...config, subgraphs };
}

type EnvPrefix = 'CATALOG' | 'INVENTORY' | 'POS' | 'WORKSHOP' | 'PASSPORT' | 'STOREFRONT_SYNC';

/** @apollo/gateway reports to its maker unless the environment says no; read when it is constructed. */
export function disableApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}
