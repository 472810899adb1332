import { commaList, httpUrl, jwkJson, loadConfig, port } from '@onecount/config';
import { z } from 'zod';
import { defaultServerLimits, type ServerLimits } from './http/server-limits.ts';
import type { FairLimits } from './limit/fair-limit.ts';
import { defaultFairLimits } from './limit/request-cost.ts';

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
  EXPLORER_TOKENS_FILE: z.string().optional(),
  CORS_ORIGINS: commaList.optional(),
  FAIR_LIMITS: z.stringbool().default(true),
  CALLER_COST_PER_SECOND: count.default(defaultFairLimits.caller.perSecond),
  TENANT_COST_PER_SECOND: count.default(defaultFairLimits.tenant.perSecond),
  CALLER_COST_RUNNING: count.default(defaultFairLimits.caller.runningMax),
  TENANT_COST_RUNNING: count.default(defaultFairLimits.tenant.runningMax),
  CONNECTIONS_MAX: count.default(defaultServerLimits.connectionsMax),
  REQUEST_TIMEOUT_MS: milliseconds.default(defaultServerLimits.requestMsMax),
  DRAIN_TIMEOUT_MS: milliseconds.default(10_000),
  ONECOUNT_PARENT_PID: z.coerce.number().int().positive().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
});

type Env = z.infer<typeof gatewayEnv>;
export type SubgraphAddress = { name: SubgraphName; url: string; timeoutMs: number };
export type GatewayConfig = Env & {
  subgraphs: SubgraphAddress[];
  fairLimits: FairLimits | null;
  serverLimits: ServerLimits;
};

/** Throws ConfigError with every problem of the environment at once. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const config = loadConfig(gatewayEnv, env);
  const subgraphs = subgraphNames.map((name) => {
    const prefix = name.toUpperCase().replaceAll('-', '_') as EnvPrefix;
    const timeoutMs = config[`${prefix}_TIMEOUT_MS`] ?? config.SUBGRAPH_TIMEOUT_MS;
    return { name, url: config[`${prefix}_URL`], timeoutMs };
  });
  return { ...config, subgraphs, fairLimits: fairLimitsOf(config), serverLimits: serverOf(config) };
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
