import {
  callerOfRequest,
  errorCodes,
  httpError,
  requireInternalToken,
  type VerifyInternalToken,
} from '@onecount/graphql';
import { serviceScope } from '@onecount/identity';
import type { InboxConsumer } from '@onecount/messaging';
import { isUuid } from '@onecount/refusal';
import type { Logger } from '@onecount/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Of the tokens, only one that the operator's own key has signed carries it. */
const operatorScope = serviceScope('operator');
const listedMax = 100;

type Options = {
  /** Undefined for a service that consumes nothing: it has no dead events. */
  consumer: Pick<InboxConsumer, 'deadCount' | 'deadEvents' | 'replayDead'> | undefined;
  verify: VerifyInternalToken;
  log: Logger;
};

/** For whoever runs the system: the events that this service gave up on, and their replay after a fix. */
export function addDeadEventRoutes(app: FastifyInstance, options: Options): void {
  const { consumer, log } = options;
  const onRequest = [requireInternalToken(options.verify, log), requireOperator];

  app.get('/dead-events', { onRequest }, async () => ({
    total: (await consumer?.deadCount()) ?? 0,
    deadEvents: (await consumer?.deadEvents(listedMax)) ?? [],
  }));

  app.post('/dead-events/replay', { onRequest }, async (request, reply) => {
    const { id } = (request.body ?? {}) as { id?: unknown };
    if (id !== undefined && !isUuid(id)) {
      return reply
        .code(400)
        .send(httpError(errorCodes.badUserInput, 'id is not the id of a dead event.'));
    }
    const result = (await consumer?.replayDead(id)) ?? { replayed: 0, failed: 0 };
    log.info({ deadEventId: id, ...result }, 'dead events were replayed');
    return result;
  });
}

async function requireOperator(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  if (callerOfRequest(request).scopes.has(operatorScope)) return undefined;
  const message = "This address answers only with a token of the operator's key.";
  return reply.code(403).send(httpError(errorCodes.forbidden, message));
}
