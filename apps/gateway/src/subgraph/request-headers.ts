import { errorCodes, graphqlError } from '@onecount/graphql';
import type { InternalTokenSigner } from '@onecount/identity';
import { formatTraceparent } from '@onecount/telemetry';
import type { GatewayContext } from '../context.ts';

/** Of the client's request only its identity goes on, signed anew for one subgraph, its trace and its request id. */
export async function requestHeaders(
  context: GatewayContext,
  { name, signer }: { name: string; signer: InternalTokenSigner },
): Promise<Record<string, string>> {
  const { identity } = context;
  if (!identity) throw graphqlError(errorCodes.unauthenticated, 'This needs an access token.');
  const { tenantId, subject, scopes } = identity;
  const token = await signer.tokenFor({ audience: name, tenantId, subject, scopes });
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    traceparent: formatTraceparent(context.trace),
    'x-request-id': context.requestId,
  };
}
