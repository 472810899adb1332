import { errorCodes, graphqlError } from '@onecount/graphql';
import type { GraphQLError } from 'graphql';

/** Not reached, broken off or unreadable. Another attempt may help. */
export function subgraphUnavailable(subgraph: string): GraphQLError {
  return graphqlError(errorCodes.subgraphUnavailable, `${subgraph} is not available.`, {
    subgraph,
  });
}

/** No answer in time. A mutation may have been carried out: the same key asks for its outcome. */
export function subgraphTimeout(
  subgraph: string,
  { timeoutMs, isMutation }: { timeoutMs: number; isMutation: boolean },
): GraphQLError {
  const advice = isMutation
    ? 'The mutation may have been carried out: send it again with the same idempotencyKey to learn its outcome.'
    : 'Send the request again.';
  const message = `${subgraph} did not answer within ${timeoutMs} ms. ${advice}`;
  return graphqlError(errorCodes.subgraphTimeout, message, { subgraph });
}

/** It knows this gateway's key or clock no more; nothing of the request ran. Until somebody mends that, it is away. */
export function subgraphClosed(subgraph: string): GraphQLError {
  const message = `${subgraph} does not accept requests of this gateway at the moment.`;
  return graphqlError(errorCodes.subgraphUnavailable, message, { subgraph });
}

/** Our own mistake towards a subgraph; the client is told no more than that, the log knows the rest. */
export function subgraphFault(subgraph: string): GraphQLError {
  return graphqlError(errorCodes.internalServerError, `${subgraph} refused the request.`, {
    subgraph,
  });
}
