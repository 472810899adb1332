import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  answerNotFound,
  closeGently,
  createHttpErrorHandler,
  parseJsonBodies,
} from '@onecount/graphql';
import type { AccessTokenVerifier, InternalTokenSigner } from '@onecount/identity';
import { addHealthRoutes } from '@onecount/process';
import type { Logger } from '@onecount/telemetry';
import fastify, { type FastifyInstance } from 'fastify';
import type { SubgraphAddress } from './config.ts';
import { addExplorerRoutes, sendExplorer } from './explorer/explorer.routes.ts';
import { startApollo } from './graph/apollo.ts';
import { createFederatedGateway } from './graph/federated-gateway.ts';
import type { FieldScopes } from './graph/scope-check.ts';
import { addCors } from './http/cors.ts';
import { addGraphqlRoute } from './http/graphql.route.ts';
import {
  capConnections,
  defaultServerLimits,
  serverOptions,
  type ServerLimits,
} from './http/server-limits.ts';
import { createFairLimit, type FairLimits } from './limit/fair-limit.ts';
import { defaultFairLimits } from './limit/request-cost.ts';
import { defaultLiveLimits, type LiveLimits } from './live/live-connections.ts';
import { addLiveStock } from './live/live-stock.route.ts';
import { createSafelist, type SafelistOptions } from './safelist/safelist.ts';
import { createSubgraphDataSource } from './subgraph/subgraph.data-source.ts';
import { createSubgraphHealth } from './subgraph/subgraph.health.ts';

export type GatewayServerOptions = {
  supergraphSdl: string;
  fieldScopes: FieldScopes;
  subgraphs: (Omit<SubgraphAddress, 'name'> & { name: string; responseBytesMax?: number })[];
  signer: InternalTokenSigner;
  verifyAccessToken: AccessTokenVerifier;
  log: Logger;
  hasIntrospection?: boolean;
  hasExplorer?: boolean;
  /** The dev.json whose tokens the explorer offers; development only. */
  explorerTokensFile?: string;
  corsOrigins?: readonly string[];
  /** The shares of callers and tenants; null for none, where an ingress keeps them apart. */
  fairLimits?: FairLimits | null;
  /** The operations that may run; every operation, where there is none. */
  safelist?: SafelistOptions | undefined;
  serverLimits?: ServerLimits;
  liveLimits?: LiveLimits;
};
export type GatewayServer = {
  app: FastifyInstance;
  /** Resolves to the address, `http://127.0.0.1:4000`. */
  listen(at: { host: string; port: number }): Promise<string>;
  /** Not ready from now on; lets running requests finish, then closes. */
  close(): Promise<void>;
};

const bodyBytesMax = 256 * 1024;

/** The composed and committed graph: what runs is what was checked. */
export function readSupergraph(): Promise<string> {
  return readFile(path.join(import.meta.dirname, '../supergraph.graphql'), 'utf8');
}

export async function createGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const { log, signer } = options;
  const hasIntrospection = options.hasIntrospection ?? false;
  const { fairLimits = defaultFairLimits } = options;
  const dataSources = new Map(
    options.subgraphs.map((one) => [one.name, createSubgraphDataSource({ ...one, signer, log })]),
  );
  const { supergraphSdl, fieldScopes } = options;
  const gateway = createFederatedGateway({ supergraphSdl, fieldScopes, dataSources, log });
  const apollo = await startApollo({
    gateway,
    hasIntrospection,
    hasAutomaticPersistedQueries: options.safelist?.mode !== 'enforce',
    log,
  });
  let isDraining = false;
  const { serverLimits = defaultServerLimits, liveLimits = defaultLiveLimits } = options;
  const app = createApp(log, serverLimits, liveLimits);
  if (options.corsOrigins) addCors(app, options.corsOrigins);
  const health = createSubgraphHealth(options.subgraphs);
  // Health and metrics; an ingress publishes /graphql only.
  addHealthRoutes(app, {
    report: async () => (isDraining ? { status: 'draining' } : health()),
  });
  const fairLimit = fairLimits && createFairLimit(fairLimits);
  const verify = options.verifyAccessToken;
  const inventory = options.subgraphs.find(({ name }) => name === 'inventory')!;
  const catalog = dataSources.get('catalog')!;
  const asking = { verify, fairLimit, log };
  const live = addLiveStock(app, { ...asking, inventory, catalog, signer, limits: liveLimits });
  addGraphqlRoute(app, {
    ...asking,
    apollo,
    gateway,
    safelist: options.safelist && createSafelist({ ...options.safelist, log }),
    hasIntrospection,
    sendExplorer: options.hasExplorer ? sendExplorer : undefined,
  });
  if (options.hasExplorer) addExplorerRoutes(app, options.explorerTokensFile);
  return {
    app,
    listen: (at) => app.listen(at),
    async close() {
      isDraining = true;
      await live.close();
      await closeGently(app);
      await apollo.stop();
      await Promise.all([...dataSources.values()].map((dataSource) => dataSource.close()));
    },
  };
}

function createApp(log: Logger, serverLimits: ServerLimits, live: LiveLimits): FastifyInstance {
  const app = fastify({
    ...serverOptions(serverLimits),
    bodyLimit: bodyBytesMax,
    forceCloseConnections: 'idle',
    logger: false,
    exposeHeadRoutes: false,
  });
  app.setErrorHandler(createHttpErrorHandler({ log, bodyBytesMax }));
  app.setNotFoundHandler(answerNotFound);
  app.removeContentTypeParser('text/plain');
  capConnections(app, serverLimits.connectionsMax + live.connectionsMax);
  parseJsonBodies(app);
  return app;
}
