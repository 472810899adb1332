import { randomUUID } from 'node:crypto';
import { acceptableRequestId, continueTrace } from '@onecount/telemetry';
import type { FastifyRequest } from 'fastify';
import type { GatewayContext } from '../context.ts';
import { identityOf } from './authentication.ts';

/** What a request brings with it, once its token was looked at. */
export function contextOf(request: FastifyRequest): GatewayContext {
  return {
    identity: identityOf(request),
    requestId: acceptableRequestId(request.headers['x-request-id']) ?? randomUUID(),
    trace: continueTrace(request.headers['traceparent']),
  };
}
