import type { FastifyInstance } from 'fastify';

const allowedHeaders =
  'authorization, content-type, x-request-id, traceparent, apollo-require-preflight';
const preflightSeconds = '600';

/**
 * Cross-origin access for the configured origins, none by default. Tokens travel in a header, never
 * in a cookie, so credentials are not allowed; `*` stands for every origin.
 */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  const isAllowed = (origin: string) => origins.includes('*') || origins.includes(origin);
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    // Also on what is refused: a cache must not hand one origin's answer to another.
    reply.header('vary', 'Origin');
    if (origin === undefined || !isAllowed(origin)) return undefined;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', 'x-request-id');
    const asks = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || asks === undefined) return undefined;
    return reply
      .code(204)
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', allowedHeaders)
      .header('access-control-max-age', preflightSeconds)
      .send();
  });
}
