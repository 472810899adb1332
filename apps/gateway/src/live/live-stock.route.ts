import { PassThrough } from 'node:stream';
import { answerUnavailable, errorCodes, httpError, maskedError } from '@onecount/graphql';
import type { AccessIdentity, AccessTokenVerifier, InternalTokenSigner } from '@onecount/identity';
import type { Logger } from '@onecount/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Pool, type Dispatcher } from 'undici';
import type { GatewayContext } from '../context.ts';
import { identityOf, requireAccessToken } from '../http/authentication.ts';
import { contextOf } from '../http/request-context.ts';
import { ShareUsedUp, type FairLimit } from '../limit/fair-limit.ts';
import { requestHeaders } from '../subgraph/request-headers.ts';
import type { SubgraphDataSource } from '../subgraph/subgraph.data-source.ts';
import { createLiveConnections, type LiveLimits } from './live-connections.ts';
import { liveQueryOf, skusOfProduct, skusOfProductQuery, type LiveQuery } from './live-request.ts';

export type LiveStockOptions = {
  inventory: { url: string; timeoutMs: number };
  catalog: Pick<SubgraphDataSource, 'fetch'>;
  signer: InternalTokenSigner;
  verify: AccessTokenVerifier;
  fairLimit: FairLimit | null;
  limits: LiveLimits;
  log: Logger;
};
type Refusal = { status: number; body: object };

// Longer than inventory is silent: it says every 15 s that it lives.
const silenceMsMax = 45_000;
/** A stream begins anew at the latest then: a token that was withdrawn is asked for, replicas find their balance. */
const streamMsMax = 3_600_000;
const openingCost = 2;
const retrySeconds = 5;

/**
 * `GET /live/stock` (docs/live-counts.md): inventory's Server-Sent Events of the count, passed on as they are. Here
 * stand the walls to outside: the token and its end, places, shares. The token comes in a header and nowhere else.
 */
export function addLiveStock(app: FastifyInstance, options: LiveStockOptions) {
  const { inventory, signer, log } = options;
  const connections = createLiveConnections(options.limits);
  const running = new Set<() => void>();
  // A connection for each client, so that who is slow holds up nobody else.
  const pool = new Pool(new URL(inventory.url).origin, {
    connections: null,
    pipelining: 1,
    bodyTimeout: silenceMsMax,
    headersTimeout: inventory.timeoutMs,
  });

  async function ask(context: GatewayContext, query: LiveQuery): Promise<Dispatcher.ResponseData> {
    const headers = await requestHeaders(context, { name: 'inventory', signer });
    return pool.request({
      ...{ method: 'POST', path: '/live/stock', body: JSON.stringify(query) },
      headers: { ...headers, accept: 'text/event-stream' },
    });
  }

  function passOn(
    reply: FastifyReply,
    { body }: Dispatcher.ResponseData,
    { identity, leave }: { identity: AccessIdentity; leave(): void },
  ): void {
    const out = new PassThrough();
    const end = () => out.end();
    const ms = Math.min(identity.expiresAt.getTime() - Date.now(), streamMsMax);
    const timer = setTimeout(end, Math.max(0, ms));
    running.add(end);
    out.once('close', () => {
      clearTimeout(timer);
      running.delete(end);
      leave();
      body.destroy();
    });
    // What is cut off in the middle of an event is not an event to a client: it comes again, and asks from there.
    out.once('finish', () => body.unpipe(out));
    body.once('error', end);
    body.pipe(out);
    void reply
      .headers({
        'content-type': 'text/event-stream',
        'cache-control': 'private, no-store, no-transform',
        'x-accel-buffering': 'no',
      })
      .send(out);
  }

  /** Answers whether the reply is the stream, which then has the place. */
  async function open(request: FastifyRequest, reply: FastifyReply, leave: () => void) {
    const context = contextOf(request);
    const identity = context.identity!;
    void reply.header('x-request-id', context.requestId);
    const ticket = await options.fairLimit?.start(identity, openingCost);
    ticket?.end();
    const query = await withSkus(options.catalog, context, liveQueryOf(request));
    if ('status' in query) {
      void reply.code(query.status).send(query.body);
      return false;
    }
    const answer = await ask(context, query);
    if (answer.statusCode === 200) {
      passOn(reply, answer, { identity, leave });
      return true;
    }
    await refuse(reply, answer, log);
    return false;
  }

  async function connect(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const leave = connections.take(identityOf(request)!.tenantId);
    if (!leave) return tooMany(reply, 'There is no place left for another live stream.');
    let isPassedOn = false;
    try {
      isPassedOn = await open(request, reply, leave);
    } catch (err) {
      if (err instanceof ShareUsedUp) tooMany(reply, err.message, err.retryAfterSeconds);
      else {
        log.warn({ subgraph: 'inventory', err }, 'a live stream could not be opened');
        answerUnavailable(reply);
      }
    } finally {
      if (!isPassedOn) leave();
    }
    return reply;
  }

  const onRequest = requireAccessToken({ ...options, isOptional: false });
  app.get('/live/stock', { onRequest }, connect);
  return {
    async close(): Promise<void> {
      for (const end of running) end();
      await pool.destroy();
    },
  };
}

async function withSkus(
  catalog: LiveStockOptions['catalog'],
  context: GatewayContext,
  query: LiveQuery,
): Promise<LiveQuery | Refusal> {
  if (query.product === null) return query;
  const variables = { id: query.product };
  const { data, errors } = await catalog.fetch({ query: skusOfProductQuery, variables }, context);
  const [error] = errors ?? [];
  if (error) {
    const isForbidden = error.extensions?.['code'] === errorCodes.forbidden;
    return { status: isForbidden ? 403 : 400, body: { errors: [error] } };
  }
  const skus = skusOfProduct(data);
  if (typeof skus !== 'string') return { ...query, skus: [...query.skus, ...skus] };
  return { status: 400, body: httpError(errorCodes.badUserInput, skus) };
}

// 400 and 403 are about what the caller asked for, in the words of inventory; anything else he did not cause.
async function refuse(
  reply: FastifyReply,
  answer: Dispatcher.ResponseData,
  log: Logger,
): Promise<unknown> {
  const { statusCode, body } = answer;
  const text = await body.text();
  if (statusCode === 400 || statusCode === 403)
    return reply.code(statusCode).header('content-type', 'application/json').send(text);
  if (statusCode < 500)
    log.error({ status: statusCode }, 'inventory refused a live stream of the gateway');
  // 401: the token that the gateway made; it is away for this gateway until clocks and keys are right.
  if (statusCode >= 500 || statusCode === 401) return answerUnavailable(reply);
  return reply.code(500).send({ errors: [maskedError()] });
}

function tooMany(reply: FastifyReply, message: string, seconds = retrySeconds): FastifyReply {
  return reply
    .code(429)
    .header('retry-after', String(seconds))
    .send(httpError(errorCodes.rateLimited, message));
}
