import { buildSubgraph, createContext, type Resolvers } from '@onecount/graphql';
import type { TestDatabase } from '@onecount/testing';
import { graphql } from 'graphql';
import type { Config } from '../src/config.ts';
import { definition } from '../src/service.ts';

const silent = { info() {}, warn() {}, error() {}, debug() {}, child: () => silent } as never;

/** The resolvers over a database, as the process wires them; asked without HTTP, with scopes enforced. */
export async function openSubgraph({ db }: Pick<TestDatabase, 'db'>) {
  const config = {
    DATABASE_POOL_MAX: 10,
    LEVEL_PUBLISH_MS: 100,
    HOLD_SWEEP_MS: 500,
    INTERNAL_TRUSTED_KEYS: { keys: [] as unknown[] },
  } as Config;
  const deps = { config, db, log: silent, backgroundLog: silent, wakeRelay: () => undefined };
  const { resolvers } = await definition.start(deps as never);
  const schema = buildSubgraph({
    typeDefs: [definition.typeDefs()],
    resolvers: resolvers as Resolvers,
  });

  return async function ask(
    { tenantId, scopes = ['stock:write', 'stock:read'] }: { tenantId: string; scopes?: string[] },
    source: string,
    variableValues: Record<string, unknown> = {},
  ) {
    const caller = { tenantId, subject: 'tester', scopes: new Set(scopes), issuer: 'gateway' };
    const contextValue = createContext({ caller, requestId: 'r', log: silent });
    const { data, errors } = await graphql({ schema, source, variableValues, contextValue });
    const plain = JSON.parse(JSON.stringify(data ?? null)) as any;
    return { data: plain, codes: (errors ?? []).map(({ extensions }) => extensions['code']) };
  };
}
