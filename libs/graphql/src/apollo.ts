import { ApolloServer, type ApolloServerOptions } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Logger } from '@onecount/telemetry';
import type { SubgraphContext } from './context.ts';
import type { ExecutedContext } from './direct-answer.ts';
import { createErrorFormatter } from './error-format.ts';
import type { Executor } from './executor.ts';
import { limitRules, type QueryLimits } from './limits.ts';
import { requestRules } from './request-rules.ts';

type Gateway = NonNullable<ApolloServerOptions<SubgraphContext>['gateway']>;

/** ApolloServer with our executor in the place that it keeps for a gateway's. */
export async function startApollo(options: {
  schema: GraphQLSchema;
  executor: Executor;
  limits: QueryLimits;
  hasIntrospection: boolean;
  log: Logger;
}): Promise<ApolloServer<SubgraphContext>> {
  const server = new ApolloServer<SubgraphContext>({
    gateway: executorGateway(options),
    introspection: options.hasIntrospection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    // The bearer token of a service is not something that a browser attaches by itself.
    csrfPrevention: false,
    stopOnTerminationSignals: false,
    hideSchemaDetailsFromClientErrors: false,
    validationRules: [...requestRules, ...limitRules(options.limits)],
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

function executorGateway({
  schema,
  executor,
}: {
  schema: GraphQLSchema;
  executor: Executor;
}): Gateway {
  const gateway = {
    onSchemaLoadOrUpdate(listener: (loaded: { apiSchema: GraphQLSchema }) => void) {
      listener({ apiSchema: schema });
      return () => {};
    },
    load: async () => ({
      executor: async ({ request, source, document, context }: GatewayRequest) => {
        const executed = await context.executed;
        if (executed) return executed;
        const { operationName, variables } = request;
        return executor.run({ document, text: source, operationName, variables, context });
      },
    }),
    stop: async () => {},
  };
  return gateway as unknown as Gateway;
}

type GatewayRequest = {
  document: DocumentNode;
  source: string;
  request: { operationName?: string; variables?: Record<string, unknown> };
  context: ExecutedContext;
};
