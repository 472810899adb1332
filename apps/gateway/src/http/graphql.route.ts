import { randomUUID } from 'node:crypto';
import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import { errorCodes, httpError, operationRequestOf } from '@onecount/graphql';
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
import type { FederatedGateway } from '../graph/federated-gateway.ts';
import { identityOf, requireAccessToken } from './authentication.ts';

export function addGraphqlRoute(
  app: FastifyInstance,
  options: {
    apollo: ApolloServer<GatewayContext>;
    gateway: FederatedGateway;
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
        withSpan({ name: 'graphql', kind: 'server' }, () => answerOf(options, request, context)),
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

/**
 * A known operation that is answered without an error needs nothing of ApolloServer (docs/adr/0126). With an
 * error, ApolloServer finds the result in the context, and formats it, logs it and chooses the status.
 */
async function answerOf(
  { apollo, gateway }: { apollo: ApolloServer<GatewayContext>; gateway: FederatedGateway },
  request: FastifyRequest,
  context: GatewayContext,
): Promise<HTTPGraphQLResponse> {
  const wantsSpecMediaType = request.headers.accept?.includes(specMediaType) ?? false;
  const operation = wantsSpecMediaType ? undefined : operationRequestOf(request.body);
  const running = operation && gateway.runAgain(operation, context);
  if (running) {
    context.executed = running;
    const result = await running.catch(() => undefined);
    if (result && !result.errors) return plainAnswer(JSON.stringify({ data: result.data }));
  }
  return askApollo(apollo, { body: request.body, context, wantsSpecMediaType });
}

const plainHeaders = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);

function plainAnswer(text: string): HTTPGraphQLResponse {
  return { headers: plainHeaders, body: { kind: 'complete', string: text } };
}

// Apollo decides by these headers only. Handing over just them, and no URL to parse, is what sets this
// apart from @as-integrations/fastify. An accept header that excludes JSON is not handed over: Apollo
// would refuse it with 406 after having run the mutation.
function askApollo(
  apollo: ApolloServer<GatewayContext>,
  asked: { body: unknown; context: GatewayContext; wantsSpecMediaType: boolean },
): Promise<HTTPGraphQLResponse> {
  const headers = new HeaderMap();
  headers.set('content-type', 'application/json');
  if (asked.wantsSpecMediaType) headers.set('accept', specMediaType);
  return apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: 'POST', headers, search: '', body: asked.body },
    context: async () => asked.context,
  });
}
