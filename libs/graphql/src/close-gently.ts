import type { FastifyInstance } from 'fastify';

/**
 * Lets running requests finish, then closes. A connection whose request ends during the close becomes idle
 * after fastify has looked for idle ones, and would be waited for as long as it is kept alive: a minute and
 * more, past the time that a drain has.
 */
export async function closeGently(app: FastifyInstance): Promise<void> {
  const closing = setInterval(() => app.server.closeIdleConnections(), 20);
  try {
    await app.close();
  } finally {
    clearInterval(closing);
  }
}
