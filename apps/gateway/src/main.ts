// First: it decides what the packages below may load.
import './without-reporting.ts';
import { createAccessTokenVerifier, createInternalTokenSigner } from '@onecount/identity';
import { runProcess, withConfig } from '@onecount/process';
import type { Logger } from '@onecount/telemetry';
import { readConfig, type GatewayConfig } from './config.ts';
import { createGatewayServer, readSupergraph } from './gateway-server.ts';
import { readFieldScopes } from './graph/scope-check.ts';

const name = 'gateway';

async function start(config: GatewayConfig, log: Logger) {
  const server = await createGatewayServer({
    supergraphSdl: await readSupergraph(),
    fieldScopes: await readFieldScopes(),
    subgraphs: config.subgraphs,
    signer: createInternalTokenSigner({ service: name, privateJwk: config.INTERNAL_SIGNING_KEY }),
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.OIDC_ISSUER,
      audience: config.OIDC_AUDIENCE,
      jwksUrl: config.OIDC_JWKS_URL,
      tenantClaim: config.OIDC_TENANT_CLAIM,
    }),
    log,
    hasIntrospection: config.INTROSPECTION,
    hasExplorer: config.EXPLORER,
    explorerTokensFile: config.NODE_ENV === 'development' ? config.EXPLORER_TOKENS_FILE : undefined,
    corsOrigins: config.CORS_ORIGINS,
    fairLimits: config.fairLimits,
    safelist: config.safelist,
    serverLimits: config.serverLimits,
    liveLimits: config.liveLimits,
  });
  const url = await server.listen({ host: config.HOST, port: config.PORT });
  return { url, drain: [{ name: 'server', run: () => server.close() }] };
}

await withConfig(name, readConfig, (config) => {
  const drainMsMax = config.DRAIN_TIMEOUT_MS;
  return runProcess({ name, config, drainMsMax, start: (log) => start(config, log) });
});
