import { randomUUID } from 'node:crypto';
import { HeaderMap, type ApolloServer } from '@apollo/server';
import { errorCodes, httpError } from '@onecount/graphql';
import type { AccessTokenVerifier } from '@onecount/identity';
import {
  acceptableRequestId,
  continueTrace,
  histogram,
  runInRequestContext,
  withSpan,
  type Logger,
} from '@onecount/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { identityOf, requireAccessToken } from './authentication.ts';

export function addGraphqlRoute(
  app: FastifyInstance,
  options: {
    apollo: ApolloServer<GatewayContext>;
    verify: AccessTokenVerifier;
    hasIntrospection: boolean;
    hasExplorer: boolean;
    log: Logger;
  },
): void {
  const seconds = histogram<'status'>({
    name: 'onecount_gateway_request_seconds',
    help: 'Time from the parsed body to the answer of one GraphQL request.',
    labelNames: ['status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  const authenticate = requireAccessToken({ ...options, isOptional: options.hasIntrospection });
  app.post('/graphql', { onRequest: authenticate }, async (request, reply) => {
    const startedAt = performance.now();
    const context = contextOf(request);
    const { requestId, trace, identity } = context;
    const answer = await runInRequestContext(
      { requestId, trace, tenantId: identity?.tenantId },
      () =>
        withSpan({ name: 'graphql', kind: 'server' }, () => run(options.apollo, request, context)),
    );
    const status = answer.status ?? 200;
    seconds.observe({ status: String(status) }, (performance.now() - startedAt) / 1000);
    reply.code(status).header('x-request-id', requestId);
    for (const [header, value] of answer.headers) reply.header(header, value);
    return answer.body.kind === 'complete' ? answer.body.string : '';
  });
  const refused: HTTPMethods[] = ['PUT', 'PATCH', 'DELETE'];
  // A browser's GET belongs to the explorer where there is one.
  if (!options.hasExplorer) refused.push('GET');
  app.route({ method: refused, url: '/graphql', handler: refuseMethod });
}

// Queries come by POST: a GET can be sent by any page, kept by any cache and stands in every log.
function refuseMethod(_request: FastifyRequest, reply: FastifyReply): void {
  const body = httpError(errorCodes.badRequest, 'Send GraphQL requests by POST.');
  void reply.code(405).header('allow', 'POST').send(body);
}

function contextOf(request: FastifyRequest): GatewayContext {
  return {
    identity: identityOf(request),
    requestId: acceptableRequestId(request.headers['x-request-id']) ?? randomUUID(),
    trace: continueTrace(request.headers['traceparent']),
  };
}

const specMediaType = 'application/graphql-response+json';

// Apollo decides by these headers only. Handing over just them, and no URL to parse, is what sets this
// apart from @as-integrations/fastify. An accept header that excludes JSON is not handed over: Apollo
// would refuse it with 406 after having run the mutation.
function run(
  apollo: ApolloServer<GatewayContext>,
  request: FastifyRequest,
  context: GatewayContext,
) {
  const headers = new HeaderMap();
  headers.set('content-type', 'application/json');
  if (request.headers.accept?.includes(specMediaType)) headers.set('accept', specMediaType);
  return apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body: request.body },
    context: async () => context,
  });
}
