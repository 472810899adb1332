// The gateway as the documentation shows it: ApolloGateway with RemoteGraphQLDataSource. It signs for one
// fixed caller, which spares it the verifying of access tokens that ours does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createInternalTokenSigner } from '@onecount/identity';
import { reportListening } from '../child.ts';
import { readEnvironment } from '../config.ts';

type Settings = { urls: Record<string, string>; privateJwk: object; tenantId: string };

const { urls, privateJwk, tenantId } = JSON.parse(
  readEnvironment()['BENCH_SUBGRAPHS']!,
) as Settings;
const signer = createInternalTokenSigner({ service: 'gateway', privateJwk });
const scopes = new Set(['admin']);
const supergraph = join(import.meta.dirname, '../../../apps/gateway/supergraph.graphql');

const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(supergraph, 'utf8'),
  buildService: ({ name, url }) =>
    new RemoteGraphQLDataSource({
      url: urls[name] ?? url,
      async willSendRequest({ request }) {
        const token = await signer.tokenFor({ audience: name, tenantId, subject: 'bench', scopes });
        request.http?.headers.set('authorization', `Bearer ${token}`);
      },
    }),
});
const server = new ApolloServer({ gateway });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
reportListening(url);
