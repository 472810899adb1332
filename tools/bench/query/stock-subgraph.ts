// The same schema and resolvers behind a server as the documentation shows it: ApolloServer, standalone.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createDatabase } from '@onecount/db';
import { buildSubgraph, createContext } from '@onecount/graphql';
import { createInternalTokenVerifier } from '@onecount/identity';
import { createLogger } from '@onecount/telemetry';
import { reportListening } from '../child.ts';
import { readEnvironment } from '../config.ts';

const name = readEnvironment()['BENCH_SERVICE']!;
const { definition } = await import(`../../../apps/${name}/src/service.ts`);
const { readConfig } = await import(`../../../apps/${name}/src/config.ts`);
const config = readConfig();
const log = createLogger({ service: `stock-${name}` });
const db = await createDatabase({
  url: config.DATABASE_URL,
  applicationName: `stock-${name}`,
  poolMax: config.DATABASE_POOL_MAX,
  entities: definition.entities,
  onPoolError: (err) => log.warn({ err }, 'a database connection broke'),
});
const parts = await definition.start({
  config,
  db,
  log,
  client: () => ({ call: async () => ({}), close: async () => {} }),
  wakeRelay() {},
});
const schema = buildSubgraph({ typeDefs: [definition.typeDefs()], resolvers: parts.resolvers });
const verify = createInternalTokenVerifier({
  audience: name,
  trustedJwks: config.INTERNAL_TRUSTED_KEYS,
});

const server = new ApolloServer<object>({ schema });
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => {
    const caller = await verify(req.headers.authorization?.slice('Bearer '.length));
    return createContext({ caller, requestId: 'bench', log });
  },
});
reportListening(url);
