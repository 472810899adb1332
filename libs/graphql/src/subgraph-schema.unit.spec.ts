import { parse } from 'graphql';
import { createLogger } from '@onecount/telemetry';
import { createContext, type SubgraphContext } from './context.ts';
import { createExecutor } from './executor.ts';
import { buildSubgraph } from './subgraph-schema.ts';

describe('mutations of one request', () => {
  const log = createLogger({ service: 'counter', level: 'silent' });
  const typeDefs = `
    extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@key", "@shareable", "@inaccessible", "@external"]
    )
    type Query { total: Int! @scopes(anyOf: ["sale:write"]) }
    type Mutation { add: Counted! @scopes(anyOf: ["sale:write"]) }
    type Counted { total: Int! }`;

  it('each tell what is there after them, however the request is run', async () => {
    let total = 0;
    const read = (_: unknown, __: unknown, context: SubgraphContext) =>
      context.loader<string, number>('total', async (keys) => keys.map(() => total)).load('all');
    const add = async (_: unknown, __: unknown, context: SubgraphContext) => {
      await read(_, __, context);
      total += 1;
      return {};
    };
    const resolvers = { Query: { total: read }, Mutation: { add }, Counted: { total: read } };
    const { run } = createExecutor(buildSubgraph({ typeDefs: [typeDefs], resolvers }));
    const document = parse('mutation { first: add { total } second: add { total } }');
    const ask = async () => {
      const scopes = new Set(['sale:write']);
      const caller = { tenantId: 'a', subject: 'somebody', scopes, issuer: 'gateway' };
      const context = createContext({ caller, requestId: 'r-1', log });
      const variables = {};
      return run({ document, text: 'h', operationName: undefined, variables, context });
    };
    // Plain at first, compiled from the second time on.
    for (const before of [0, 2, 4])
      expect(await ask()).toEqual({
        data: { first: { total: before + 1 }, second: { total: before + 2 } },
      });
  });
});
