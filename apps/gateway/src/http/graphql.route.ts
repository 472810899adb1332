import { HeaderMap, type ApolloServer, type HTTPGraphQLResponse } from '@apollo/server';
import {
  errorCodes,
  httpError,
  operationRequestOf,
  type ErrorCode,
  type OperationRequest,
} from '@onecount/graphql';
import type { AccessTokenVerifier } from '@onecount/identity';
import { histogram, runInRequestContext, withSpan, type Logger } from '@onecount/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import type { FederatedGateway } from '../graph/federated-gateway.ts';
import { ShareUsedUp, type FairLimit } from '../limit/fair-limit.ts';
import { costOfRows, newTextCost } from '../limit/request-cost.ts';
import type { NotListed, Safelist } from '../safelist/safelist.ts';
import { askedOf, type Asked } from './asked.ts';
import { requireAccessToken } from './authentication.ts';
import { contextOf } from './request-context.ts';

type RouteOptions = {
  apollo: ApolloServer<GatewayContext>;
  gateway: FederatedGateway;
  verify: AccessTokenVerifier;
  fairLimit: FairLimit | null;
  safelist: Safelist | undefined;
  hasIntrospection: boolean;
  /** Answers a browser that comes by its address line; none in production. */
  sendExplorer: ((reply: FastifyReply) => Promise<FastifyReply>) | undefined;
  log: Logger;
};

export function addGraphqlRoute(app: FastifyInstance, options: RouteOptions): void {
  const { sendExplorer } = options;
  const observe = createObserver();
  const authenticate = requireAccessToken({ ...options, isOptional: options.hasIntrospection });
  const handle = async (request: FastifyRequest, reply: FastifyReply) => {
    const startedAt = performance.now();
    const context = contextOf(request);
    const { requestId, trace, identity } = context;
    const answer = await runInRequestContext(
      { requestId, trace, tenantId: identity?.tenantId },
      () =>
        withSpan({ name: 'graphql', kind: 'server' }, () =>
          answerInTurn(options, request, context),
        ),
    );
    const status = answer.status ?? 200;
    observe(status, startedAt);
    reply.code(status).header('x-request-id', requestId);
    for (const [header, value] of answer.headers) reply.header(header, value);
    return answer.body.kind === 'complete' ? answer.body.string : '';
  };
  app.post('/graphql', { onRequest: authenticate }, handle);
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) =>
    sendExplorer && isNavigation(request) ? sendExplorer(reply) : authenticate(request, reply);
  app.get('/graphql', { onRequest }, async (request, reply) => {
    // The answer belongs to the token, which no cache looks at.
    void reply.header('cache-control', 'private, no-store');
    return handle(request, reply);
  });
  app.route({ method: ['PUT', 'PATCH', 'DELETE'], url: '/graphql', handler: refuseMethod });
}

function createObserver() {
  const seconds = histogram<'status'>({
    name: 'onecount_gateway_request_seconds',
    help: 'Time from the parsed body to the answer of one GraphQL request.',
    labelNames: ['status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  });
  return (status: number, startedAt: number) =>
    seconds.observe({ status: String(status) }, (performance.now() - startedAt) / 1000);
}

// Somebody who typed the address. What a page or a program fetches is a query, whatever it accepts.
function isNavigation({ headers, query }: FastifyRequest): boolean {
  const mode = headers['sec-fetch-mode'] ?? 'navigate';
  const asksForPage = headers.accept?.includes('text/html') ?? false;
  return mode === 'navigate' && asksForPage && Object.keys(query as object).length === 0;
}

function refuseMethod(_request: FastifyRequest, reply: FastifyReply): void {
  const body = httpError(
    errorCodes.badRequest,
    'Send GraphQL requests by POST, or queries by GET.',
  );
  void reply.code(405).header('allow', 'GET, POST').send(body);
}

const specMediaType = 'application/graphql-response+json';

/** When its caller's turn has come; 429 when the caller or its tenant has had its share. */
async function answerInTurn(
  options: RouteOptions,
  request: FastifyRequest,
  context: GatewayContext,
): Promise<HTTPGraphQLResponse> {
  const { fairLimit, safelist } = options;
  const given = askedOf(request);
  const admission = safelist?.admit(given) ?? { asked: given };
  const answer = () => answerOf(options, request, context, admission);
  if (!fairLimit || !context.identity) return answer();
  try {
    context.ticket = await fairLimit.start(context.identity, costOf(admission, options.gateway));
  } catch (err) {
    if (err instanceof ShareUsedUp) return tooManyRequests(err);
    throw err;
  }
  try {
    return await answer();
  } finally {
    context.ticket.end();
  }
}

type Admission = ReturnType<Safelist['admit']>;

// A refusal by the safelist costs a request that nothing is done for.
function costOf(admission: Admission, gateway: FederatedGateway): number {
  if ('refusal' in admission) return 1;
  const operation = operationOf(admission.asked);
  const rows = operation && gateway.rowsOf(operation);
  return rows === undefined ? newTextCost : 1 + costOfRows(rows);
}

// A GET is ApolloServer's, which sees to it that it changes nothing.
function operationOf({ isGet, body }: Asked): OperationRequest | undefined {
  return isGet ? undefined : operationRequestOf(body);
}

function tooManyRequests({ message, retryAfterSeconds }: ShareUsedUp): HTTPGraphQLResponse {
  const answer = refused(429, errorCodes.rateLimited, message);
  answer.headers.set('retry-after', String(retryAfterSeconds));
  return answer;
}

function notListed({ status, code, message }: NotListed): HTTPGraphQLResponse {
  return refused(status, code, message);
}

function refused(status: number, code: ErrorCode, message: string): HTTPGraphQLResponse {
  const headers = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);
  const string = JSON.stringify(httpError(code, message));
  return { status, headers, body: { kind: 'complete', string } };
}

/**
 * A known operation that is answered without an error needs nothing of ApolloServer (docs/adr/0126). With an
 * error, ApolloServer finds the result in the context, and formats it, logs it and chooses the status.
 */
async function answerOf(
  { apollo, gateway }: RouteOptions,
  request: FastifyRequest,
  context: GatewayContext,
  admission: Admission,
): Promise<HTTPGraphQLResponse> {
  if ('refusal' in admission) return notListed(admission.refusal);
  const { asked } = admission;
  const operation = operationOf(asked);
  const wantsSpecMediaType = request.headers.accept?.includes(specMediaType) ?? false;
  const running = operation && !wantsSpecMediaType && gateway.runAgain(operation, context);
  if (running) {
    context.executed = running;
    const result = await running.catch(() => undefined);
    if (result && !result.errors) return plainAnswer(JSON.stringify({ data: result.data }));
  }
  return askApollo(apollo, asked, wantsSpecMediaType, context);
}

const plainHeaders = new HeaderMap([['content-type', 'application/json; charset=utf-8']]);

function plainAnswer(text: string): HTTPGraphQLResponse {
  return { headers: plainHeaders, body: { kind: 'complete', string: text } };
}

// Apollo decides by these headers only. Handing over just them is what sets this apart from
// @as-integrations/fastify. An accept header that excludes JSON is not handed over: Apollo would refuse it with
// 406 after having run the mutation. A GET that brings a token is no simple request, so that no page can forge it.
function askApollo(
  apollo: ApolloServer<GatewayContext>,
  { isGet, body, search }: Asked,
  wantsSpecMediaType: boolean,
  context: GatewayContext,
): Promise<HTTPGraphQLResponse> {
  const headers = new HeaderMap();
  if (isGet) headers.set('apollo-require-preflight', 'true');
  else headers.set('content-type', 'application/json');
  if (wantsSpecMediaType) headers.set('accept', specMediaType);
  const method = isGet ? 'GET' : 'POST';
  return apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method, headers, search, body },
    context: async () => context,
  });
}
