import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import { maskedError } from '@onecount/graphql';
import type { Logger } from '@onecount/telemetry';
import { GraphQLError } from 'graphql';

/** One error for a dead subgraph, GraphQL errors throughout, and an error where a value is missing. */
export function promisedShape(result: GatewayExecutionResult, log: Logger): GatewayExecutionResult {
  if (result.errors) return { ...result, errors: onePerSubgraph(result.errors) };
  return result.extensions?.['valueCompletion'] ? withMissingValue(result, log) : result;
}

// A plan may ask a dead subgraph in five places; that it is dead is one fact and one error.
function onePerSubgraph(errors: readonly GraphQLError[]): GraphQLError[] {
  const reported = new Set<string>();
  return errors.map(asGraphQLError).filter(({ extensions }) => {
    // What a subgraph answered itself is about one field; a failed fetch is about the subgraph.
    if ('serviceName' in extensions || extensions['subgraph'] === undefined) return true;
    const fact = `${String(extensions['code'])} ${String(extensions['subgraph'])}`;
    const isNews = !reported.has(fact);
    reported.add(fact);
    return isNews;
  });
}

// What @apollo/gateway throws about a malformed answer is a plain error, whatever its types say.
function asGraphQLError(error: Error): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError(error.message, { originalError: error });
}

// @apollo/gateway reports a null in a non-null place only in an extension, with names of types; a
// client that looks at `errors` would take the hole for the truth.
function withMissingValue(result: GatewayExecutionResult, log: Logger): GatewayExecutionResult {
  const problems = result.extensions?.['valueCompletion'] as readonly GraphQLError[];
  log.error({ problems: problems.map(String) }, 'a subgraph left out a value that must be there');
  const masked = maskedError();
  const error = new GraphQLError(masked.message, {
    path: problems[0]?.path,
    extensions: masked.extensions,
  });
  return { data: result.data, errors: [error] };
}
