// First: it decides what the packages below may load.
import './without-reporting.ts';
import { ConfigError } from '@onecount/config';
import { createAccessTokenVerifier, createInternalTokenSigner } from '@onecount/identity';
import { createLogger, startProcessMetrics, startTracing } from '@onecount/telemetry';
import { readConfig, type GatewayConfig } from './config.ts';
import { createGatewayServer, readSupergraph } from './gateway-server.ts';
import { drainOnStop } from './process.ts';

const service = 'gateway';

async function run(config: GatewayConfig): Promise<void> {
  const log = createLogger({ service, level: config.LOG_LEVEL });
  startProcessMetrics(service);
  const tracing = await startTracing({ service, endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT });
  const server = await createGatewayServer({
    supergraphSdl: await readSupergraph(),
    subgraphs: config.subgraphs,
    signer: createInternalTokenSigner({ service, privateJwk: config.INTERNAL_SIGNING_KEY }),
    verifyAccessToken: createAccessTokenVerifier({
      issuer: config.OIDC_ISSUER,
      audience: config.OIDC_AUDIENCE,
      jwksUrl: config.OIDC_JWKS_URL,
      tenantClaim: config.OIDC_TENANT_CLAIM,
    }),
    log,
    hasIntrospection: config.INTROSPECTION,
    hasExplorer: config.EXPLORER,
    corsOrigins: config.CORS_ORIGINS,
  });
  drainOnStop({
    close: async () => {
      await server.close();
      await tracing.stop();
    },
    parentPid: config.ONECOUNT_PARENT_PID,
    drainMsMax: config.DRAIN_TIMEOUT_MS,
    log,
  });
  const url = await server.listen({ host: config.HOST, port: config.PORT });
  log.info({ url }, 'listening');
}

try {
  await run(readConfig());
} catch (err) {
  const log = createLogger({ service });
  if (err instanceof ConfigError) for (const problem of err.problems) log.fatal(problem);
  else log.fatal({ err }, 'the gateway could not start');
  process.exitCode = 1;
}
