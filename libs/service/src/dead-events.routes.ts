import { errorCodes, httpError, type VerifyInternalToken } from '@onecount/graphql';
import type { Discard, InboxConsumer } from '@onecount/messaging';
import { checkText, firstOf, invalidInput, isUuid } from '@onecount/refusal';
import type { Logger } from '@onecount/telemetry';
import type { FastifyInstance } from 'fastify';
import { operatorOnly } from './operator.ts';

const listedMax = 100;

type Options = {
  /** Undefined for a service that consumes nothing: it has no dead events. */
  consumer:
    Pick<InboxConsumer, 'deadCount' | 'deadEvents' | 'discardDead' | 'replayDead'> | undefined;
  verify: VerifyInternalToken;
  log: Logger;
};

/**
 * For whoever runs the system: the events that this service gave up on, their replay after a fix, and the
 * putting away of one that nobody will ever apply.
 */
export function addDeadEventRoutes(app: FastifyInstance, options: Options): void {
  const { consumer, log } = options;
  const onRequest = operatorOnly(options.verify, log);

  app.get('/dead-events', { onRequest }, async (request) => {
    const { discarded } = request.query as { discarded?: string };
    const of = { max: listedMax, areDiscarded: discarded === 'true' };
    return {
      total: (await consumer?.deadCount()) ?? 0,
      deadEvents: (await consumer?.deadEvents(of)) ?? [],
    };
  });

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

  app.post('/dead-events/discard', { onRequest }, async (request, reply) => {
    const discard = textsOf(request.body, ['id', 'by', 'reason'] as const) satisfies Discard;
    const problem = firstOf(
      isUuid(discard.id) ? undefined : invalidInput('id', 'id is not the id of a dead event.'),
      checkText('by', discard.by, { min: 1, max: 255 }),
      checkText('reason', discard.reason, { min: 1, max: 2_000 }),
    );
    if (problem) return reply.code(400).send(httpError(errorCodes.badUserInput, problem.message));
    const isDiscarded = (await consumer?.discardDead(discard)) ?? false;
    if (isDiscarded) log.info({ deadEvent: discard }, 'a dead event was put away');
    return { discarded: isDiscarded ? 1 : 0 };
  });
}

/** What is missing or no text is empty. */
function textsOf<K extends string>(body: unknown, names: readonly K[]): Record<K, string> {
  const given = (body ?? {}) as Record<string, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return Object.fromEntries(names.map((name) => [name, text(given[name])])) as Record<K, string>;
}
