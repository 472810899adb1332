import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { createErrorFormatter, requestRules, type ErrorFormatter } from '@onecount/graphql';
import type { Logger } from '@onecount/telemetry';
import type { GatewayContext } from '../context.ts';
import { guardPlugin } from './guard.plugin.ts';
import { clientLimitRules, clientLimits, sizeLimits } from './query-limits.ts';
import { sizePlugin, sizeRule } from './size.plugin.ts';
import { variableMessage } from './variable-message.ts';

/** ApolloServer as the public sees it: limits, closed set of error codes, nothing that reports home. */
export async function startApollo(options: {
  gateway: GatewayInterface;
  hasIntrospection: boolean;
  /** Whether a text that was sent once with its hash may be named by it: not where only a safelist's may. */
  hasAutomaticPersistedQueries: boolean;
  log: Logger;
}): Promise<ApolloServer<GatewayContext>> {
  const server = new ApolloServer<GatewayContext>({
    gateway: options.gateway,
    // Production also where NODE_ENV is not: no stack traces, no looser defaults in development.
    nodeEnv: 'production',
    introspection: options.hasIntrospection,
    hideSchemaDetailsFromClientErrors: !options.hasIntrospection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    maxRecursiveSelections: true,
    validationRules: [sizeRule, ...requestRules, ...clientLimitRules],
    parseOptions: { maxTokens: clientLimits.tokensMax },
    // Parsed documents and automatic persisted queries, each bounded by Apollo at 30 MiB.
    cache: 'bounded',
    ...(options.hasAutomaticPersistedQueries ? {} : { persistedQueries: false }),
    stopOnTerminationSignals: false,
    formatError: createPublicErrorFormatter(options),
    logger: options.log,
    stringifyResult: (value) => JSON.stringify(value),
    plugins: [
      sizePlugin(sizeLimits),
      guardPlugin(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();
  return server;
}

// @apollo/gateway calls the subgraph of an error `serviceName`; ours are `subgraph` throughout.
function createPublicErrorFormatter({
  log,
  hasIntrospection,
}: {
  log: Logger;
  hasIntrospection: boolean;
}): ErrorFormatter {
  const format = createErrorFormatter(log);
  return (formatted, error) => {
    const { serviceName, ...extensions } = formatted.extensions ?? {};
    const subgraph = extensions['subgraph'] ?? serviceName;
    const message = variableMessage(formatted.message, error, hasIntrospection);
    const answer = format({ ...formatted, message, extensions }, error);
    if (subgraph === undefined) return answer;
    return { ...answer, extensions: { ...answer.extensions, subgraph } };
  };
}
