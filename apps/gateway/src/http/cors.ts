import fastifyCors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const allowedHeaders = [
  ...['authorization', 'content-type', 'x-request-id', 'apollo-require-preflight'],
  ...['traceparent', 'tracestate', 'apollographql-client-name', 'apollographql-client-version'],
];
const preflightSeconds = 600;

/**
 * Cross-origin access for the configured origins, none by default. Tokens travel in a header, never
 * in a cookie, so credentials are not allowed; `*` stands for every origin.
 */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  app.register(fastifyCors, {
    origin: origins.includes('*') ? true : [...origins],
    methods: ['GET', 'POST'],
    allowedHeaders,
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: preflightSeconds,
    // An OPTIONS request that is no preflight is answered like any other.
    strictPreflight: false,
  });
}
