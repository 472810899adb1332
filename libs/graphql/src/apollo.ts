import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from '@onecount/telemetry';
import type { SubgraphContext } from './context.ts';
import { createErrorFormatter } from './error-format.ts';
import { createExecutor } from './executor.ts';
import { limitRules, type QueryLimits } from './limits.ts';

type Gateway = NonNullable<ApolloServerOptions<SubgraphContext>['gateway']>;

/** ApolloServer with our executor in the place that it keeps for a gateway's. */
export async function startApollo(options: {
  schema: GraphQLSchema;
  limits: QueryLimits;
  hasIntrospection: boolean;
  log: Logger;
}): Promise<ApolloServer<SubgraphContext>> {
  const server = new ApolloServer<SubgraphContext>({
    gateway: executorGateway(options.schema),
    introspection: options.hasIntrospection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // The bearer token of a service is not something that a browser attaches by itself.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: false,
    validationRules: limitRules(options.limits),
    parseOptions: { maxTokens: options.limits.tokensMax },
    formatError: createErrorFormatter(options.log),
    logger: options.log,
    stringifyResult: (value) => JSON.stringify(value),
    plugins: disabledPlugins(),
  });
  await server.start();
  return server;
}

// Each would look at every request: cache hints, and traces inside the answer that nobody here reads.
function disabledPlugins() {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ];
}

function executorGateway(schema: GraphQLSchema): Gateway {
  const run = createExecutor(schema);
  const gateway = {
    onSchemaLoadOrUpdate(listener: (loaded: { apiSchema: GraphQLSchema }) => void) {
      listener({ apiSchema: schema });
      return () => {};
    },
    load: async () => ({
      executor: (request: GatewayRequest) =>
        run({
          document: request.document,
          queryHash: request.queryHash,
          operationName: request.request.operationName,
          variables: request.request.variables,
          context: request.context,
        }),
    }),
    stop: async () => {},
  };
  return gateway as unknown as Gateway;
}

type GatewayRequest = {
  document: Parameters<ReturnType<typeof createExecutor>>[0]['document'];
  queryHash: string;
  request: { operationName?: string; variables?: Record<string, unknown> };
  context: unknown;
};
