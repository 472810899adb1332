import type { Database } from '@onecount/db';
import {
  answerUnavailable,
  callerOfRequest,
  errorCodes,
  httpError,
  requireInternalToken,
} from '@onecount/graphql';
import { foldedIdentifier, isUuid, notFound } from '@onecount/refusal';
import type { ServiceDeps, ServiceParts } from '@onecount/service';
import { gauge } from '@onecount/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../kernel/caller.ts';
import type { LocationService } from '../../kernel/location/location.service.ts';
import type { createLiveFeed } from './live-stock.feed.ts';
import { readSnapshot } from './live-stock.snapshot.ts';
import { createLiveStream, type LiveStream } from './live-stock.stream.ts';
import { liveRequestOf, type LiveRequest } from './live-stock.ts';

type Routes = NonNullable<ServiceParts['routes']>;
type Deps = Pick<ServiceDeps, 'db' | 'log' | 'verifyInternalToken'> & {
  feed: ReturnType<typeof createLiveFeed>;
  locations: Pick<LocationService, 'find'>;
  /** Resolves once this process hears of every change; false when that takes too long. */
  isListening(): Promise<boolean>;
  streams: Set<LiveStream>;
  streamsMax: number;
};

const openStreams = gauge({
  name: 'onecount_live_streams',
  help: 'Clients of live counts that are connected through this process.',
});

/**
 * POST /live/stock — for the gateway, with an internal token: what the caller asked for as JSON, its Server-Sent
 * Events as the answer. The gateway ends the answer when the caller's own token does.
 */
export function liveStockRoutes(deps: Deps): Routes {
  const { db, feed, log, streams } = deps;

  async function open(reply: FastifyReply, request: LiveRequest, caller: Caller) {
    const locationId = await locationIdOf(deps, caller, request);
    if (locationId === undefined)
      return refuse(reply, notFound('Location', request.location!).message);
    const isFull = streams.size >= deps.streamsMax;
    if (isFull || !(await deps.isListening())) return answerUnavailable(reply);
    const isPublic = !caller.scopes.has('stock:read');
    const { tenantId } = caller;
    const onError = (err: unknown) => log.warn({ err }, 'a live stream lost its snapshot');
    const snapshot = readSnapshot(db, { request, locationId, tenantId, isPublic });
    const watch = { offer: (item: Parameters<LiveStream['offer']>[0]) => stream.offer(item) };
    const stream = createLiveStream({ view: { isPublic, locationId }, snapshot, onError });
    const skuKeys = request.skus.length > 0 ? new Set(request.skus.map(foldedIdentifier)) : null;
    // Before the snapshot is read: what changes while it is sent comes behind it.
    const forget = feed.watch({ tenantId, filter: { skuKeys, locationId }, isPublic, ...watch });
    streams.add(stream);
    openStreams.set(streams.size);
    stream.body.once('close', () => {
      forget();
      streams.delete(stream);
      openStreams.set(streams.size);
    });
    return reply.header('content-type', 'text/event-stream').send(stream.body);
  }

  return (scope) => {
    const onRequest = requireInternalToken(deps.verifyInternalToken, log);
    scope.post('/live/stock', { onRequest }, async (request: FastifyRequest, reply) => {
      const caller = callerOfRequest(request);
      const asked = liveRequestOf(request.body);
      if (typeof asked === 'string') return refuse(reply, asked);
      const scopes = asked.location === null ? ['stock:read', 'shop:read'] : ['stock:read'];
      if (!scopes.some((each) => caller.scopes.has(each))) return forbid(reply, scopes);
      return open(reply, asked, caller);
    });
  };
}

/** Undefined when there is none of that id or code. */
async function locationIdOf(
  { locations }: Pick<Deps, 'locations'> & { db: Database },
  caller: Caller,
  { location }: LiveRequest,
): Promise<string | null | undefined> {
  if (location === null) return null;
  const wanted = isUuid(location) ? { id: location } : { code: location };
  return (await locations.find(caller, wanted))?.id;
}

function refuse(reply: FastifyReply, message: string): FastifyReply {
  return reply.code(400).send(httpError(errorCodes.badUserInput, message));
}

function forbid(reply: FastifyReply, scopes: readonly string[]): FastifyReply {
  const message = `This needs one of the scopes: ${scopes.join(', ')}.`;
  return reply.code(403).send(httpError(errorCodes.forbidden, message));
}
