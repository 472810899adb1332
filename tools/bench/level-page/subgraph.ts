// Inventory's own subgraph over a database of the bench; it serves one tenant and asks for no real token.
import { createDatabase } from '@onecount/db';
import { createSubgraphServer } from '@onecount/graphql';
import { tenantA } from '@onecount/local-stack';
import { createLogger } from '@onecount/telemetry';
import { configSchema } from '../../../apps/inventory/src/config.ts';
import { definition } from '../../../apps/inventory/src/service.ts';
import { reportListening } from '../child.ts';
import { readEnvironment } from '../config.ts';

const log = createLogger({ service: 'bench-inventory', level: 'warn' });
const config = configSchema.parse(readEnvironment());
const db = await createDatabase({
  url: config.DATABASE_URL,
  applicationName: 'bench inventory',
  poolMax: config.DATABASE_POOL_MAX,
  onPoolError: (err) => log.warn({ err }, 'a database connection broke'),
});
const client = (): never => {
  throw new Error('inventory calls nobody');
};
const { resolvers } = await definition.start({
  config,
  db,
  log,
  backgroundLog: log,
  signer: undefined,
  client,
  wakeRelay: () => undefined,
  verifyInternalToken: client,
  tail: client,
});
const scopes = new Set(['stock:read']);
const server = await createSubgraphServer({
  name: definition.name,
  typeDefs: [definition.typeDefs()],
  resolvers,
  log,
  verifyInternalToken: async () => ({
    tenantId: tenantA,
    subject: 'bench',
    issuer: 'gateway',
    scopes,
  }),
});
reportListening(await server.listen({ host: '127.0.0.1', port: 0 }));
