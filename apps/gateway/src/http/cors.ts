import fastifyCors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';

const preflightSeconds = 600;

/**
 * Cross-origin access for the configured origins, none by default. Tokens travel in a header, never
 * in a cookie, so credentials are not allowed; `*` stands for every origin. Any header may come (clients name
 * themselves, tracers mark requests): none but three is read, and none goes on.
 */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  app.register(fastifyCors, {
    origin: origins.includes('*') ? true : [...origins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: preflightSeconds,
    // An OPTIONS request that is no preflight is answered like any other.
    strictPreflight: false,
  });
}
