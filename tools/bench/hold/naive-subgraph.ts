// A subgraph whose holds are the naive ones; server, token and network are as in the real one.
import { loadConfig, serviceEnv } from '@onecount/config';
import { createSubgraphServer, type SubgraphContext } from '@onecount/graphql';
import { createInternalTokenVerifier } from '@onecount/identity';
import { createLogger } from '@onecount/telemetry';
import { z } from 'zod';
import { reportListening } from '../child.ts';
import { readEnvironment } from '../config.ts';
import { createNaiveHolds } from './naive-hold.ts';

const config = loadConfig(z.object(serviceEnv), readEnvironment());
const holds = createNaiveHolds({ url: config.DATABASE_URL, poolMax: config.DATABASE_POOL_MAX });

const server = await createSubgraphServer({
  name: 'inventory',
  typeDefs: [
    /* GraphQL */ `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
      type Query {
        nothing: Boolean @scopes(anyOf: ["stock:read"])
      }
      type Mutation {
        holdCreate(input: HoldCreateInput!): HoldCreateSuccess! @scopes(anyOf: ["stock:write"])
      }
      input HoldCreateInput {
        sku: String!
        serial: String
        quantity: Int = 1
        idempotencyKey: String!
      }
      type HoldCreateSuccess {
        hold: Hold!
      }
      type Hold {
        id: ID!
      }
    `,
  ],
  resolvers: {
    Mutation: {
      holdCreate: async (_: unknown, { input }: Arguments, { caller }: SubgraphContext) => ({
        hold: await holds.place(caller.tenantId, input.sku, input.serial),
      }),
    },
  },
  verifyInternalToken: createInternalTokenVerifier({
    audience: 'inventory',
    trustedJwks: config.INTERNAL_TRUSTED_KEYS,
  }),
  log: createLogger({ service: 'naive' }),
});

type Arguments = { input: { sku: string; serial?: string } };

reportListening(await server.listen({ host: '127.0.0.1', port: 0 }));
